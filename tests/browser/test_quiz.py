"""A quiz as it is taken: one question at a time by keyboard, kindly, through a bad network, or as one plain form."""

import pytest

from tests.browser.watching import too_wide
from tests.site import LANGUAGES, LESSONS

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

PHONE = {"width": 360, "height": 740}
FOCUSED_CLASS = "document.activeElement.className"


@pytest.fixture
def quiz(open_page):
    """Opens the quiz of a lesson on a phone, at the first question that can be checked."""

    def opener(lesson="s2-4", language="en", **options):
        page = open_page(f"/{language}/{LESSONS[lesson]}quiz/", **{**PHONE, **options})
        while options.get("java_script_enabled", True) and page.locator(".item:visible [name=check]").count() == 0:
            next_item(page)  # what is asked before and after has no feedback yet
        return page

    return opener


def item(page):
    """The question that is shown; there is one at a time."""
    shown = page.locator(".item:visible")
    assert shown.count() == 1
    return shown


def tab_to(page, selector) -> None:
    """Presses Tab until the focus is on what the selector names."""
    for _tab in range(40):
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {selector}")


def answer_by_keyboard(page) -> None:
    """Answers the question that is shown: the first choice of every step, or a number or partner for every line."""
    rows = item(page).locator("select")
    steps = item(page).locator("[data-step]").count()
    for number in range(max(steps, 1) if rows.count() == 0 else 0):
        step = f"[data-step]:nth-of-type({number + 1}):not([hidden]) " if steps else ""
        if steps and item(page).locator(step).count() == 0:
            continue
        tab_to(page, f".item:not([hidden]) {step}input")
        page.keyboard.press("Space")
    for number in range(rows.count()):
        tab_to(page, f"#{rows.nth(number).get_attribute('id')}")
        for _down in range(number + 1):
            page.keyboard.press("ArrowDown")
    if item(page).locator("[name=check]").count():
        tab_to(page, ".item:not([hidden]) button[name=check]")
        page.keyboard.press("Enter")
        page.locator(".item:visible .feedback").wait_for()
        assert "feedback" in page.evaluate(FOCUSED_CLASS)
        assert page.locator(".item:visible .feedback").inner_text().strip()


def answer_by_hand(shown) -> None:
    """The same by pointer, within one item."""
    rows = shown.locator("select")
    for step in shown.locator("[data-step]").all():
        if step.is_visible():
            step.locator("input").first.check()
    if rows.count() == 0 and shown.locator("[data-step]").count() == 0:
        shown.locator("input").first.check()
    for number in range(rows.count()):
        rows.nth(number).select_option(index=number + 1)


def send(page, button) -> None:
    """Presses a button that posts the whole form."""
    with page.expect_navigation():
        page.locator(button).click()


def next_item(page) -> None:
    page.locator(".item:visible [data-go=next]").click()


@pytest.mark.parametrize(
    ("lesson", "language"), [("s2-4", "ta"), ("s3-4", "zh-hans"), ("p-4", "ta"), ("s2-4", "ms"), ("p-4", "en")]
)
def test_a_whole_quiz_by_keyboard_alone(quiz, lesson, language):
    page = quiz(lesson, language)
    page.reload()  # at the very first question
    total = page.locator(".item").count()
    for number in range(1, total + 1):
        assert str(number) in item(page).locator(".item-place").inner_text()
        answer_by_keyboard(page)
        assert too_wide(page) == []
        tab_to(page, ".item:not([hidden]) [data-go=next]")
        page.keyboard.press("Enter")
        if number < total:
            assert page.evaluate("document.activeElement.id") == f"item-{number + 1}"
    end = page.locator("#quiz-end")
    assert end.is_visible()
    assert page.evaluate("document.activeElement.id") == "quiz-end"
    assert page.locator(".item:visible").count() == 0
    assert page.problems == []
    assert page.elsewhere == []


def test_pairs_are_made_by_buttons_one_line_after_the_other(quiz):
    page = quiz("s2-4", "ms")
    while item(page).get_attribute("data-type") != "match":
        here = item(page).get_attribute("id")
        page.locator(".item:visible button[name=skip]").click()
        page.locator(f"#{here}").wait_for(state="hidden")
    selects, bank = item(page).locator(".row select"), item(page).locator(".partners")
    for number in range(selects.count()):
        line = item(page).locator(".row label").nth(number).inner_text()
        assert line in bank.locator("p").inner_text()
        button = bank.locator("button").nth(number)
        text = button.inner_text()
        button.click()
        assert selects.nth(number).locator("option:checked").inner_text() == text
    assert bank.is_hidden()
    assert page.evaluate("document.activeElement.name") == "check"
    selects.first.focus()  # thought better of it
    assert bank.locator("[aria-pressed=true]").count() == 1
    bank.locator("button").last.click()
    assert selects.first.input_value() == selects.last.input_value()
    item(page).locator("[name=check]").click()
    page.locator(".item:visible .feedback").wait_for()
    assert page.problems == []


def test_a_quiz_adds_nothing_to_the_history_and_the_address(quiz):
    page = quiz()
    url, before = page.url, page.evaluate("history.length")
    for _item in range(2):
        answer_by_hand(item(page))
        item(page).locator("[name=check]").click()
        page.locator(".item:visible .feedback").wait_for()
        next_item(page)
    assert (page.url, page.evaluate("history.length")) == (url, before)


def test_skip_goes_on_and_scolds_nobody(quiz):
    page = quiz()
    here = item(page).get_attribute("id")
    page.locator(".item:visible button[name=skip]").click()
    page.locator(f"#{here}").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.id") == item(page).get_attribute("id")
    assert page.locator(f"#{here} .feedback.is-skipped").count() == 1
    assert page.problems == []


def test_every_question_can_be_skipped(quiz):
    page = quiz(language="ta")
    page.reload()
    for number in range(1, page.locator(".item").count() + 1):
        page.locator(f"#item-{number}:visible button[name=skip]").click()
        page.locator(f"#item-{number}").wait_for(state="hidden")
    assert page.locator("#quiz-end").is_visible()


def test_skip_beside_check_has_equal_dignity(quiz):
    page = quiz(language="ta", width=1280)
    check, skip = (page.locator(f".item:visible button[name={name}]").bounding_box() for name in ("check", "skip"))
    assert abs(check["height"] - skip["height"]) <= 1
    assert skip["height"] >= 48
    assert abs(check["width"] - skip["width"]) <= 0.35 * check["width"]


def test_nothing_chosen_is_asked_for_and_the_focus_is_there(quiz):
    page = quiz()
    item(page).locator("button[name=check]").click()
    page.locator(".item:visible .problem").wait_for()
    assert "problem" in page.evaluate(FOCUSED_CLASS)
    assert page.locator(".item:visible .feedback").count() == 0
    answer_by_hand(item(page))
    item(page).locator("button[name=check]").click()
    page.locator(".item:visible .feedback").wait_for()
    assert page.locator(".item:visible .problem").count() == 0


def test_try_again_marks_what_is_chosen_now(quiz):
    page = quiz("s2-4")
    verdicts = []
    for number in range(item(page).locator("input").count()):
        item(page).locator("input").nth(number).check()
        item(page).locator("button[name=check]").click()
        page.wait_for_function(
            "(number) => document.querySelector('.item:not([hidden]) .feedback') && "
            "!document.querySelector('.item:not([hidden]) button:disabled') && "
            "document.querySelectorAll('.item:not([hidden]) input[type=radio]')[number].checked",
            arg=number,
        )
        assert "feedback" in page.evaluate(FOCUSED_CLASS)
        verdicts.append("is-right" in page.locator(".item:visible .feedback").get_attribute("class"))
    assert verdicts.count(True) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lost_network_keeps_the_choice_says_so_and_then_works(quiz, language):
    page = quiz("s3-4", language)
    item(page).locator("input").nth(1).check()
    page.context.set_offline(True)
    item(page).locator("button[name=check]").click()
    page.locator(".item:visible .problem").wait_for()
    assert page.locator(".item:visible .problem").inner_text().strip()
    assert "problem" in page.evaluate(FOCUSED_CLASS)
    assert item(page).locator("input").nth(1).is_checked()
    item(page).locator("button[name=check]").click()  # still nothing: one message, not two
    page.wait_for_timeout(200)
    assert page.locator(".item:visible .problem").count() == 1
    page.context.set_offline(False)
    item(page).locator("button[name=check]").click()
    page.locator(".item:visible .feedback").wait_for()
    assert page.locator(".item:visible .problem").count() == 0
    assert item(page).locator("input").nth(1).is_checked()


def test_a_failing_server_keeps_the_choice_and_says_so(quiz):
    page = quiz()
    item(page).locator("input").first.check()
    page.route("**/quiz/", lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"))
    item(page).locator("button[name=check]").click()
    page.locator(".item:visible .problem").wait_for()
    assert item(page).locator("input").first.is_checked()
    page.unroute("**/quiz/")
    item(page).locator("button[name=check]").click()
    page.locator(".item:visible .feedback").wait_for()


def test_a_double_click_asks_once(quiz):
    page = quiz()
    asked = []
    page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    item(page).locator("input").first.check()
    item(page).locator("button[name=check]").dblclick()
    page.locator(".item:visible .feedback").wait_for()
    page.wait_for_timeout(200)
    assert len(asked) == 1


@pytest.mark.parametrize(("lesson", "language"), [("s2-4", "ta"), ("s3-4", "zh-hans"), ("p-4", "en")])
def test_without_the_script_the_quiz_is_one_form(quiz, lesson, language):
    page = quiz(lesson, language, java_script_enabled=False)
    items = page.locator(".item")
    total = items.count()
    assert items.locator("visible=true").count() >= total
    assert page.locator("button.script-only:visible").count() == 0
    chosen = page.locator("input:checked, select").count()
    for number in range(total):
        answer_by_hand(items.nth(number))
    send(page, "#check-all button")
    assert page.locator(".feedback:visible").count() == total
    assert page.locator(".problem").count() == 0
    assert page.locator("input:checked, select").count() > chosen  # what was chosen is still there
    assert page.locator("#quiz-end").is_visible()


def test_without_the_script_one_answer_can_be_tried_again(quiz):
    page = quiz("s2-4", java_script_enabled=False)
    first = f"#{page.locator('.item:has([name=check])').first.get_attribute('id')}"
    seen = set()
    for number in range(3):
        page.locator(f"{first} input:not([type=hidden])").nth(number).check()
        send(page, f"{first} button[name=check]")
        assert page.locator(".feedback").count() == 1
        seen.add(page.locator(f"{first} .feedback").get_attribute("class"))
    assert any("is-right" in verdict for verdict in seen)
    assert any("is-not-quite" in verdict for verdict in seen)


@pytest.mark.parametrize("language", ["ta", "zh-hans"])
@pytest.mark.parametrize("lesson", LESSONS)
def test_long_words_fit_a_phone(quiz, lesson, language):
    """Every question at once, with its feedback."""
    page = quiz(lesson, language, java_script_enabled=False)
    assert too_wide(page) == []
    for number in range(page.locator(".item").count()):
        answer_by_hand(page.locator(".item").nth(number))
    send(page, "#check-all button")
    assert too_wide(page) == []
    heights = "(labels) => labels.map((label) => label.getBoundingClientRect().height)"
    assert min(page.locator(".choice-label").evaluate_all(heights)) >= 48
