"""The lesson on the wall: by keyboard alone, without the network, and readable from the back row."""

import pytest

from tests.site import LANGUAGES, LESSONS

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

WALL = {"width": 1280, "height": 720}
SMALLEST = WALL["height"] * 0.04  # px: what the back row reads
DECKS = [(lesson, language) for lesson in LESSONS for language in LANGUAGES]

# What is wrong with the slide that is shown: text cut off, under the bars, or too small for the back row.
FAULTS = """(smallest) => {
  const shown = [...document.querySelectorAll(".idea")].filter((idea) => idea.checkVisibility());
  if (shown.length !== 1) return [`${shown.length} slides at once`];
  const idea = shown[0];
  const found = [];
  if (idea.scrollHeight > idea.clientHeight + 1) found.push(`${idea.scrollHeight - idea.clientHeight} px too high`);
  if (idea.scrollWidth > idea.clientWidth + 1) found.push(`${idea.scrollWidth - idea.clientWidth} px too wide`);
  const exit = document.querySelector(".exit-bar").getBoundingClientRect();
  const bar = document.querySelector(".deck-bar").getBoundingClientRect();
  const within = idea.getBoundingClientRect();
  const texts = document.createTreeWalker(idea, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const parent = texts.currentNode.parentElement;
    const words = texts.currentNode.textContent.trim();
    if (!words || parent.closest("small, .visually-hidden") || !parent.checkVisibility()) continue;
    const size = parseFloat(getComputedStyle(parent).fontSize);
    if (size < smallest - 0.05) found.push(`${size.toFixed(1)} px: ${words.slice(0, 40)}`);
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    for (const line of range.getClientRects()) {
      if (line.left < within.left || line.right > within.right || line.top < within.top || line.bottom > within.bottom)
        found.push(`beyond the edge: ${words.slice(0, 40)}`);
      if (line.bottom > bar.top + 1) found.push(`under the bar: ${words.slice(0, 40)}`);
      if (line.top < exit.bottom && line.right > exit.left) found.push(`under the way out: ${words.slice(0, 40)}`);
    }
  }
  for (const image of idea.querySelectorAll("img")) {
    const box = image.getBoundingClientRect();
    if (box.bottom > bar.top + 1 || box.top < within.top - 1) found.push(`picture beyond the edge: ${image.src}`);
  }
  return [...new Set(found)];
}"""
ABSENT = """() => [...document.querySelectorAll(".idea")].filter((idea) => idea.checkVisibility())
  .flatMap((idea) => [...idea.querySelectorAll("img")])
  .filter((image) => !(image.complete && image.naturalWidth))
  .map((image) => image.getAttribute("src"))"""


@pytest.fixture
def deck(open_page):
    """Opens the slides of a lesson on the wall."""

    def opener(lesson="s2-4", language="en", **options):
        return open_page(f"/{language}/{LESSONS[lesson]}slides/", **WALL, **options)

    return opener


def place(page) -> tuple[int, int]:
    """Which slide is shown, of how many."""
    number, of = page.locator("#deck-place").inner_text().split(" / ")
    return int(number), int(of)


def shown_text(page) -> str:
    return page.locator(".idea.is-shown").inner_text()


def walk_to_an_answer(page) -> None:
    while not page.locator(".idea.is-shown details.reveal").count():
        page.keyboard.press("ArrowRight")


def settled(page, script) -> list[str]:
    """What a script finds once pictures had two seconds to arrive."""
    for _attempt in range(20):
        if not (found := page.evaluate(script)):
            return []
        page.wait_for_timeout(100)
    return found


def test_arrows_home_and_end_walk_the_deck(deck):
    page = deck()
    assert place(page)[0] == 1
    page.keyboard.press("ArrowRight")
    assert place(page)[0] == 2
    page.keyboard.press("ArrowLeft")
    assert place(page)[0] == 1
    page.keyboard.press("ArrowLeft")  # nothing before the first
    assert place(page)[0] == 1
    page.keyboard.press("End")
    last = place(page)[1]
    assert place(page)[0] == last
    page.keyboard.press("ArrowRight")  # nor after the last
    assert place(page)[0] == last
    page.keyboard.press("Home")
    assert place(page)[0] == 1
    page.keyboard.press("PageDown")
    page.keyboard.press("Space")
    assert place(page)[0] == 3
    page.keyboard.press("PageUp")
    assert place(page)[0] == 2
    assert page.problems == []


def test_each_slide_has_an_address_and_none_fills_the_history(deck):
    page = deck()
    before = page.evaluate("history.length")
    for _step in range(4):
        page.keyboard.press("ArrowRight")
    assert page.evaluate("location.hash") == "#5"
    assert page.evaluate("history.length") == before
    page.reload()
    assert place(page)[0] == 5


def test_b_blanks_the_screen_and_any_key_brings_it_back(deck):
    page = deck()
    words = shown_text(page)
    blank = page.locator("#blank")
    page.keyboard.press("b")
    assert blank.bounding_box() == {"x": 0, "y": 0, **WALL}
    assert page.evaluate("document.elementFromPoint(640, 360).id") == "blank"
    page.keyboard.press("ArrowRight")
    assert blank.is_hidden()
    assert shown_text(page) == words  # the key only woke the screen
    page.keyboard.press("B")
    assert blank.is_visible()
    page.keyboard.press("b")
    assert blank.is_hidden()


def test_a_blank_screen_keeps_the_way_out(deck):
    page = deck()
    page.keyboard.press("b")
    page.route("https://**", lambda route: route.fulfill(body="elsewhere"))
    for _press in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url("https://**")


def test_h_shows_help_and_h_returns(deck):
    page = deck()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("h")
    assert "15999" in shown_text(page)
    page.keyboard.press("h")
    assert place(page)[0] == 2


def test_r_reveals_the_answer_and_hides_it_again(deck):
    page = deck("s2-4")
    walk_to_an_answer(page)
    answer = page.locator(".idea.is-shown details.reveal > :not(summary)").first
    assert answer.is_hidden()
    page.keyboard.press("r")
    assert answer.is_visible()
    page.keyboard.press("r")
    assert answer.is_hidden()


def test_each_choice_of_a_scenario_stands_alone_and_r_tells_where_it_leads(deck):
    page = deck("p-4")
    while not page.locator(".scene.is-shown").count():
        page.keyboard.press("ArrowRight")
    ahead = page.locator(".scene.is-shown .choices-ahead li").all_inner_texts()
    assert len(ahead) >= 2
    for choice in ahead:
        page.keyboard.press("ArrowRight")
        answer = page.locator(".option.is-shown details.reveal > p")
        assert choice in shown_text(page)
        assert answer.is_hidden()
        page.keyboard.press("r")
        assert answer.is_visible()


def test_the_pictures_of_a_story_keep_their_numbers(deck):
    page = deck("s2-4")
    numbers = page.evaluate("""() => [...document.querySelectorAll(".version:not(.other) .frames")].map((story) =>
      [...story.children].map((frame) => getComputedStyle(frame, "::before").content))""")
    assert numbers
    assert all(story == [f'"{number}"' for number in range(1, len(story) + 1)] for story in numbers)


def test_keys_with_a_modifier_stay_the_browsers(deck):
    page = deck()
    page.keyboard.press("Control+b")
    page.keyboard.press("Alt+h")
    assert page.locator("#blank").is_hidden()
    assert place(page)[0] == 1


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_deck_stays_whole_when_the_network_drops(deck, lesson):
    page = deck(lesson)
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    absent = {}
    for number in range(1, place(page)[1] + 1):
        if missing := settled(page, ABSENT):
            absent[number] = missing
        page.keyboard.press("ArrowRight")
    assert absent == {}
    assert page.problems == []


@pytest.mark.parametrize(("lesson", "language"), DECKS)
def test_every_slide_fits_the_wall_and_reaches_the_back_row(deck, lesson, language):
    page = deck(lesson, language)
    faults = []
    for number in range(1, place(page)[1] + 1):
        if missing := settled(page, ABSENT):
            faults.append(f"slide {number}: {missing} did not come")
        for state in ("", " with the answer"):
            if state:
                if not page.locator(".idea.is-shown details.reveal").count():
                    break
                page.keyboard.press("r")
            if found := page.evaluate(FAULTS, SMALLEST):
                faults.append(f"slide {number}{state}, {shown_text(page)[:40]!r}: {found}")
        page.keyboard.press("ArrowRight")
    assert not faults, "\n".join(faults)
    assert page.problems == []


def test_the_focus_goes_from_the_way_out_through_the_slide_to_the_bar(deck):
    page = deck("s2-4")
    walk_to_an_answer(page)
    reached = []
    for _tab in range(30):
        page.keyboard.press("Tab")
        where = page.evaluate("""() => {
          const element = document.activeElement;
          if (element === document.body) return "";
          if (!element.checkVisibility()) return "hidden";
          return ["#exit", ".idea.is-shown", ".deck-bar"].find((part) => element.closest(part)) || element.outerHTML;
        }""")
        if not where:
            break
        reached.append(where)
    assert list(dict.fromkeys(reached)) == ["#exit", ".idea.is-shown", ".deck-bar"]
    assert reached == sorted(reached, key=["#exit", ".idea.is-shown", ".deck-bar"].index)


def test_enter_and_space_on_a_control_work_the_control(deck):
    page = deck()
    page.locator("[data-go=next]").focus()
    page.keyboard.press("Enter")
    assert place(page)[0] == 2
    page.keyboard.press("Space")
    assert place(page)[0] == 3


@pytest.mark.parametrize("lesson", LESSONS)
def test_only_one_version_of_a_sensitive_part_is_on_the_wall(deck, lesson):
    page = deck(lesson)
    other = page.locator(".version.other .idea")
    seen = page.locator(".idea:not(.version.other .idea)").count()
    assert place(page)[1] == seen
    assert all(other.nth(number).is_hidden() for number in range(other.count()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_the_script_the_slides_are_sections_to_scroll(deck, language):
    page = deck("s2-4", language, java_script_enabled=False)
    ideas = page.locator(".idea:not(.version.other .idea)")
    assert ideas.count() > 10
    boxes = [ideas.nth(number).bounding_box() for number in range(ideas.count())]
    assert all(box and box["height"] >= 400 for box in boxes)
    tops = [box["y"] for box in boxes]
    assert tops == sorted(tops)
    assert all(ideas.nth(number).inner_text().strip() for number in range(ideas.count()))
    assert page.locator(".deck-bar button:visible").count() == 0  # nothing that would do nothing
    answer = page.locator("details.reveal summary").first
    answer.scroll_into_view_if_needed()
    answer.click()
    assert page.locator("details.reveal[open] > :not(summary)").first.is_visible()
