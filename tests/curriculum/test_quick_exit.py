"""Leaving fast: the server's half ends the session, clears the browser's store, and leads to a neutral page."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from tests.factories import EditorFactory
from tests.reading import parse, words
from tests.site import LANGUAGES

pytestmark = pytest.mark.django_db
own_requests = pytest.mark.parametrize("site", [None, "same-origin", "none"])
others_requests = pytest.mark.parametrize("site", ["cross-site", "same-site", "anything"])


def headers(site):
    return {"sec-fetch-site": site} if site else {}


@pytest.fixture
def editor():
    """Somebody who is signed in."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(EditorFactory())
    return client


def is_signed_in(client):
    return client.get("/admin/").status_code == 200


@own_requests
def test_the_plain_link_leads_to_a_neutral_page(client, settings, site):
    response = client.get("/x/", headers=headers(site))

    assert response.status_code == 303
    assert response.headers["Location"] == settings.QUICK_EXIT_URL


@own_requests
def test_the_scripts_request_answers_with_nothing(client, site):
    response = client.post("/x/", headers=headers(site))

    assert response.status_code == 204
    assert response.content == b""


@own_requests
@pytest.mark.parametrize("method", ["get", "post"])
def test_it_signs_out(editor, method, site):
    assert is_signed_in(editor)
    cookie = editor.cookies["s"].value

    getattr(editor, method)("/x/", headers=headers(site))

    assert not is_signed_in(editor)
    assert Session.objects.count() == 0
    late = Client()
    late.cookies["s"] = cookie
    assert not is_signed_in(late)


@own_requests
@pytest.mark.parametrize("method", ["get", "post"])
def test_it_takes_the_sites_cookies_away(client, method, site):
    client.cookies["c"], client.cookies["s"], client.cookies["other"] = "token", "session", "seat"

    response = getattr(client, method)("/x/", headers=headers(site))

    assert {name: cookie["max-age"] for name, cookie in response.cookies.items()} == {"c": 0, "s": 0, "other": 0}


@own_requests
@pytest.mark.parametrize("method", ["get", "post"])
def test_it_clears_what_the_browser_keeps_but_never_the_cache(client, method, site):
    response = getattr(client, method)("/x/", headers=headers(site))

    cleared = {part.strip() for part in response.headers["Clear-Site-Data"].split(",")}
    assert '"cookies"' in cleared
    assert cleared <= {'"cookies"', '"storage"'}


@others_requests
@pytest.mark.parametrize("method", ["get", "post"])
def test_another_site_signs_nobody_out(editor, method, site):
    response = getattr(editor, method)("/x/", headers=headers(site))

    assert is_signed_in(editor)
    assert "Clear-Site-Data" not in response.headers
    assert not response.cookies


@others_requests
def test_the_way_out_works_from_another_site_too(client, settings, site):
    response = client.get("/x/", headers=headers(site))

    assert (response.status_code, response.headers["Location"]) == (303, settings.QUICK_EXIT_URL)


@pytest.mark.parametrize("method", ["get", "post"])
def test_it_needs_no_database_for_a_visitor_without_a_session(client, django_assert_num_queries, method):
    with django_assert_num_queries(0):
        getattr(client, method)("/x/")


def test_it_is_never_kept(client):
    for response in (client.get("/x/"), client.post("/x/")):
        assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_nothing_else_is_taken(client, method):
    assert getattr(client, method)("/x/").status_code == 405


def test_the_target_cannot_be_chosen_from_outside(client, settings):
    response = client.get("/x/?next=https://evil.example/&target=https://evil.example/")

    assert response.headers["Location"] == settings.QUICK_EXIT_URL


def test_the_neutral_page_is_secure_and_another_sites(settings):
    assert settings.QUICK_EXIT_URL.startswith("https://")
    assert settings.SITE_URL not in settings.QUICK_EXIT_URL


class TestTimesTable:
    """The neutral page for a classroom without internet: `QUICK_EXIT_URL=/x/times/`."""

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_it_is_a_times_table_in_the_browsers_language_and_nothing_else(self, client, language):
        response = client.get("/x/times/", headers={"accept-language": language})

        soup = parse(response)
        with translation.override(language):
            title = gettext("Times table")
        assert response.status_code == 200
        assert soup.html["lang"] == language
        assert soup.title.get_text() == soup.h1.get_text() == title
        assert [cell.get_text() for cell in soup.select("tr")[6].select("td")] == [str(7 * n) for n in range(1, 10)]
        assert words(soup.body).removeprefix(title).replace(" ", "").isdigit()
        assert not soup.select("a, script, form, img, template")

    def test_it_leaves_nothing_and_asks_for_no_cookie(self, client):
        response = client.get("/x/times/")

        assert not response.cookies
        assert "Cookie" not in response.headers.get("Vary", "")

    def test_a_school_without_internet_can_choose_it(self, client, settings):
        settings.QUICK_EXIT_URL = "/x/times/"

        link, page = client.get("/x/"), parse(client.get("/en/"))

        assert (link.status_code, link.headers["Location"]) == (303, "/x/times/")
        assert page.select_one("#exit")["data-target"] == "/x/times/"


def test_it_stands_at_the_top_of_every_page(public_pages, settings):
    for visit in public_pages.values():
        first, second = visit.soup.select("a[href]")[:2] if "/slides/" not in visit.url else [None, visit.soup.a]
        assert first is None or first["href"] == "#main"
        assert (second["href"], second["id"]) == ("/x/", "exit"), visit.url
        assert second["data-target"] == settings.QUICK_EXIT_URL
        assert {"nofollow", "noreferrer"} <= set(second["rel"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_stands_on_account_and_error_pages(client, language):
    for address in ("account/login/", "account/signup/", "nowhere/"):
        assert parse(client.get(f"/{language}/{address}")).select_one('a#exit[href="/x/"]')
