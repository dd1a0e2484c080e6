"""The door of one audience: its courses, and for teachers every lesson as a pack."""

import pytest

from curriculum.models import AudiencePage, LessonPage
from tests.factories import LessonPageFactory, SupportServiceFactory
from tests.reading import page_at, parse, words
from tests.site import LANGUAGES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("audience", "courses"), [("student", ["s2", "s3"]), ("caregiver", ["p"]), ("teacher", [])])
def test_it_leads_to_its_courses(client, language, audience, courses):
    page = page_at(f"/{language}/{audience}/", AudiencePage)

    soup = parse(client.get(page.url))

    assert soup.h1.get_text() == page.title
    assert page.introduction in words(soup)
    assert [link["href"] for link in soup.select("a.tier")] == [f"{page.url}{course}/" for course in courses]


@pytest.mark.parametrize("language", LANGUAGES)
def test_teachers_find_every_lesson_of_their_language_as_a_pack(client, language):
    soup = parse(client.get(f"/{language}/teacher/"))

    lessons = [link["href"] for link in soup.select(".lesson-card h3 a")]
    assert lessons == [f"/{language}/{path}/" for path in ("student/s2/4", "student/s3/4", "caregiver/p/4")]
    for lesson, pack in zip(lessons, soup.select(".pack"), strict=True):
        assert [link["href"].removeprefix(lesson) for link in pack.select("a")] == [
            "slides/", "plan/", "print/worksheet/", "print/key/",
        ]  # fmt: skip


@pytest.mark.parametrize("audience", ["student", "caregiver"])
def test_packs_are_for_teachers(client, audience):
    assert not parse(client.get(f"/en/{audience}/")).select(".pack")


def test_an_unpublished_lesson_is_in_no_pack(client):
    page_at("/en/student/s3/4/", LessonPage).unpublish()

    assert "/en/student/s3/4/" not in client.get("/en/teacher/").content.decode()


@pytest.mark.parametrize("audience", ["student", "caregiver", "teacher"])
def test_help_is_for_its_audience(client, audience):
    for reader in ("student", "caregiver", "teacher"):
        SupportServiceFactory(name=f"House of the {reader}", shown_to=f"|{reader}|")

    strip = words(parse(client.get(f"/en/{audience}/")).select_one("aside.help"))

    assert [name for name in ("student", "caregiver", "teacher") if f"House of the {name}" in strip] == [audience]


def test_more_lessons_cost_no_more_queries(client, django_assert_max_num_queries):
    LessonPageFactory.create_batch(5, parent=page_at("/en/student/s2/"))
    client.get("/en/teacher/")

    with django_assert_max_num_queries(12):
        response = client.get("/en/teacher/")

    assert len(parse(response).select(".pack")) == 8
