"""When something is not there or went wrong: a calm page in the reader's language, and never a word of ours."""

import logging

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.utils import translation
from django.utils.translation import gettext

from curriculum import errors
from curriculum.models import AudiencePage, LessonPage
from tests.reading import page_at, parse, words
from tests.site import LANGUAGES

pytestmark = pytest.mark.django_db
in_every_language = pytest.mark.parametrize("language", LANGUAGES)
OURS = ("Traceback", "Error", "Exception", "curriculum", "django", "Django", "/work/", ".py", "DEBUG")


def assert_calm(response, *, status, language, title):
    """The page of that kind, in that language, with help on it and nothing of our inside."""
    soup = parse(response)
    with translation.override(language):
        expected = gettext(title)
    assert response.status_code == status
    assert soup.html["lang"] == language
    assert soup.h1.get_text() == expected
    assert soup.title.get_text()
    assert soup.select_one(f'a[href="/{language}/help/"]')
    assert soup.select_one("a#exit")
    assert [word for word in OURS if word in words(soup.body)] == []


@pytest.mark.filterwarnings("ignore:Cache key")
@in_every_language
@pytest.mark.parametrize(
    "address", ["nowhere/", "student/s9/", "student/s2/4/quiz/5/", "wp-login.php", "%00/", "a" * 300]
)
def test_an_unknown_page_is_a_friendly_404(client, language, address):
    response = client.get(f"/{language}/{address}", follow=True)

    assert_calm(response, status=404, language=language, title="Page not found")


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("zh-TW", "zh-hans"),
        ("zh", "zh-hans"),
        ("ta-MY", "ta"),
        ("en-GB", "en"),
        ("ms-MY", "ms"),
        ("fr", "ms"),
        ("", "ms"),
    ],
)
@pytest.mark.parametrize("address", ["/xx/", "/xx/student/s2/4/", "/nowhere", "/.git/config", "/db.sqlite3"])
def test_an_unknown_locale_is_a_friendly_404_in_the_best_guess(client, address, asked, language):
    response = client.get(address, headers={"accept-language": asked}, follow=True)

    assert_calm(response, status=404, language=language, title="Page not found")


def test_chinese_without_a_script_is_answered_in_chinese(client):
    assert_calm(client.get("/zh/", follow=True), status=404, language="zh-hans", title="Page not found")


@pytest.mark.parametrize("query", ["?page=x", "?page=-1", "?page=%00", "?page=1&page=2", "?utm=<script>"])
@pytest.mark.parametrize("address", ["/ta/", "/ta/student/s2/4/", "/ta/student/s2/4/slides/", "/ta/help/"])
def test_a_meaningless_query_changes_nothing(client, public_pages, address, query):
    response = client.get(f"{address}{query}")

    assert response.status_code == 200
    assert words(response) == words(public_pages[address].html)
    assert b"<script>" not in response.content


@in_every_language
class TestMissingLanguage:
    def test_it_says_so_in_that_language_and_offers_the_others(self, client, language):
        others = [other for other in LANGUAGES if other != language]
        titles = {other: page_at(f"/{other}/student/s3/4/").title for other in others}
        page_at(f"/{language}/student/s3/4/", LessonPage).delete()

        response = client.get(f"/{language}/student/s3/4/")

        assert_calm(response, status=404, language=language, title="Not in this language yet")
        offers = parse(response).select(".offers a")
        assert {link["lang"]: (link["href"], link.get_text()) for link in offers} == {
            other: (f"/{other}/student/s3/4/", titles[other]) for other in others
        }

    def test_its_slides_plan_and_sheet_say_so_too(self, client, language):
        page_at(f"/{language}/student/s3/4/", LessonPage).unpublish()

        for route in ("slides/", "plan/", "worksheet/"):
            response = client.get(f"/{language}/student/s3/4/{route}")
            assert_calm(response, status=404, language=language, title="Not in this language yet")
            offered = {link["lang"]: link["href"] for link in parse(response).select(".offers a")}
            assert set(offered) == set(LANGUAGES) - {language}
            for other, address in offered.items():
                assert address in (f"/{other}/student/s3/4/", f"/{other}/student/s3/4/{route}")

    def test_a_page_that_is_missing_elsewhere_too_is_not_offered(self, client, language):
        for missing in LANGUAGES[:2]:
            page_at(f"/{missing}/caregiver/", AudiencePage).unpublish()

        response = client.get("/ms/caregiver/", headers={"accept-language": language})

        offers = {link["lang"] for link in parse(response).select(".offers a")}
        assert offers == {"zh-hans", "ta"}

    def test_the_switch_of_the_other_languages_still_leads_to_it(self, client, language):
        page_at(f"/{language}/student/s3/4/", LessonPage).unpublish()
        other = LANGUAGES[0] if language != LANGUAGES[0] else LANGUAGES[1]

        switch = parse(client.get(f"/{other}/student/s3/4/")).select("nav.languages a")

        assert f"/{language}/student/s3/4/" in [link["href"] for link in switch]


@in_every_language
def test_a_bad_request_is_said_calmly(client, language):
    response = client.get(f"/{language}/", headers={"host": "evil.example"})

    assert_calm(response, status=400, language=language, title="We could not read that")
    assert "evil.example" not in words(response)


@in_every_language
def test_what_is_not_open_is_said_calmly(client, language, monkeypatch):
    def refuse(request, page):
        raise PermissionDenied("a secret reason")

    monkeypatch.setattr("curriculum.views.guide", refuse)

    response = client.get(f"/{language}/about/")

    assert_calm(response, status=403, language=language, title="This is not open to you")
    assert "secret" not in words(response)


@in_every_language
@pytest.mark.parametrize("address", ["student/s2/4/quiz/", "account/login/"])
def test_a_form_without_its_cookie_asks_for_it_once_more(language, address):
    client = Client(enforce_csrf_checks=True)

    response = client.post(f"/{language}/{address}", {"check": "all"})

    assert_calm(response, status=403, language=language, title="Please send that once more")


def test_a_form_with_its_cookie_and_token_is_taken():
    client = Client(enforce_csrf_checks=True)
    token = parse(client.get("/en/student/s2/4/quiz/")).select_one("[name=csrfmiddlewaretoken]")["value"]

    response = client.post("/en/student/s2/4/quiz/", {"check": "all", "csrfmiddlewaretoken": token})

    assert response.status_code == 200


class TestOurMistake:
    @pytest.fixture
    def broken(self, client, monkeypatch):
        """A visitor of a site whose every page fails, the database included."""

        def fail(*args, **kwargs):
            raise OperationalError("no such table: a_secret_table")

        monkeypatch.setattr("curriculum.views.surroundings", fail)
        monkeypatch.setattr("quizzes.views.surroundings", fail)
        client.raise_request_exception = False
        return client

    @in_every_language
    @pytest.mark.parametrize("address", ["", "student/s2/4/", "student/s2/4/slides/", "student/s2/4/quiz/", "help/"])
    def test_it_is_said_calmly(self, broken, language, address):
        response = broken.get(f"/{language}/{address}")

        assert_calm(response, status=500, language=language, title="A mistake of ours")
        assert "a_secret_table" not in response.content.decode()

    def test_outside_the_languages_it_follows_the_browser(self, client, monkeypatch):
        def fail(request):
            raise RuntimeError

        monkeypatch.setattr("curriculum.exit.logout", fail)
        client.raise_request_exception = False
        client.cookies["s"] = "old"

        response = client.get("/x/", headers={"accept-language": "ta-MY"})

        assert_calm(response, status=500, language="ta", title="A mistake of ours")

    def test_the_page_needs_no_database(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            response = errors.server_error(RequestFactory().get("/ta/"))

        assert parse(response).html["lang"] == "ta"

    def test_a_mistake_on_that_very_page_still_answers(self, monkeypatch):
        def fail(*args):
            raise RuntimeError

        monkeypatch.setattr("curriculum.errors.everywhere", fail)

        response = errors.server_error(RequestFactory().get("/ta/"))

        assert (response.status_code, response.content) == (500, b"Setuju")

    def test_the_log_says_what_broke_and_nothing_that_the_reader_chose(self, broken, caplog):
        caplog.set_level(logging.DEBUG)
        canaries = {"item-canary": "canary-answer", "check": "canary-item", "csrfmiddlewaretoken": "canary-token"}

        broken.post("/ms/student/s2/4/quiz/?canary-query=1", canaries, headers={"user-agent": "canary-browser"})

        assert "no such table" in caplog.text
        assert "canary" not in caplog.text
