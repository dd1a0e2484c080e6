"""One way through the site for each person it is for, as they would click it."""

import re
import subprocess
import time
from pathlib import Path

import pytest

from tests.browser.watching import watch
from tests.site import EDITOR

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("another site")]

UUID = 36  # characters
TELLING = re.compile(r"deepfake|consent|sex|abuse|nude|eyes|harm|palsu|seks", re.IGNORECASE)


@pytest.fixture
def editor(new_context, site):
    """A signed-in editor, who came by the one door."""
    page = watch(new_context(width=1440, height=900).new_page())
    page.goto(f"{site.url}/admin/")
    assert "/account/login/" in page.url
    page.locator("input[name=login]").fill(EDITOR[0])
    page.locator("input[name=password]").fill(EDITOR[1])
    page.locator("main button[type=submit]").click()
    page.wait_for_url(f"{site.url}/admin/")
    return page


def open_lesson(editor, site, title) -> None:
    """Finds a lesson by the admin's own search, and opens its form."""
    editor.goto(f"{site.url}/admin/pages/search/?q={title.split()[-1].strip('?')}")
    editor.get_by_role("link", name=title).first.click()
    editor.locator("[name=summary]").wait_for()


def choose_and_publish(editor) -> None:
    editor.get_by_role("button", name="More actions").click()
    editor.get_by_role("button", name="Publish", exact=True).click(no_wait_after=True)
    editor.locator(".messages .success").wait_for(timeout=120_000)  # the sheets are made before the answer comes


def sheets(site, lesson_key="*", kind="*", language="en") -> set[Path]:
    return set(site.folder.glob(f"printables/{lesson_key}-{kind}-{language}.*.pdf"))


def kinds_of(paths) -> set[str]:
    """Of names such as `<UUID>-quiz-key-en.<version>.pdf`."""
    return {path.name[UUID + 1 :].rpartition("-")[0] for path in paths}


def words_of(pdf: bytes) -> str:
    read = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True, timeout=30)
    return read.stdout.decode()


def download(page, link) -> tuple[str, bytes]:
    """The file that a link leads to: its name and what is in it."""
    answer = page.request.get(link.evaluate("(link) => link.href"))
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    return re.search(r'filename="([^"]+)"', answer.headers["content-disposition"])[1], answer.body()


def test_an_editor_previews_what_is_not_saved_on_screen_wall_and_paper(editor, site):
    open_lesson(editor, site, "Deepfakes: fake picture, real harm")
    summary = "A summary that is nowhere yet."
    editor.locator("[name=summary]").fill(summary)
    editor.get_by_role("button", name="Toggle preview").click()
    shown = editor.frame_locator("iframe#w-preview-iframe")
    shown.get_by_text(summary).wait_for()
    editor.locator("#id_preview_mode").select_option("slides")
    shown.locator("#deck .title-idea").wait_for()
    editor.locator("#id_preview_mode").select_option("worksheet")
    shown.locator(".sheet").wait_for()
    assert editor.problems == []


def test_the_longest_lesson_can_be_published(editor, site):
    """Django takes 1,000 fields in a form unless told otherwise; a lesson's form has more."""
    open_lesson(editor, site, "The first ten minutes")
    assert editor.evaluate("[...new FormData(document.getElementById('page-edit-form'))].length") > 1000
    choose_and_publish(editor)


def test_an_editor_changes_a_summary_publishes_and_finds_new_sheets(editor, site):
    reader = watch(editor.context.browser.new_context().new_page())
    address = f"{site.url}/en/student/s2/4/"
    reader.goto(address)
    name, before = download(reader, reader.locator(".prints a[href$='print/worksheet/']"))
    shelf = sheets(site)
    (lesson,) = {path.name[:UUID] for path in shelf if path.read_bytes() == before}

    open_lesson(editor, site, "Can I believe my eyes?")
    summary = "You learn to stop, look and check before you believe a picture."
    editor.locator("[name=summary]").fill(summary)
    choose_and_publish(editor)
    kinds = {"worksheet", "worksheet-b", "key", "plan", "home-card", "quiz", "quiz-key"}
    until = time.monotonic() + 60  # on the shelf before anybody asks; on a slow machine a little after the answer
    while kinds_of(made := sheets(site, lesson) - shelf) != kinds and time.monotonic() < until:
        time.sleep(0.5)
    assert kinds_of(made) == kinds

    reader.goto(address)
    assert reader.locator(".lead").inner_text() == summary
    again, after = download(reader, reader.locator(".prints a[href$='print/worksheet/']"))
    assert again == name
    assert after in [path.read_bytes() for path in made]
    versions = [re.search(r"Version (\d+)", words_of(pdf))[1] for pdf in (before, after)]
    assert int(versions[1]) > int(versions[0])
    reader.goto(f"{site.url}/ms/student/s2/4/")
    assert summary not in reader.locator("main").inner_text()  # other languages wait for their translator
    reader.context.close()
    autosaves = "400 (Bad Request)"  # Wagtail's autosave gives way when a publishing overtakes it
    assert [problem for problem in editor.problems if autosaves not in problem] == []
    assert editor.elsewhere == []


def test_a_teacher_goes_from_the_home_page_to_wall_plan_and_paper(open_page):
    page = open_page("/ms/")
    page.locator(".door[data-audience=teacher] a").click()
    page.wait_for_url("**/ms/teacher/")
    pack = page.locator("li:has(a[href='/ms/student/s3/4/slides/'])")
    kinds = ("slides", "plan", "print/worksheet", "print/key")
    assert [pack.locator(f"a[href$='/{kind}/']").count() for kind in kinds] == [1, 1, 1, 1]

    name, key = download(page, pack.locator("a[href$='/print/key/']"))
    assert name == "key-s3-4-ms.pdf"
    assert not TELLING.search(name)
    worksheet = download(page, pack.locator("a[href$='/print/worksheet/']"))[1]
    assert key.startswith(b"%PDF-")
    assert len(words_of(key)) > len(words_of(worksheet))  # the answers

    pack.locator("a[href$='/plan/']").click()
    page.wait_for_url("**/plan/")
    minutes = [int(text) for text in page.locator(".plan-time strong").all_inner_texts()]
    assert sum(minutes) == int(re.search(r"\d+", page.locator("section:has(> .plan) h2").inner_text())[0])
    page.locator("a[href$='/slides/']").first.click()
    page.wait_for_url("**/slides/*")
    page.keyboard.press("ArrowRight")
    assert page.locator("#deck-place").inner_text().startswith("2 /")
    page.locator(".deck-bar a").click()
    page.wait_for_url("**/ms/student/s3/4/")
    assert page.problems == []
    assert page.elsewhere == []


def test_a_pdf_opens_by_a_click_or_is_saved_under_its_neutral_name(open_page):
    page = open_page("/en/student/s3/4/")
    page.evaluate("document.querySelector(\".prints a[href$='print/worksheet/']\").download = ''")
    with page.expect_download() as saved:
        page.locator(".prints a[href$='print/worksheet/']").click()
    assert saved.value.suggested_filename == "worksheet-s3-4-en.pdf"
    assert not TELLING.search(saved.value.suggested_filename)


def test_a_student_reads_chooses_the_other_version_takes_the_quiz_and_finds_help(open_page):
    page = open_page("/en/", width=360, height=740, has_touch=True)
    page.locator(".tier[data-tier=S2]").tap()
    page.wait_for_url("**/en/student/s2/")
    page.locator(".lesson-card a").first.tap()
    page.wait_for_url("**/en/student/s2/4/")
    assert page.locator(".care").is_visible()  # before anything sensitive
    assert not TELLING.search(page.title())

    this, other = page.locator("details.version:not(.other)"), page.locator("details.version.other")
    summaries = [version.locator("> summary").bounding_box() for version in (this, other)]
    assert abs(summaries[0]["height"] - summaries[1]["height"]) <= 32  # equal choices
    assert this.locator(".version-body").is_hidden()  # nobody meets it without choosing
    other.locator("> summary").tap()
    assert other.locator(".frame").first.is_visible()
    assert this.locator(".version-body").is_hidden()

    page.locator(".quiz-door a").tap()
    page.wait_for_url("**/quiz/")
    while not page.locator(".item:visible button[name=check]").count():  # asked before the story: nothing to check
        page.locator(".item:visible [data-go=next]").tap()
    place = page.locator(".item:visible .item-place").inner_text()
    page.locator(".item:visible .choice-label").nth(1).tap()
    page.locator(".item:visible button[name=check]").tap()
    page.locator(".item:visible .feedback").wait_for()
    page.locator(".item:visible [data-go=next]").tap()
    assert page.locator(".item:visible .item-place").inner_text() != place

    page.locator(".help-link").tap()
    page.wait_for_url("**/en/help/")
    numbers = page.locator("a[href^='tel:']")
    assert numbers.count() >= 3
    assert "15999" in page.locator(".directory").inner_text()
    assert page.context.storage_state()["origins"] == []  # nothing is kept of a reader
    assert page.problems == []
    assert page.elsewhere == []


def test_a_caregiver_reads_in_tamil_and_prints_the_worksheet(open_page):
    page = open_page("/ms/", width=360, height=740, has_touch=True)
    page.locator(".tongues a[lang=ta]").tap()
    page.wait_for_url("**/ta/")
    page.locator(".door[data-audience=caregiver] a").tap()
    page.wait_for_url("**/ta/caregiver/")
    page.locator(".tier").tap()
    page.wait_for_url("**/ta/caregiver/p/")
    page.locator(".lesson-card a").first.tap()
    page.wait_for_url("**/ta/caregiver/p/4/")
    assert re.search(r"[\u0b80-\u0bff]{3}", page.locator("h1").inner_text())
    title = page.locator("h1").inner_text()
    page.locator("a[href$='/worksheet/']:not([href*=print])").tap()
    page.wait_for_url("**/ta/caregiver/p/4/worksheet/")
    name, sheet = download(page, page.locator(".prints a[href$='print/worksheet/']"))
    assert name == "worksheet-p-4-ta.pdf"
    words = words_of(sheet)
    assert "15999" in words  # help on paper, too
    assert "".join(title.split()) in "".join(words.split())
    assert page.problems == []
    assert page.elsewhere == []
