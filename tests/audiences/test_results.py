"""What a teacher learns of a class: the same figures everywhere, and nothing about one pupil anywhere."""

import csv
import io
import subprocess
from datetime import datetime

import openpyxl
import pytest
from django.test import Client

from audiences import class_sessions, exports, results
from audiences.models import ClassSession
from audiences.models.classes import Source
from quizzes import tallies
from quizzes.items import pairs_asked_twice
from tests.audiences.running import count, item_of, opened, opened_with_every_item
from tests.factories import ClassroomFactory
from tests.reading import parse, words
from tests.site import LANGUAGES

pytestmark = pytest.mark.django_db
in_every_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture
def session(teacher):
    """A closed session in which 30 answered the true-false item, 18 of them rightly, and 3 the first choice item."""
    found = opened(teacher)
    claim, single = item_of(found, "true-false"), item_of(found, "single-choice")
    wrong = next(name for name in ("true", "false") if name != claim["right"])
    count(found, claim, answered=30, right=18, chosen={claim["right"]: 18, wrong: 7, "unsure": 5})
    count(found, single, answered=3, right=3, chosen={single["choices"][0]["id"]: 3})
    class_sessions.close(found)
    return found


def move_a_myth(session):
    """20 of 30 held one before, 12 after; and the session is closed."""
    before, after = pairs_asked_twice(class_sessions.items_of(session, "en"))[0]
    count(session, before, answered=30, held=20, chosen={"agree": 10, "unsure": 10, "disagree": 10})
    count(session, after, answered=30, held=12, chosen={"agree": 6, "unsure": 6, "disagree": 18})
    class_sessions.close(session)


def address(session, kind="", language="en"):
    return f"/{language}/session/{session.id}/results/{f'{kind}/' if kind else ''}"


class TestTheScreen:
    @in_every_language
    def test_each_choice_stands_with_its_number_in_ones_language(self, desk, session, language):
        page = parse(desk.get(address(session, language=language)))
        claim = item_of(session, "true-false", language)
        shown = next(section for section in page.select(".result") if claim["prompt"] in words(section))
        assert ["18" in words(row) for row in shown.select(".bars tr")].count(True) == 1
        assert len(shown.select(".bars tr")) == 3
        assert len(shown.select(".bars tr.is-right")) == 1

    def test_a_wrong_choice_says_what_it_gets_wrong(self, desk, session):
        page = parse(desk.get(address(session)))
        claim = item_of(session, "true-false")
        wrong = next(name for name in ("true", "false") if name != claim["right"])
        assert claim["feedback"][wrong] in words(page.main)

    def test_what_few_answered_is_not_there(self, desk, session):
        page = parse(desk.get(address(session)))
        single = item_of(session, "single-choice")
        shown = next(section for section in page.select(".result") if single["prompt"] in words(section))
        assert not shown.select(".bars")
        assert "3" not in words(shown.select_one(".chart-source"))

    def test_a_wrong_turn_of_a_story_says_what_it_gets_wrong(self, desk, teacher):
        found = opened_with_every_item(teacher)
        story = item_of(found, "branching")
        step = story["steps"][0]
        wrong = next(choice for choice in step["choices"] if not choice["right"])
        count(found, story, answered=20, right=10, chosen=dict.fromkeys(tallies.parts(story), 10))
        class_sessions.close(found)
        shown = next(row for row in parse(desk.get(address(found))).select(".bars tr") if wrong["text"] in words(row))
        assert words(shown.small) == wrong["feedback"]
        assert step["id"] in [part.partition("/")[0] for part in tallies.parts(story)]

    def test_the_hardest_come_first_with_the_way_to_where_they_are_taught(self, desk, session):
        page = parse(desk.get(address(session)))
        row = page.select_one(".panel ol li")
        assert item_of(session, "true-false")["prompt"] in words(row)
        assert any(link["href"].startswith("/en/student/s3/4/") for link in row.select("a"))

    def test_myths_that_moved_are_told_by_outcome(self, desk, teacher):
        found = opened(teacher)
        move_a_myth(found)
        assert "20 of 30" in words(parse(desk.get(address(found))).main)
        assert "12 of 30" in words(parse(desk.get(address(found))).main)

    def test_devices_and_paper_stand_side_by_side_and_are_never_added_to_bars(self, desk, teacher):
        found = opened(teacher)
        claim = item_of(found, "true-false")
        count(found, claim, answered=12, right=6, chosen={"true": 6, "false": 6})
        count(found, claim, Source.PAPER, answered=20, right=10, chosen={"true": 10, "false": 10})
        class_sessions.close(found)
        page = parse(desk.get(address(found)))
        charts = page.select(".result .chart")
        assert len(charts) == 2
        assert all("16 of" not in words(chart) for chart in charts)

    def test_while_it_is_open_only_what_was_revealed_shows(self, desk, teacher):
        found = opened(teacher)
        claim = item_of(found, "true-false")
        assert not parse(desk.get(address(found))).select(".result")
        count(found, claim, answered=30, right=18, chosen={"true": 18, "false": 12})
        assert len(parse(desk.get(address(found))).select(".result")) == 1

    def test_a_thousand_sessions_behind_it_cost_nothing(self, desk, teacher, session, django_assert_max_num_queries):
        classroom = session.classroom
        ClassSession.objects.bulk_create(
            ClassSession(classroom=classroom, lesson=session.lesson, version=session.version, minutes=40, code=None,
                         closed_at=session.closed_at) for _ in range(1000)
        )  # fmt: skip
        with django_assert_max_num_queries(10):
            desk.get(address(session))


class TestTheSameFiguresEverywhere:
    @in_every_language
    def test_csv_xlsx_and_pdf_say_what_the_screen_says(self, desk, session, language, tmp_path):
        screen = words(parse(desk.get(address(session, language=language))).main)
        table = list(csv.reader(io.StringIO(content(desk, session, "csv", language).decode("utf-8-sig"))))
        book = openpyxl.load_workbook(io.BytesIO(content(desk, session, "xlsx", language)))
        cells = [["" if cell is None else str(cell) for cell in row] for row in book.active.iter_rows(values_only=True)]
        assert [trimmed(row) for row in table if row] == [trimmed(row) for row in cells if any(row)]
        sheet = tmp_path / "results.pdf"
        sheet.write_bytes(content(desk, session, "pdf", language))
        printed = subprocess.run(
            ["pdftotext", "-layout", sheet, "-"], capture_output=True, text=True, check=True
        ).stdout
        numbers = [row[4] for row in table[7:] if len(row) > 4]
        assert numbers
        for number in numbers:
            assert number in screen
            assert "".join(number.split()) in "".join(printed.split())

    def test_a_file_says_nothing_of_its_subject_in_its_name(self, desk, session):
        response = desk.get(address(session, "pdf"))
        assert response["Content-Disposition"] == f'attachment; filename="results-{session.day.isoformat()}.pdf"'

    def test_myths_that_moved_are_in_the_file(self, desk, teacher):
        found = opened(teacher)
        move_a_myth(found)
        table = list(csv.reader(io.StringIO(content(desk, found, "csv").decode("utf-8-sig"))))
        assert [row[3:5] for row in table[-2:]] == [
            ["Held a myth before", "20 of 30"],
            ["Held a myth after", "12 of 30"],
        ]

    @pytest.mark.parametrize("opened_at", ["2026-05-04T07:20+08:00", "2026-05-04T23:50+08:00"])
    def test_its_day_is_the_schools(self, desk, session, opened_at):
        session.opened_at = datetime.fromisoformat(opened_at)
        session.save()
        assert "results-2026-05-04.csv" in desk.get(address(session, "csv"))["Content-Disposition"]
        assert "2026-05-04" in content(desk, session, "csv").decode()

    def test_a_label_from_before_with_an_invisible_character_spoils_no_file(self, desk, session):
        session.classroom.label = "3\x0bBestari"
        session.classroom.save()
        book = openpyxl.load_workbook(io.BytesIO(content(desk, session, "xlsx")))
        assert book.active["B1"].value == "3 Bestari"

    @pytest.mark.parametrize("label", ['=HYPERLINK("//x")', "+1", "-1", "@SUM(1)", "\t=1", " =1"])
    def test_a_label_that_is_a_formula_is_text(self, desk, session, label):
        session.classroom.label = label
        session.classroom.save()
        row = next(csv.reader(io.StringIO(content(desk, session, "csv").decode("utf-8-sig"))))
        assert row[1] == f"'{label}"
        book = openpyxl.load_workbook(io.BytesIO(content(desk, session, "xlsx")))
        assert book.active["B1"].data_type == "s"
        assert str(book.active["B1"].value).strip() == label.strip()

    def test_an_unknown_kind_of_file_is_not_found(self, desk, session):
        assert desk.get(address(session, "exe")).status_code == 404


class TestWhatMayBeTold:
    def test_sums_are_made_of_what_may_be_shown(self):
        told = tallies.total(tallies.Share((), 0, 4, 20), tallies.Share((), 12, 12, 30))
        assert (told.least, told.most, told.of) == (12, 16, 50)

    @pytest.mark.parametrize(
        ("share", "said"),
        [((18, 18, 30), "18 of 30"), ((0, 4, 30), "at most 4 of 30"), ((26, 30, 30), "at least 26 of 30"),
         ((0, 7, 7), "not told, of 7"), ((12, 16, 50), "12 to 16 of 50")],
    )  # fmt: skip
    def test_a_range_is_said_in_words(self, share, said):
        assert results.in_words(tallies.Share((), *share)) == said

    def test_another_teachers_results_are_not_found(self, session):
        other = Client()
        other.force_login(ClassroomFactory().teacher)
        for kind in ("", "csv", "xlsx", "pdf"):
            assert other.get(address(session, kind)).status_code == 404

    def test_no_row_of_any_export_is_about_fewer_than_five(self, session):
        table = exports.session_table(results.of_session(session, "en"))
        single = item_of(session, "single-choice")["prompt"]
        assert [row[3] for row in table if row[1] == single] == [""]


def content(desk, session, kind, language="en"):
    response = desk.get(address(session, kind, language))
    assert response.status_code == 200
    return response.content


def trimmed(row):
    while row and not row[-1]:
        row = row[:-1]
    return row
