"""A course: its lessons in order, and help that fits its readers."""

import pytest

from curriculum.models import CoursePage, LessonPage
from tests.factories import LessonPageFactory, SupportServiceFactory
from tests.reading import page_at, parse, words
from tests.site import LANGUAGES

pytestmark = pytest.mark.django_db
COURSES = ("student/s2", "student/s3", "caregiver/p")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", COURSES)
def test_it_presents_itself_and_its_lessons(client, language, path):
    page = page_at(f"/{language}/{path}/", CoursePage)
    lesson = page_at(f"/{language}/{path}/4/", LessonPage)

    soup = parse(client.get(page.url))

    assert soup.h1.get_text() == page.title
    assert page.introduction in words(soup)
    assert [link["href"] for link in soup.select(".lesson-card h3 a")] == [lesson.url]
    assert lesson.summary in words(soup)


def test_its_title_in_the_browser_says_nothing_of_the_subject(client):
    assert parse(client.get("/en/student/s3/")).title.get_text() == "Lessons S3"


def test_lessons_stand_in_the_order_of_the_tree(client):
    course = page_at("/en/student/s2/")
    later = LessonPageFactory(parent=course, slug="5")
    first = LessonPageFactory(parent=course, slug="1")
    first.move(page_at("/en/student/s2/4/"), "left")

    soup = parse(client.get("/en/student/s2/"))

    hrefs = [link["href"] for link in soup.select(".lesson-card h3 a")]
    assert hrefs == ["/en/student/s2/1/", "/en/student/s2/4/", f"/en/student/s2/{later.slug}/"]


def test_a_draft_lesson_is_not_there(client):
    LessonPageFactory(parent=page_at("/en/student/s2/"), title="Not ready yet", live=False)

    assert "Not ready yet" not in words(client.get("/en/student/s2/"))


def test_a_card_says_how_long_a_lesson_takes_and_that_it_has_a_content_note(client):
    LessonPageFactory(parent=page_at("/en/student/s2/"), minutes=25)

    loaded, short = parse(client.get("/en/student/s2/")).select(".lesson-card")

    assert "60 minutes" in words(loaded)
    assert "With a content note" in words(loaded)
    assert "25 minutes" in words(short)
    assert "With a content note" not in words(short)


def test_a_course_without_lessons_says_that_they_are_being_written(client):
    page_at("/en/caregiver/p/4/").unpublish()

    assert "The first lesson of this course is being written." in words(client.get("/en/caregiver/p/"))


@pytest.mark.parametrize(("path", "expected"), [("student/s2", {"student", "S2"}), ("student/s3", {"student", "S3"}),
                                                ("caregiver/p", {"caregiver"})])  # fmt: skip
def test_help_is_for_its_tier_and_audience(client, path, expected):
    for reader in ("student", "S2", "S3", "caregiver", "teacher"):
        SupportServiceFactory(name=f"House {reader}.", shown_to=f"|{reader}|")

    soup = parse(client.get(f"/en/{path}/"))

    shown = words(soup.select_one("aside.help"))
    assert {r for r in ("student", "S2", "S3", "caregiver", "teacher") if f"House {r}." in shown} == expected
    assert page_at(f"/en/{path}/", CoursePage).help_message in shown


def test_more_lessons_cost_no_more_queries(client, django_assert_max_num_queries):
    LessonPageFactory.create_batch(5, parent=page_at("/en/student/s2/"))
    client.get("/en/student/s2/")

    with django_assert_max_num_queries(12):
        response = client.get("/en/student/s2/")

    assert len(parse(response).select(".lesson-card")) == 6
