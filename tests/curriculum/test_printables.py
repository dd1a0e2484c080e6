"""Every sheet of every lesson in four languages: whole, readable, under a name that says nothing, from the shelf."""

import multiprocessing
import os
import re
import resource
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, partial
from io import BytesIO, StringIO
from pathlib import Path

import pytest
import segno
from bs4 import BeautifulSoup
from django.conf import settings as site_settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pypdf import PdfReader
from wagtail import hooks

from config import serve
from curriculum import fonts, printables
from curriculum.grammar import LANGUAGES
from curriculum.models import GuidePage, LessonPage, SupportService
from curriculum.press import REST, Backlog, Press, Typesetter, TypesettingFailed
from curriculum.printables import KINDS, PrintingFailed
from curriculum.streams import key_for
from tests.curriculum.test_typesetting import BOMB, FAMILIES, machine_without_fonts, typeset_and_listen
from tests.factories import EditorFactory

LESSONS = sorted(
    path.parent.name for path in (site_settings.BASE_DIR / "curriculum" / "content").glob("lessons/*/lesson.yaml")
)
# A word of each script; Chinese has no spaces, so what stands between two signs is taken whole.
WORD = {"en": r"[A-Za-z]+", "ms": r"[A-Za-z]+", "zh-hans": r"[㐀-鿿]+", "ta": r"[஀-௿]+"}

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("printables")]


@dataclass
class Sheet:
    """One sheet as it was asked for and as it came out."""

    lesson: LessonPage
    kind: printables.Kind
    html: str
    path: Path
    heard: list

    @property
    def language(self):
        return self.lesson.locale.language_code

    @cached_property
    def wanted(self):
        """The words that stand between the sheet's head and foot."""
        return BeautifulSoup(self.html, "html.parser").find("main").get_text(" ")

    @cached_property
    def text(self):
        """What can be copied, searched and read aloud, in the order in which it was set."""
        command = ["pdftotext", "-raw", str(self.path), "-"]
        return subprocess.run(command, capture_output=True, check=True).stdout.decode()

    @cached_property
    def reader(self):
        return PdfReader(BytesIO(self.path.read_bytes()))


def joined(text):
    """A text without spaces and line ends, which a narrow column puts where it likes."""
    return re.sub(r"\s", "", text)


def lesson(name="s2-4", language="en"):
    return LessonPage.objects.get(translation_key=key_for(f"lessons/{name}"), locale__language_code=language)


@pytest.fixture(scope="module")
def sheets(django_db_setup, django_db_blocker, tmp_path_factory):
    """Every sheet, by lesson, kind and language; made in two processes like those of the press, that also listen."""
    folder, orders = tmp_path_factory.mktemp("sheets"), {}
    with django_db_blocker.unblock():
        for name in LESSONS:
            for language in LANGUAGES:
                page = lesson(name, language)
                for kind in KINDS.values():
                    orders[name, kind.name, language] = (page, kind, *printables.compose(page, kind))
    sheets = {}
    pool = ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn"))
    with machine_without_fonts(folder), pool:
        made = {key: pool.submit(typeset_and_listen, html, assets) for key, (_p, _k, html, assets) in orders.items()}
        for key, future in made.items():
            page, kind, html, _assets = orders[key]
            pdf, heard = future.result(timeout=300)
            path = folder / f"{'-'.join(key)}.pdf"
            path.write_bytes(pdf)
            sheets[key] = Sheet(page, kind, html, path, heard)
    return sheets


@pytest.fixture(params=[(name, kind, language) for name in LESSONS for kind in KINDS for language in LANGUAGES],
                ids="-".join)  # fmt: skip
def sheet(sheets, request):
    return sheets[request.param]


class HandPress:
    """A press that prints when it is told to, and counts."""

    def __init__(self):
        self.printed, self.open, self.failure = [], threading.Event(), None
        self.open.set()

    def print(self, html, assets):
        assert self.open.wait(30)
        self.printed.append(html)
        if self.failure:
            raise self.failure
        return b"%PDF " + html.encode()


@pytest.fixture
def shelf(settings, tmp_path):
    settings.PRINTABLES_ROOT = tmp_path / "shelf"
    return settings.PRINTABLES_ROOT


@pytest.fixture
def press(monkeypatch):
    """The site prints with a press of the test's own."""
    press = HandPress()
    monkeypatch.setattr(printables, "backlog", Backlog(press))
    yield press
    press.open.set()


@pytest.fixture
def jammed(press, monkeypatch):
    """Nothing is printed while the test runs, and readers have no patience."""
    press.open.clear()
    monkeypatch.setattr(printables, "PATIENCE", 0.2)
    return press


@pytest.fixture
def real_press(monkeypatch):
    press = Press(seconds=60)
    monkeypatch.setattr(printables, "backlog", Backlog(press))
    monkeypatch.setattr(printables, "PATIENCE", 60)
    yield press
    press.stop()


def finish():
    """Waits until the site has worked off its backlog."""
    wait([future for future, _until in printables.backlog.orders.values()], 30)


# Every sheet


def test_a_lesson_prints_seven_sheets():
    assert list(KINDS) == ["worksheet", "key", "plan", "worksheet-b", "home-card", "quiz", "quiz-key"]
    assert [kind.name for kind in printables.for_learners()] == ["worksheet", "worksheet-b", "home-card", "quiz"]
    assert [kind.name for kind in printables.for_teachers()] == ["key", "plan", "quiz-key"]


def test_a_sheet_is_made_without_a_complaint_of_glyphs_or_images(sheet):
    assert [message for level, message in sheet.heard if level == "ERROR" or "glyph" in message] == []
    assert fonts.missing(sheet.wanted) == []


def test_a_sheet_is_set_in_the_shipped_fonts_only_and_carries_them(sheet):
    table = subprocess.run(["pdffonts", str(sheet.path)], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in table.splitlines()[2:]]
    assert {row[0].partition("+")[2] for row in rows} <= FAMILIES
    assert [row for row in rows if row[-5] != "yes"] == []
    needed = {"zh-hans": "Noto-Sans-SC", "ta": "Noto-Sans-Tamil"}.get(sheet.language, "Noto-Sans")
    assert any(row[0].endswith(f"+{needed}") for row in rows)


def test_every_word_of_a_sheet_is_found_whole_in_its_text(sheet):
    words = set(re.findall(WORD[sheet.language], sheet.wanted))
    text = joined(sheet.text)
    assert len(words) >= 10
    assert {word for word in words if word not in text} == set()


@pytest.mark.parametrize("name", LESSONS)
@pytest.mark.parametrize("kind", ["plan", "worksheet-b", "home-card"])
def test_each_tamil_word_of_a_wide_column_can_be_searched_for(sheets, name, kind):
    sheet = sheets[name, kind, "ta"]
    heading = BeautifulSoup(sheet.html, "html.parser").h1.get_text()
    words = set(re.findall(WORD["ta"], f"{heading} {sheet.wanted}"))
    assert len(words) > 30
    assert words - set(re.findall(WORD["ta"], sheet.text)) == set()


def test_a_sheet_is_tagged_and_says_its_language(sheet):
    catalogue = sheet.reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a PDF boolean
    assert catalogue["/StructTreeRoot"]["/K"]
    assert catalogue["/Lang"] == sheet.language


def test_the_title_and_the_file_name_say_nothing_of_the_subject(sheet):
    subject = {word.casefold() for word in re.findall(r"\w{3,}", sheet.lesson.title)}
    title = sheet.reader.metadata.title
    assert title == BeautifulSoup(sheet.html, "html.parser").title.get_text()
    assert str(sheet.lesson.slug) in title
    assert {word.casefold() for word in re.findall(r"\w{3,}", title)} & subject == set()
    assert set(sheet.reader.metadata) <= {"/Title", "/Author", "/Producer", "/CreationDate", "/ModDate"}
    name = printables.file_name(sheet.lesson, sheet.kind)
    course, _, number = key_of(sheet.lesson).partition("-")
    assert name == f"{sheet.kind.name}-{course}-{number}-{sheet.language}.pdf"


def key_of(page):
    return next(name for name in LESSONS if key_for(f"lessons/{name}") == page.translation_key)


def test_a_sheet_says_its_version_and_where_its_lesson_is(sheet):
    address = f"{site_settings.SITE_URL}{sheet.lesson.url}"
    assert joined(sheet.text).count(address) == len(sheet.reader.pages)
    assert str(sheet.lesson.live_revision_id) in sheet.text
    assert str(sheet.lesson.last_published_at.year) in sheet.text


def modules_in(image, count):
    """The dark and light squares of the QR code in a picture of a page's corner, read as a camera would."""
    corner = image.convert("L").point(lambda tone: 255 if tone < 128 else 0)
    dark = corner.load()

    def longest_run(marks):
        runs, start = [], None
        for place, mark in enumerate([*marks, False]):
            if mark and start is None:
                start = place
            if not mark and start is not None:
                runs.append((place - start, start, place))
                start = None
        return max(runs)[1:]

    top, bottom = longest_run([any(dark[x, y] for x in range(corner.width)) for y in range(corner.height)])
    left, right = longest_run([any(dark[x, y] for y in range(top, bottom)) for x in range(corner.width)])
    step = (right - left) / count
    assert step / 300 * 25.4 > 0.4, "a square is too small for a cheap camera, in millimetres"
    centres = [round((number + 0.5) * step) for number in range(count)]
    return [[bool(dark[left + x, top + y]) for x in centres] for y in centres]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_qr_code_at_the_foot_of_every_page_leads_to_the_lesson(sheets, tmp_path, kind, language):
    sheet = sheets["s2-4", kind, language]
    code = segno.make(f"{site_settings.SITE_URL}{sheet.lesson.url}", error="m")
    expected = [[bool(module) for module in row] for row in code.matrix]
    corner = [round(millimetres / 25.4 * 300) for millimetres in (14, 270, 21, 27)]
    cut = [part for name, number in zip("xyWH", corner, strict=True) for part in (f"-{name}", str(number))]
    subprocess.run(["pdftoppm", "-r", "300", *cut, "-png", sheet.path, tmp_path / "page"], check=True)
    pages = sorted(tmp_path.glob("page*.png"))
    assert len(pages) == len(sheet.reader.pages)
    for page in pages:
        with Image.open(page) as image:
            assert modules_in(image, len(expected)) == expected


# The key


def answers_of(stream):
    """What the key knows and the learner does not, as texts."""
    for block in stream:
        value = block.value
        if block.block_type == "sorting":
            yield from (card["because"] for column in value["columns"] for card in column["cards"])
        elif block.block_type == "table":
            yield from (answer["text"] for row in value["rows"] for answer in row["answers"])
        elif block.block_type in ("lines", "drawing"):
            yield value["look_for"]


@pytest.mark.parametrize("name", LESSONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answers_are_in_the_key_and_not_on_the_worksheet(sheets, name, language):
    key, worksheet = sheets[name, "key", language], sheets[name, "worksheet", language]
    answers = [joined(answer) for answer in answers_of(key.lesson.worksheet)]
    assert len(answers) > 5
    assert [answer for answer in answers if answer not in joined(key.text)] == []
    assert [answer for answer in answers if answer in joined(worksheet.text)] == []
    assert [answer for answer in answers if answer in joined(worksheet.html)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_the_key_ticks_the_columns_of_a_sorting_table(sheets, language):
    cards = sum(
        len(column["cards"])
        for block in sheets["s2-4", "key", language].lesson.worksheet if block.block_type == "sorting"
        for column in block.value["columns"]
    )  # fmt: skip
    assert sheets["s2-4", "key", language].text.count("✓") == cards > 3
    assert "✓" not in sheets["s2-4", "worksheet", language].text


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_the_key_joins_the_partners_of_a_matching_table(sheets, language):
    (block,) = [block for block in sheets["s3-4", "key", language].lesson.worksheet if block.block_type == "matching"]
    answers = [row["answer"] for row in block.value.rows]
    assert answers != sorted(answers)

    def blanks(kind):
        soup = BeautifulSoup(sheets["s3-4", kind, language].html, "html.parser")
        return [cell.get_text(strip=True) for cell in soup.select(".match-blank")]

    assert blanks("key") == answers
    assert blanks("worksheet") == [""] * len(answers)


# The shelf


def test_a_sheet_is_made_once_and_then_taken_from_the_shelf(shelf, press):
    path = printables.shelve(lesson(), KINDS["home-card"])
    assert path.read_bytes().startswith(b"%PDF")
    assert list(shelf.iterdir()) == [path]
    assert printables.shelve(lesson(), KINDS["home-card"]) == path
    assert len(press.printed) == 1


def test_the_first_reader_of_a_changed_lesson_gets_the_earlier_sheet_at_once_and_the_next_the_new_one(shelf, press):
    first = printables.shelve(lesson(), KINDS["home-card"])
    page = lesson()
    page.home_ask = "What is new?"
    page.save_revision().publish()
    press.open.clear()
    assert printables.shelve(lesson(), KINDS["home-card"]) == first
    assert printables.shelve(lesson(), KINDS["home-card"]) == first
    press.open.set()
    finish()
    second = printables.shelve(lesson(), KINDS["home-card"])
    assert "What is new?" in second.read_text()
    assert list(shelf.iterdir()) == [second] != [first]
    assert len(press.printed) == 2


def names_at_the_foot(sheet):
    soup = BeautifulSoup(sheet.read_text().removeprefix("%PDF "), "html.parser")
    return [name.get_text() for name in soup.select(".foot-words strong")]


def test_a_listing_that_expires_loses_its_place_with_the_next_reader(shelf, press):
    first = printables.shelve(lesson(), KINDS["worksheet"])
    page = lesson()
    services = SupportService.objects.shown().in_language_of(page).fit_for(tier="S2", audience="student")
    strip = services.listed()[:3]
    assert names_at_the_foot(first) == [service.name for service in strip]
    SupportService.objects.filter(pk=strip[0].pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    press.open.clear()
    assert printables.shelve(lesson(), KINDS["worksheet"]) == first
    press.open.set()
    finish()
    assert names_at_the_foot(printables.shelve(lesson(), KINDS["worksheet"]))[0] == strip[1].name


def test_forty_readers_make_one_order(shelf, press):
    press.open.clear()
    path, _order = printables.ordered(lesson(), KINDS["worksheet"])
    orders = {printables.ordered(lesson(), KINDS["worksheet"])[1] for _reader in range(40)}
    press.open.set()
    finish()
    assert len(orders) == len(press.printed) == 1
    assert path.exists()


def test_few_readers_wait_for_a_sheet_and_the_others_come_again(shelf, jammed):
    threads = int(serve.THREADS)  # of one process: half of them are never at a sheet
    assert all(printables.waiting.acquire(blocking=False) for _place in range(threads // 2))
    try:
        with pytest.raises(PrintingFailed, match="pdf_press_busy"):
            printables.shelve(lesson(), KINDS["worksheet"])
    finally:
        printables.waiting.release(threads // 2)


def test_a_reader_waits_for_a_sheet_but_not_for_long_and_it_is_made_all_the_same(shelf, jammed):
    with pytest.raises(PrintingFailed):
        printables.shelve(lesson(), KINDS["worksheet"])
    jammed.open.set()
    finish()
    assert printables.shelve(lesson(), KINDS["worksheet"]).exists()
    assert len(jammed.printed) == 1


def test_a_sheet_that_failed_is_not_tried_again_at_once(shelf, press, monkeypatch, caplog):
    press.failure = TypesettingFailed("pdf_too_complex: RecursionError")
    for _reader in range(3):
        with pytest.raises(PrintingFailed, match="pdf_too_complex"):
            printables.shelve(lesson(), KINDS["worksheet"])
    assert len(press.printed) == 1
    assert "printable failed" in caplog.text
    press.failure = None
    later = time.monotonic() + REST + 1
    monkeypatch.setattr("curriculum.press.time.monotonic", lambda: later)
    assert printables.shelve(lesson(), KINDS["worksheet"]).exists()


def test_a_failure_harms_no_other_sheet(shelf, press, caplog):
    press.failure = OSError("No space left on device")
    with pytest.raises(PrintingFailed):
        printables.shelve(lesson(), KINDS["worksheet"])
    press.failure = None
    assert printables.shelve(lesson(), KINDS["key"]).exists()


def test_the_backlog_has_an_end(monkeypatch, press):
    press.open.clear()
    monkeypatch.setattr("curriculum.press.LONGEST_BACKLOG", 2)
    orders = [printables.backlog.order(f"sheet {number}", "", {}, bytes) for number in range(5)]
    refused = [order for order in orders if order.done()]
    assert 1 <= len(refused) <= 3
    assert {str(order.exception()) for order in refused} == {"pdf_press_busy"}


def test_a_backlog_does_not_keep_a_process_from_ending(tmp_path):
    """A server that is stopped in mid-document ends at once, and its press with it."""
    code = (
        "import time\nfrom curriculum.press import Backlog, Press\n"
        "if __name__ == '__main__':\n"
        "    press = Press(seconds=100)\n    press.print('<p>warm</p>', {})\n"
        "    order = Backlog(press).order('bomb', '<table>' + '<tr><td>x<td>y' * 90_000, {}, print)\n"
        "    time.sleep(1)\n    print(press.typesetters[0].process.pid, order.done(), time.monotonic())\n"
    )
    script = tmp_path / "server.py"
    script.write_text(code)
    environment = {**os.environ, "PYTHONPATH": str(site_settings.BASE_DIR)}
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, check=True, timeout=60, env=environment
    )
    pid, is_done, stopped = done.stdout.split()
    assert is_done == "False"
    assert time.monotonic() - float(stopped) < 15  # one clock for the whole machine
    assert not Path(f"/proc/{pid}").exists()


def test_storing_a_sheet_takes_away_earlier_ones_of_that_sheet_only(shelf):
    pages = {language: lesson(language=language) for language in ("en", "ta")}
    others = [
        printables.place(pages["en"], KINDS["key"], "x"),
        printables.place(pages["ta"], KINDS["worksheet"], "x"),
        printables.place(lesson("s3-4"), KINDS["worksheet"], "x"),
    ]
    for other in others:
        printables.store(other, b"other")
    printables.store(printables.place(pages["en"], KINDS["worksheet"], "old"), b"old")
    new = printables.place(pages["en"], KINDS["worksheet"], "new")
    printables.store(new, b"new")
    assert sorted(shelf.iterdir()) == sorted([*others, new])


@contextmanager
def full_disk(size):
    """For this process, no file grows beyond `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_sheet_that_does_not_fit_on_the_disk_leaves_nothing_behind(shelf):
    path = printables.place(lesson(), KINDS["worksheet"], "x")
    shelf.mkdir()
    with full_disk(4096), pytest.raises(OSError, match="too large"):
        printables.store(path, b"x" * 100_000)
    assert list(shelf.iterdir()) == []


def test_a_sheet_that_does_not_fit_on_the_disk_leaves_the_earlier_one_whole(shelf):
    old = printables.place(lesson(), KINDS["worksheet"], "old")
    printables.store(old, b"old")
    with full_disk(4096), pytest.raises(OSError, match="too large"):
        printables.store(printables.place(lesson(), KINDS["worksheet"], "new"), b"x" * 100_000)
    assert old.read_bytes() == b"old"


@pytest.mark.parametrize(
    ("name", "kind", "language"), [("s2-4", "key", "en"), ("s2-4", "worksheet", "ta"), ("s3-4", "worksheet", "en")]
)
def test_another_sheet_never_stands_in_for_one_that_cannot_be_made(shelf, jammed, name, kind, language):
    printables.store(printables.place(lesson(name, language), KINDS[kind], "x"), b"%PDF another")
    with pytest.raises(PrintingFailed):
        printables.shelve(lesson(), KINDS["worksheet"])


def test_the_place_of_a_sheet_depends_on_what_is_printed():
    one, two = (printables.place(lesson(), KINDS["worksheet"], html) for html in ("one", "two"))
    assert one != two
    assert one == printables.place(lesson(), KINDS["worksheet"], "one")


# Made before anybody asks


def publish(page):
    """What the editor's form does: it publishes, and calls Wagtail's hooks."""
    page.save_revision(user=EditorFactory()).publish()
    for hook in hooks.get_hooks("after_publish_page"):
        hook(None, page)


def test_what_an_editor_publishes_is_on_the_shelf(shelf, press):
    page = lesson()
    page.home_ask = "What is new?"
    publish(page)
    assert len(list(shelf.iterdir())) == len(KINDS)
    for kind in KINDS.values():
        assert printables.shelve(lesson(), kind).exists()
    assert len(press.printed) == len(KINDS)


def test_a_quiz_that_is_published_is_on_the_shelf(shelf, press):
    quiz = lesson().quiz.specific
    before = printables.shelve(lesson(), KINDS["quiz"])
    quiz.title = "Another title"
    publish(quiz)
    assert not before.exists()
    (sheet,) = shelf.glob("*-quiz-en.*.pdf")
    assert "Another title" in sheet.read_text()


def test_files_that_are_loaded_and_drafts_print_nothing(shelf, press):
    page = lesson()
    page.save_revision().publish()
    page.save_revision(user=EditorFactory())
    listing().save_revision().publish()
    listing().unpublish()
    assert press.printed == []
    assert printables.backlog.thread is None


def test_a_press_that_is_late_does_not_keep_the_editor(shelf, jammed):
    start = time.monotonic()
    publish(lesson())
    assert time.monotonic() - start < 5
    jammed.open.set()
    finish()
    assert len(list(shelf.iterdir())) == len(KINDS)


def listing(language="en"):
    page = lesson(language=language)
    return SupportService.objects.shown().in_language_of(page).fit_for(tier="S2", audience="student").listed()[0]


def publish_listing(service):
    service.phones = "03-1234 5678"
    service.save_revision(user=EditorFactory()).publish()
    for hook in hooks.get_hooks("after_edit_snippet"):
        hook(None, service)


def take_away_listing(service, way):
    client = Client()
    client.force_login(EditorFactory())
    address = reverse(SupportService.snippet_viewset.get_url_name(way), args=[service.pk])
    assert client.post(address).status_code == 302


@pytest.mark.parametrize(
    "change", [publish_listing, partial(take_away_listing, way="unpublish"), partial(take_away_listing, way="delete")]
)
def test_a_listing_that_changes_changes_the_sheets_of_its_language(shelf, press, change):
    change(listing("ms"))
    finish()
    made = list(shelf.iterdir())
    cards = GuidePage.objects.filter(slug="a-pupil-has-told-me", locale__language_code="ms")
    assert len(made) == len(LESSONS) * len(KINDS) + len(cards) > len(cards) == 1
    assert {re.search(r"-(ms|en|ta|zh-hans)\.", path.name)[1] for path in made} == {"ms"}


# The nightly build


@pytest.fixture
def one_lesson():
    LessonPage.objects.exclude(pk=lesson().pk).update(live=False)
    GuidePage.objects.update(live=False)


def build(**options):
    out = StringIO()
    call_command("build_printables", stdout=out, **options)
    return out.getvalue()


def test_the_build_makes_what_is_missing_and_nothing_else(shelf, one_lesson, monkeypatch):
    press = HandPress()
    press.stop = lambda: None
    monkeypatch.setattr("curriculum.management.commands.build_printables.Press", lambda processes: press)
    assert build() == f"Sheets made: {len(KINDS)}.\n"
    assert build() == ""
    next(shelf.glob("*-home-card-*")).unlink()
    assert build() == "Sheets made: 1.\n"
    assert len(list(shelf.iterdir())) == len(KINDS)


def test_the_build_takes_away_sheets_of_lessons_that_are_gone(shelf, one_lesson, monkeypatch):
    gone = printables.place(lesson("s3-4"), KINDS["worksheet"], "x")
    printables.store(gone, b"%PDF")
    press = HandPress()
    press.stop = lambda: None
    monkeypatch.setattr("curriculum.management.commands.build_printables.Press", lambda processes: press)
    build()
    assert len(list(shelf.iterdir())) == len(KINDS)
    assert not gone.exists()


def test_the_build_names_a_sheet_that_is_too_slow_and_one_whose_process_dies_and_makes_the_others(
    shelf, one_lesson, monkeypatch
):
    """Real processes: the one that dies takes nothing with it."""
    compose = printables.compose

    def compose_badly(page, kind):
        html, assets = compose(page, kind)
        return {"key": f"{BOMB}<!-- slow -->", "plan": f"{BOMB}<!-- dies -->"}.get(kind.name, html), assets

    def set_badly(self, html, assets, seconds):
        if "<!-- dies -->" in html:
            threading.Timer(0.5, self.process.kill).start()
        return set_well(self, html, assets, 2 if "<!-- slow -->" in html else 100)

    set_well = Typesetter.set
    monkeypatch.setattr(Typesetter, "set", set_badly)
    monkeypatch.setattr(printables, "compose", compose_badly)
    with pytest.raises(CommandError) as error:
        build()
    named = str(error.value).splitlines()[1:]
    assert [line.split(":")[0] for line in named] == ["key-s2-4-en.pdf", "plan-s2-4-en.pdf"]
    assert [line.split()[1].strip(":") for line in named] == ["pdf_too_slow", "pdf_process_died"]
    assert len(list(shelf.iterdir())) == len(KINDS) - 2


# Through the door


@pytest.fixture
def door(shelf, client):
    """Asks the site for a sheet."""
    return lambda kind, language="en": client.get(f"/{language}/student/s2/4/print/{kind}/")


def test_a_visitor_gets_a_sheet_under_a_neutral_name(door, real_press):
    response = door("worksheet", "ta")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="worksheet-s2-4-ta.pdf"'
    pdf = b"".join(response.streaming_content)
    assert PdfReader(BytesIO(pdf)).trailer["/Root"]["/Lang"] == "ta"


@pytest.mark.parametrize("kind", ["certificate", "base", "printing-failed", "worksheet.pdf", "Worksheet", "..%2fkey"])
def test_a_sheet_that_is_not_known_is_not_found(door, shelf, kind):
    assert door(kind).status_code == 404
    assert not shelf.exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sheet_that_cannot_be_made_is_a_calm_page_in_the_readers_language(door, press, language):
    press.failure = TypesettingFailed("pdf_too_slow: over 25 seconds")
    response = door("worksheet", language)
    assert response.status_code == 503
    assert response["Retry-After"] == "60"
    assert response["Content-Type"].startswith("text/html")
    soup = BeautifulSoup(response.content, "html.parser")
    assert soup.html["lang"] == language
    assert "pdf_too_slow" not in response.content.decode()
    assert soup.select(f'a[href="/{language}/student/s2/4/"]')


def test_a_sheet_opens_in_the_tab_and_leaves_no_file_behind(door, press):
    response = door("worksheet")
    assert response["Content-Disposition"].startswith("inline;")
    assert response["Cache-Control"] == "no-store"


def test_a_sheet_that_is_replaced_between_finding_and_opening_is_opened_all_the_same(door, press, monkeypatch):
    shelve, found = printables.shelve, []

    def shelve_and_lose(page, kind):
        found.append(shelve(page, kind))
        if len(found) == 1:
            found[0].unlink()
        return found[-1]

    monkeypatch.setattr(printables, "shelve", shelve_and_lose)
    assert b"".join(door("worksheet").streaming_content).startswith(b"%PDF")
    assert len(found) == 2
