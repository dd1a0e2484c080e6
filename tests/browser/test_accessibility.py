"""Every page type, in four languages, narrow and wide, light and dark: for everybody, and without a word elsewhere."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.watching import too_wide, watch
from tests.site import LANGUAGES

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("another site")]

PAGES = {
    "home": "",
    "audience": "student/",
    "audience of teachers": "teacher/",
    "course": "student/s2/",
    "lesson": "student/s2/4/",
    "lesson of caregivers": "caregiver/p/4/",
    "quiz": "student/s3/4/quiz/",
    "slides": "student/s2/4/slides/",
    "plan": "student/s3/4/plan/",
    "worksheet": "student/s3/4/worksheet/",
    "help": "help/",
    "card": "teacher/a-pupil-has-told-me/",
    "about": "about/",
    "privacy": "privacy/",
    "nothing there": "nothing-there/",
    "missing language": "",  # see `alone`
    "sign-in": "account/login/",
    "sign-up": "account/signup/",
    "join": "join/",
    "certificate": "certificate/",
}
IN_THE_DARK = ("home", "lesson", "quiz")
AXE = Axe().axe_script
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
    "preload": False,
}
OPEN_ALL = (
    "for (const part of document.querySelectorAll('details')) { part.removeAttribute('name'); part.open = true; }"
)
WIDTHS = (360, 1280)
NARROW = (360, 320, 640)  # a phone; the least that WCAG asks for; 1280 at 200 % zoom


@pytest.fixture(scope="module")
def alone(site):
    """Addresses of pages that stand in one language only: `alone["ta"]` is one that Tamil lacks."""
    code = """if True:
        from curriculum.models import GuidePage, HomePage
        for code in ("en", "ms"):
            home = HomePage.objects.get(locale__language_code=code)
            text = "Only in one language"
            page = GuidePage(title=text, slug="only-" + code, introduction=text, locale=home.locale)
            home.add_child(instance=page).save_revision().publish()
    """
    site.manage("shell", "-v0", "-c", code)
    return {language: "only-ms/" if language == "en" else "only-en/" for language in LANGUAGES}


@pytest.fixture(scope="module")
def tabs(browser):
    """One context for light and one for dark: pages share what the browser has fetched."""
    contexts = {scheme: browser.new_context(color_scheme=scheme) for scheme in ("light", "dark")}
    yield contexts
    for context in contexts.values():
        context.close()


@pytest.fixture
def opened(tabs, site):
    pages = []

    def opener(path, scheme="light"):
        pages.append(watch(tabs[scheme].new_page()))
        pages[-1].set_viewport_size({"width": WIDTHS[0], "height": 800})
        pages[-1].goto(f"{site.url}{path}")
        return pages[-1]

    yield opener
    for page in pages:
        page.close()


def violations(page) -> list[str]:
    """What axe finds, as a reader can act on: rule, place, reason."""
    found = page.evaluate("async (rules) => (await axe.run(rules)).violations", RULES)
    return [
        f"{rule['id']} at {page.viewport_size['width']} px: {node['target']} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


def check(page, *, expected_problems=0):
    """Every width, with all folded parts open; then what the page said and asked meanwhile."""
    page.evaluate(OPEN_ALL)
    found = []
    for width in NARROW:
        page.set_viewport_size({"width": width, "height": 800})
        found += too_wide(page)
    page.evaluate(AXE)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        found += violations(page)
    assert not found, "\n".join(found)
    assert page.problems[expected_problems:] == []
    assert page.elsewhere == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_open_to_everybody(opened, alone, name, language):
    missing = name in ("nothing there", "missing language")
    path = alone[language] if name == "missing language" else PAGES[name]
    page = opened(f"/{language}/{path}")
    assert page.locator("html").get_attribute("lang") == language
    check(page, expected_problems=1 if missing else 0)  # Chromium notes the 404 of the page itself


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", IN_THE_DARK)
def test_pages_are_open_to_everybody_in_the_dark(opened, name, language):
    page = opened(f"/{language}/{PAGES[name]}", scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(251, 248, 243)"
    check(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_quiz_with_its_feedback_is_open_to_everybody(opened, language, scheme):
    """All items at once: some right, some not, some half-done, some skipped."""
    page = opened(f"/{language}/{PAGES['quiz']}", scheme=scheme)
    with page.expect_navigation():
        page.evaluate("""() => {
          const items = [...document.querySelectorAll(".item")];
          items.slice(0, -1).forEach((item) => {
            item.querySelector("input")?.click();
            const choice = item.querySelector("select");
            if (choice) choice.selectedIndex = 1;
          });
          document.querySelector("#check-all button").click();
        }""")
    page.evaluate("document.querySelectorAll('.item, .quiz-end').forEach((part) => (part.hidden = false))")
    assert page.locator(".feedback:visible").count() >= 5
    assert page.locator(".problem:visible").count() >= 1
    check(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_slide_is_open_to_everybody(opened, language):
    """All slides below each other, as without the script; the contrast of each tells."""
    page = opened(f"/{language}/{PAGES['slides']}")
    page.evaluate("document.documentElement.classList.remove('is-deck')")
    check(page)
