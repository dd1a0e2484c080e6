"""Taking a page down: everything below it is gone for visitors, and nothing leads there any more."""

import pytest
from django.test import Client
from wagtail.models import Page

from curriculum.models import LessonPage
from curriculum.models.access import reachable
from tests.factories import EditorFactory
from tests.reading import page_at, visit
from tests.site import LANGUAGES

pytestmark = pytest.mark.django_db
LESSON = "student/s2/4/"
PARTS = ("", "slides/", "plan/", "worksheet/", "print/worksheet/", "quiz/")
above_a_lesson = pytest.mark.parametrize("taken_down", ["student/", "student/s2/"])


@above_a_lesson
@pytest.mark.parametrize("language", LANGUAGES)
class TestBelowWhatWasTakenDown:
    @pytest.fixture(autouse=True)
    def _taken_down(self, language, taken_down):
        page_at(f"/{language}/{taken_down}").unpublish()

    @pytest.mark.parametrize("part", PARTS)
    def test_nothing_is_there(self, language, part):
        assert visit(f"/{language}/{LESSON}{part}").status == 404

    def test_nothing_is_answered(self, language):
        assert Client().post(f"/{language}/{LESSON}quiz/", {"check": "all"}).status_code == 404

    def test_an_editor_sees_no_more_than_a_visitor(self, client, language):
        client.force_login(EditorFactory())

        assert client.get(f"/{language}/{LESSON}").status_code == 404

    def test_other_languages_and_audiences_are_as_before(self, language):
        other = next(code for code in LANGUAGES if code != language)

        assert visit(f"/{language}/caregiver/p/4/").status == 200
        assert visit(f"/{other}/{LESSON}").status == 200

    @pytest.mark.parametrize("start", ["", "teacher/", "caregiver/p/4/"])
    def test_no_page_leads_there(self, language, start):
        links = visit(f"/{language}/{start}").links

        assert not [link for link in links if link.startswith(f"/{language}/{LESSON}")]
        if start == "":
            assert f"/{language}/student/s2/" not in links

    def test_a_missing_page_offers_no_language_where_it_is_missing_too(self, language, taken_down):
        other = next(code for code in LANGUAGES if code != language)
        page_at(f"/{other}/{LESSON}", LessonPage).unpublish()

        assert f"/{language}/{LESSON}" not in [
            button["href"] for button in visit(f"/{other}/{LESSON}").soup.select(".offers a")
        ]


def test_all_of_it_comes_back(client):
    course = page_at("/en/student/s2/").specific
    course.unpublish()
    assert client.get(f"/en/{LESSON}").status_code == 404

    course.save_revision().publish()

    assert client.get(f"/en/{LESSON}").status_code == 200


@above_a_lesson
def test_a_page_knows_whether_it_can_be_reached(django_assert_num_queries, taken_down):
    here, beside = page_at(f"/en/{LESSON}").specific, page_at("/en/caregiver/p/4/").specific
    assert here.is_reachable

    page_at(f"/en/{taken_down}").unpublish()

    with django_assert_num_queries(1):
        assert not here.is_reachable
    assert beside.is_reachable
    assert here.pk not in reachable(Page.objects.all()).values_list("pk", flat=True)
    assert reachable(Page.objects.filter(pk=beside.pk)).exists()


def test_a_lesson_costs_no_more_queries_for_it(client, django_assert_max_num_queries):
    client.get(f"/en/{LESSON}")

    with django_assert_max_num_queries(12):
        client.get(f"/en/{LESSON}")
