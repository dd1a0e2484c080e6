"""What a teacher learns of a class over time: its sessions together, and no more than each of them may tell."""

import csv
import io
import subprocess

import openpyxl
import pytest
from django.core.cache import cache

from audiences import class_sessions
from audiences.models import ClassSession, Tally
from tests.audiences.running import count, item_of, opened, run, taught_twice
from tests.reading import parse, words
from tests.site import LANGUAGES

pytestmark = pytest.mark.django_db
in_every_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture
def classroom(teacher):
    return taught_twice(teacher)


def address(classroom, kind="", language="en"):
    return f"/{language}/class/{classroom.id}/results/{f'{kind}/' if kind else ''}"


def sections_about(page, item):
    return [section for section in page.select(".asked .result") if item["prompt"] in words(section)]


@in_every_language
def test_each_time_that_a_question_was_asked_stands_beside_the_others(desk, classroom, language):
    page = parse(desk.get(address(classroom, language=language)))
    claim = item_of(classroom.sessions.first(), "true-false", language)
    (section,) = sections_about(page, claim)
    numbers = [words(row.select_one(".bar-number")) for row in section.select("tr")]
    assert len(numbers) == 3
    for number, counted in zip(numbers, ("30", "20", "10"), strict=True):
        assert counted in number


def test_a_date_leads_to_the_question_in_its_session(desk, classroom):
    page = parse(desk.get(address(classroom)))
    (section,) = sections_about(page, item_of(classroom.sessions.first(), "true-false"))
    for link in section.select("a"):
        path, _, anchor = link["href"].partition("#")
        assert parse(desk.get(path)).select_one(f"#{anchor}")


def test_myths_are_added_up_over_the_sessions(desk, classroom):
    panel = parse(desk.get(address(classroom))).select_one("[aria-labelledby=moves-title]")
    assert "40 of 60" in words(panel)
    assert "30 of 60" in words(panel)


def test_what_to_teach_again_leads_to_where_it_is_taught(desk, classroom):
    panel = parse(desk.get(address(classroom))).select_one("[aria-labelledby=again-title]")
    assert item_of(classroom.sessions.first(), "true-false")["prompt"] in words(panel)
    assert any(link["href"].startswith("/en/student/s3/4/") for link in panel.select("a"))


def test_sums_never_tell_what_one_session_may_not(desk, classroom):
    few = run(classroom)
    claim = item_of(few, "true-false")
    count(few, claim, answered=3, right=3, chosen={claim["right"]: 3})
    class_sessions.close(few)
    (section,) = sections_about(parse(desk.get(address(classroom))), claim)
    assert "30 of 60" in words(section)
    assert "33" not in words(section)
    assert len(section.select("tr")) == 3


def test_a_session_that_runs_is_not_in_it(desk, teacher):
    running = opened(teacher)
    count(running, item_of(running, "true-false"), answered=30, right=18, chosen={"true": 18, "false": 12})
    page = parse(desk.get(address(running.classroom)))
    assert not page.select(".bars")
    assert "No session of this class is closed yet" in words(page.main)
    assert desk.get(address(running.classroom, "csv")).status_code == 404


@in_every_language
def test_csv_xlsx_and_pdf_say_what_the_screen_says(desk, classroom, language, tmp_path):
    screen = words(parse(desk.get(address(classroom, language=language))).main)
    files = {kind: desk.get(address(classroom, kind, language)).content for kind in ("csv", "xlsx", "pdf")}
    table = [row for row in csv.reader(io.StringIO(files["csv"].decode("utf-8-sig"))) if row]
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"])).active
    cells = [
        ["" if cell is None else str(cell) for cell in row] for row in book.iter_rows(values_only=True) if any(row)
    ]
    assert [[cell for cell in row if cell] for row in table] == [[cell for cell in row if cell] for row in cells]
    sheet = tmp_path / "results.pdf"
    sheet.write_bytes(files["pdf"])
    printed = subprocess.run(["pdftotext", "-layout", sheet, "-"], capture_output=True, text=True, check=True).stdout
    numbers = [row[3] for row in table[4:]]
    assert len(numbers) >= 9
    for number in numbers:
        assert number in screen
        assert "".join(number.split()) in "".join(printed.split())


def test_older_sessions_are_on_further_pages(desk, classroom):
    behind(classroom, 30)
    for path in (f"/en/class/{classroom.id}/", address(classroom)):
        first, second = (parse(desk.get(f"{path}?page={page}")) for page in (1, 2))
        assert (len(rows(first)), len(rows(second))) == (20, 12)
        assert not {str(row) for row in rows(first)} & {str(row) for row in rows(second)}
        assert first.select_one('a[href="?page=2"]')
        assert second.select_one('a[href="?page=1"]')


def rows(page):
    return [link["href"] for link in page.select(".rows a") if "/results/" in link["href"]]


@pytest.mark.parametrize("page", ["0", "-1", "99", "x", "1.5"])
def test_a_page_that_is_not_there_is_the_nearest(desk, classroom, page):
    assert rows(parse(desk.get(f"{address(classroom)}?page={page}")))


def test_a_thousand_sessions_behind_it_cost_nothing(desk, classroom, django_assert_max_num_queries):
    behind(classroom, 1000)
    cache.clear()
    desk.get(address(classroom))
    for path in (f"/en/class/{classroom.id}/", address(classroom)):
        with django_assert_max_num_queries(10):
            assert rows(parse(desk.get(path)))


def behind(classroom, number):
    """So many sessions before the others, with counts of their own."""
    newest = classroom.sessions.first()
    older = ClassSession.objects.bulk_create(
        ClassSession(classroom=classroom, lesson=newest.lesson, version=newest.version, minutes=40, code=None,
                     closed_at=newest.closed_at) for _ in range(number)
    )  # fmt: skip
    counts = newest.tallies.values("item", "source", "answered", "right", "held", "chosen")
    Tally.objects.bulk_create(Tally(session=session, **each) for session in older for each in counts)
