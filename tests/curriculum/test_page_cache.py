"""Pages are remembered for visitors who carry nothing, and never longer than they are true."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from curriculum.models import LessonPage, SupportService

pytestmark = pytest.mark.django_db
ADDRESS = "/ms/student/s3/4/"


@pytest.fixture(autouse=True)
def _own_cache(settings, tmp_path):
    backend = "django.core.cache.backends.filebased.FileBasedCache"
    settings.CACHES = {**settings.CACHES, "pages": {"BACKEND": backend, "LOCATION": tmp_path}}


def queries_for(client, address):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    return response, len(queries)


def lesson():
    return LessonPage.objects.get(url_path=f"/ms{ADDRESS.removeprefix('/ms')}")


def test_the_second_visitor_costs_one_query_and_gets_the_same_page(client):
    first, costly = queries_for(client, ADDRESS)
    second, cheap = queries_for(client, ADDRESS)
    assert cheap == 1 < costly
    assert second.content == first.content
    assert second.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
    assert second.headers["X-Frame-Options"] == "DENY"
    assert second.headers["Content-Language"] == "ms"


def test_what_an_editor_publishes_shows_at_once(client):
    client.get(ADDRESS)
    page = lesson()
    page.summary = "Ringkasan yang baharu."
    page.save_revision().publish()
    assert "Ringkasan yang baharu." in client.get(ADDRESS).content.decode()


def test_an_unpublished_page_is_gone_at_once(client):
    assert client.get(ADDRESS).status_code == 200
    lesson().unpublish()
    assert client.get(ADDRESS).status_code == 404


def test_an_unpublished_helpline_is_gone_at_once(client):
    assert "15999" in client.get(ADDRESS).content.decode()
    for service in SupportService.objects.filter(phones="15999"):
        service.unpublish()
    assert "15999" not in client.get(ADDRESS).content.decode()


def test_a_visitor_with_a_cookie_gets_a_page_of_their_own(client):
    client.get(ADDRESS)
    client.cookies["s"] = "something"
    _response, queries = queries_for(client, ADDRESS)
    assert queries > 1


@pytest.mark.parametrize("address", ["/ms/student/s3/4/quiz/", "/ms/account/login/", "/ms/nowhere/"])
def test_forms_and_missing_pages_are_never_remembered(client, tmp_path, address):
    client.get(address)
    assert list(tmp_path.iterdir()) == []


def test_a_question_in_the_address_is_not_remembered(client):
    client.get(ADDRESS)
    _response, queries = queries_for(client, f"{ADDRESS}?page=x")
    assert queries > 1
