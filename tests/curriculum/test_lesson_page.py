"""A lesson: to read, as slides, as a plan, as a sheet, and in print."""

import re

import pytest
from django.utils import translation
from django.utils.translation import gettext

from curriculum.models import LessonPage, SupportService
from curriculum.models.support import State
from curriculum.printables import KINDS, PrintingFailed
from quizzes.models import QuizPage
from tests.factories import LessonPageFactory, SupportServiceFactory, topic
from tests.reading import page_at, parse, words
from tests.site import LANGUAGES

pytestmark = pytest.mark.django_db
PATHS = ("student/s2/4", "student/s3/4", "caregiver/p/4")
in_every_language = pytest.mark.parametrize("language", LANGUAGES)
of_every_lesson = pytest.mark.parametrize("path", PATHS)


def opening(block):
    """The first words of a block, whatever its type calls them; nothing for a picture without a caption."""
    return next(
        (block.value[name] for name in ("heading", "idea", "term", "prompt", "caption") if block.value.get(name)), ""
    )


def one_line(text):
    """A field's rich text or words as they stand in the text of a page."""
    return words(f"<p>{text}</p>")


@in_every_language
@of_every_lesson
class TestReading:
    def test_it_says_what_it_is_for_before_anything_else(self, public_pages, language, path):
        lesson = page_at(f"/{language}/{path}/", LessonPage)

        soup = public_pages[lesson.url].soup

        assert soup.h1.get_text() == lesson.title
        assert soup.select_one(".lead").get_text() == lesson.summary
        outcomes = [item.get_text() for item in soup.select(".outcomes li")]
        assert outcomes == [outcome.text for outcome in lesson.outcomes.all()]

    def test_the_content_note_stands_before_the_body(self, public_pages, language, path):
        lesson = page_at(f"/{language}/{path}/", LessonPage)

        soup = public_pages[lesson.url].soup

        note = soup.select_one("aside.care")
        assert lesson.content_note != "CN0"
        assert [lesson.note_about, lesson.note_without, lesson.note_choices] == [
            p.get_text() for p in note.select("p:not(.care-title)")
        ]
        assert not note.find_all_previous(class_="block")
        assert not note.find_all_previous(class_="outcomes")

    def test_every_block_of_the_body_stands_in_order(self, public_pages, language, path):
        lesson = page_at(f"/{language}/{path}/", LessonPage)

        text = words(public_pages[lesson.url].soup.select_one(".lesson-body"))

        openings = [one_line(opening(block)) for block in lesson.body if "screen" in block.value["show_on"]]
        place = 0
        for words_of_block in openings:
            assert words_of_block in text[place:]
            place = text.index(words_of_block, place)
        assert len(openings) > 5

    def test_every_item_of_its_quiz_leads_to_the_block_that_teaches_it(self, public_pages, language, path):
        lesson = page_at(f"/{language}/{path}/", LessonPage)
        quiz = page_at(f"/{language}/{path}/quiz/", QuizPage)

        soup = public_pages[lesson.url].soup

        blocks = {block.id: block for block in lesson.body}
        assert len(quiz.item_list) > 7
        for item in quiz.item_list:
            (target,) = soup.find_all(id=item["block"])
            assert "block" in target["class"]
            assert one_line(opening(blocks[item["block"]])) in words(target)

    @pytest.mark.parametrize("route", ["", "slides/", "worksheet/"])
    def test_an_id_stands_once_on_a_page(self, public_pages, language, path, route):
        ids = [element["id"] for element in public_pages[f"/{language}/{path}/{route}"].soup.select("[id]")]

        assert len(ids) > 5
        assert len(set(ids)) == len(ids)

    def test_it_leads_to_its_quiz_slides_plan_and_sheets(self, public_pages, language, path):
        url = f"/{language}/{path}/"

        links = {link["href"] for link in public_pages[url].soup.select("main a[href]")}

        assert {f"{url}quiz/", f"{url}slides/", f"{url}plan/", f"{url}worksheet/"} <= links
        assert {f"{url}print/{name}/" for name in KINDS} <= links
        assert f"/{language}/{path.rpartition('/')[0]}/" in links

    def test_it_costs_at_most_twelve_queries(self, client, language, path, django_assert_max_num_queries):
        client.get(f"/{language}/{path}/")

        with django_assert_max_num_queries(12):
            client.get(f"/{language}/{path}/")


@in_every_language
def test_the_plan_names_the_topics_in_its_language(client, language):
    text = words(client.get(f"/{language}/student/s2/4/plan/"))

    for code in ("5.4", "4.3", "4.1"):
        assert f"{code} {topic(code, language).name}" in text


@in_every_language
@pytest.mark.parametrize("tier", ["s2", "s3"])
def test_a_pupils_lesson_leads_caregivers_to_theirs(client, language, tier):
    companion = page_at(f"/{language}/caregiver/p/4/")

    link = parse(client.get(f"/{language}/student/{tier}/4/")).select_one(f'main a[href="{companion.url}"]')

    assert companion.title in link.get_text()


def test_an_unpublished_companion_is_not_offered(client):
    page_at("/en/caregiver/p/4/").unpublish()

    assert not parse(client.get("/en/student/s2/4/")).select('a[href="/en/caregiver/p/4/"]')


def test_an_unpublished_quiz_has_no_door(client):
    page_at("/en/student/s2/4/quiz/", QuizPage).unpublish()

    assert not parse(client.get("/en/student/s2/4/")).select(".quiz-door")


def test_a_lesson_with_nothing_sensitive_has_no_note(client):
    lesson = LessonPageFactory(parent=page_at("/en/student/s2/"), note_about="Kites and wind")

    assert not parse(client.get(lesson.url)).select("aside.care, .note-tag")
    assert "Kites and wind" not in words(client.get(f"{lesson.url}slides/"))


def test_what_is_written_for_slides_only_stays_off_the_page(client):
    blocks = [
        ("key_idea", {"idea": f"Only on the {medium}", "explain": "", "show_on": [medium]})
        for medium in ("screen", "slides")
    ]
    lesson = LessonPageFactory(parent=page_at("/en/student/s2/"), body=blocks)

    screen, slides = words(client.get(lesson.url)), words(client.get(f"{lesson.url}slides/"))

    assert ("Only on the screen" in screen, "Only on the slides" in screen) == (True, False)
    assert ("Only on the screen" in slides, "Only on the slides" in slides) == (False, True)


def test_markup_in_plain_fields_is_shown_and_not_run(client):
    attack = "<script>alert(1)</script>"
    blocks = [("key_idea", {"idea": attack, "explain": attack, "show_on": ["screen"]})]
    lesson = LessonPageFactory(parent=page_at("/en/student/s2/"), title=attack, summary=attack, body=blocks)

    html = client.get(lesson.url).content.decode()

    assert attack not in html
    assert html.count("&lt;script&gt;alert(1)") == 4


@pytest.mark.parametrize("route", ["", "slides/", "plan/", "worksheet/", "print/worksheet/"])
def test_a_draft_is_shown_to_nobody(client, route):
    lesson = LessonPageFactory(parent=page_at("/en/student/s2/"), live=False)

    assert client.get(f"{lesson.url_path}{route}").status_code == 404


@pytest.mark.parametrize(
    "route", ["nonsense/", "slides/more/", "print/", "print/everything/", "print/../", "worksheet.pdf"]
)
def test_an_unknown_part_of_a_lesson_is_a_friendly_404(client, route):
    response = client.get(f"/ta/student/s2/4/{route}", follow=True)

    assert response.status_code == 404
    assert parse(response).html["lang"] == "ta"


class TestHelp:
    @pytest.mark.parametrize(
        ("path", "expected"),
        [("student/s2/4", {"student", "S2"}), ("student/s3/4", {"student", "S3"}), ("caregiver/p/4", {"caregiver"})],
    )
    @pytest.mark.parametrize("route", ["", "slides/", "plan/", "worksheet/", "quiz/"])
    def test_it_is_that_of_the_tier_everywhere(self, client, path, expected, route):
        readers = ("student", "S2", "S3", "caregiver", "teacher")
        for reader in readers:
            SupportServiceFactory(name=f"House {reader}.", shown_to=f"|{reader}|")

        text = words(client.get(f"/en/{path}/{route}"))

        assert {reader for reader in readers if f"House {reader}." in text} == expected

    @in_every_language
    def test_it_is_in_the_language_of_the_page(self, client, language):
        for other in LANGUAGES:
            SupportServiceFactory(name=f"House {other}.", language=other)

        text = words(client.get(f"/{language}/student/s3/4/"))

        assert [other for other in LANGUAGES if f"House {other}." in text] == [language]

    @pytest.mark.parametrize("state", [State.CONFLICT, State.MEMORY])
    def test_a_number_that_nobody_found_in_a_source_never_shows(self, client, state):
        SupportServiceFactory(name="A rumour", state=state)

        assert "A rumour" not in words(client.get("/en/student/s2/4/"))

    @pytest.mark.parametrize("state", State.showable())
    def test_a_number_from_a_source_shows(self, client, state):
        SupportServiceFactory(name="A source", state=state)

        assert "A source" in words(client.get("/en/student/s2/4/"))

    def test_a_draft_listing_never_shows(self, client):
        SupportServiceFactory(name="A draft", live=False)

        assert "A draft" not in words(client.get("/en/student/s2/4/"))

    def test_no_loaded_draft_shows_anywhere(self, public_pages):
        drafts = set(SupportService.objects.exclude(state__in=State.showable()).values_list("name", flat=True))
        drafts |= set(SupportService.objects.filter(live=False).values_list("name", flat=True))
        shown = set(SupportService.objects.shown().values_list("name", flat=True))

        assert drafts - shown
        for visit in public_pages.values():
            assert [name for name in drafts - shown if f"<h3>{name}</h3>" in visit.html] == [], visit.url

    def test_an_overdue_listing_drops_to_the_bottom_and_says_so(self, client):
        SupportServiceFactory(name="Long ago", overdue=True)

        response = client.get("/en/student/s2/4/")

        names = [service.h3.get_text() for service in parse(response).select("aside.help .service")]
        assert names
        assert "Long ago" not in names[:1]
        assert [service.name for service in response.context["services"]][-1] == "Long ago"


@in_every_language
@of_every_lesson
class TestSlides:
    def test_the_note_comes_before_every_slide_of_the_body(self, public_pages, language, path):
        lesson = page_at(f"/{language}/{path}/", LessonPage)

        slides = public_pages[f"{lesson.url}slides/"].soup.select("#deck > *")

        assert slides[0].h1.get_text() == lesson.title
        assert "care" in slides[1]["class"]
        assert lesson.note_about in words(slides[1])
        assert "block" in slides[2]["class"]

    def test_the_last_slide_is_help(self, public_pages, language, path):
        last = public_pages[f"/{language}/{path}/slides/"].soup.select("#deck > *")[-1]

        assert last["id"] == "help-slide"
        assert "999" in words(last)
        assert "15999" in words(last)

    def test_they_hold_what_is_marked_for_them(self, public_pages, language, path):
        lesson = page_at(f"/{language}/{path}/", LessonPage)

        deck = words(public_pages[f"{lesson.url}slides/"].soup.select_one("#deck"))

        for block in lesson.body:
            assert (one_line(opening(block)) in deck) == ("slides" in block.value["show_on"]), opening(block)


@in_every_language
@of_every_lesson
class TestPlan:
    def test_it_gives_each_activity_its_minutes(self, public_pages, language, path):
        lesson = page_at(f"/{language}/{path}/", LessonPage)

        soup = public_pages[f"{lesson.url}plan/"].soup

        minutes = [int(step.get_text()) for step in soup.select(".plan-time strong")]
        assert minutes == [activity.minutes for activity in lesson.activities.all()]
        assert sum(minutes) == lesson.plan_length
        assert [title.get_text() for title in soup.select(".plan-step h3")] == [
            activity.title for activity in lesson.activities.all()
        ]

    def test_the_teacher_reads_the_notes_first(self, public_pages, language, path):
        lesson = page_at(f"/{language}/{path}/", LessonPage)

        soup = public_pages[f"{lesson.url}plan/"].soup

        assert one_line(lesson.teacher_notes) in words(soup.select_one(".plan-note"))
        assert not soup.select_one(".plan-note").find_all_previous(class_="plan-step")


@in_every_language
@of_every_lesson
class TestWorksheet:
    def test_the_note_stands_before_the_tasks(self, public_pages, language, path):
        lesson = page_at(f"/{language}/{path}/", LessonPage)

        soup = public_pages[f"{lesson.url}worksheet/"].soup

        assert lesson.note_about in words(soup.select_one("aside.care"))
        assert not soup.select_one("aside.care").find_all_previous(class_="block")
        assert len(soup.select(".block")) == len(lesson.worksheet)

    def test_what_the_key_looks_for_is_not_on_it(self, client, language, path):
        lesson = page_at(f"/{language}/{path}/", LessonPage)
        secrets = [block.value["look_for"] for block in lesson.worksheet if "look_for" in block.value]
        for block in lesson.worksheet:
            if block.block_type == "table":
                secrets += [answer["text"] for row in block.value["rows"] for answer in row["answers"]]

        text = words(client.get(f"{lesson.url}worksheet/?with_answers=1"))

        assert secrets
        assert [secret for secret in secrets if one_line(secret) in text] == []


@of_every_lesson
@pytest.mark.parametrize("route", ["", "plan/", "worksheet/", "quiz/"])
def test_the_language_switch_stays_on_the_same_page(public_pages, path, route):
    soup = public_pages[f"/en/{path}/{route}"].soup

    switch = {link["lang"]: link["href"] for link in soup.select("nav.languages a")}
    assert switch == {language: f"/{language}/{path}/{route}" for language in LANGUAGES}


class TestPrinting:
    @in_every_language
    @pytest.mark.parametrize("name", KINDS)
    def test_a_sheet_has_a_neutral_name(self, client, monkeypatch, tmp_path, language, name):
        sheet = tmp_path / "sheet.pdf"
        sheet.write_bytes(b"%PDF-1.7")
        monkeypatch.setattr("curriculum.printables.shelve", lambda lesson, kind: sheet)

        response = client.get(f"/{language}/student/s3/4/print/{name}/")

        assert response.headers["Content-Type"] == "application/pdf"
        assert response.headers["Content-Disposition"] == f'inline; filename="{name}-s3-4-{language}.pdf"'
        assert b"".join(response.streaming_content) == b"%PDF-1.7"

    @in_every_language
    def test_a_sheet_that_cannot_be_made_is_said_calmly(self, client, monkeypatch, language):
        def fail(lesson, kind):
            raise PrintingFailed("out of ink")

        monkeypatch.setattr("curriculum.printables.shelve", fail)

        response = client.get(f"/{language}/student/s3/4/print/worksheet/")

        with translation.override(language):
            assert parse(response).h1.get_text() == gettext("This sheet could not be made")
        assert response.status_code == 503
        assert "out of ink" not in words(response)
        assert parse(response).select_one(f'main a[href="/{language}/student/s3/4/"]')


@in_every_language
@of_every_lesson
def test_key_and_plan_are_offered_to_teachers_only(public_pages, language, path):
    def names(address, place):
        links = public_pages[address].soup.select(f"{place} .prints a")
        return [link["href"].rstrip("/").rpartition("/")[2] for link in links]

    lesson = f"/{language}/{path}/"
    fold = public_pages[lesson].soup.select("main details.fold:last-of-type > summary")
    with translation.override(language):
        assert [summary.get_text(strip=True) for summary in fold] == [gettext("For teachers")]
    assert names(lesson, "details.fold:last-of-type") == ["key", "plan", "quiz-key"]
    assert names(lesson, "section") == ["worksheet", "worksheet-b", "home-card", "quiz"]
    assert names(f"{lesson}worksheet/", "main") == ["worksheet", "worksheet-b", "home-card", "quiz"]
    assert set(names(f"{lesson}plan/", "main")) == set(KINDS)


@in_every_language
def test_nothing_that_a_pupil_sees_of_worksheet_b_says_who_takes_it(public_pages, language):
    page = public_pages[f"/{language}/student/s3/4/"].soup
    worksheet, other, *_others = page.select("section .prints a")
    assert other.get_text(strip=True).replace("PDF", "").split()[-1].endswith("B")
    shared = worksheet.get_text(" ", strip=True).removesuffix("PDF").strip()
    assert other.get_text(" ", strip=True).startswith(shared)


def test_the_old_name_of_worksheet_b_is_gone(public_pages):
    old = "quiet sheet|quiet page|(lembaran|halaman) tenang|安静学习单|安静页|அமைதித் தா|அமைதிப் பக்க"
    assert [url for url, answer in public_pages.items() if re.search(old, answer.soup.get_text(), re.IGNORECASE)] == []
