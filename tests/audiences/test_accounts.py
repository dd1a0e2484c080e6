"""The one door for adults: in four languages, in our design, with limits that a school and a thief both meet."""

import re

import pytest
from django.conf import settings as shipped
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from tests.factories import PASSWORD, EditorFactory, UserFactory
from tests.reading import parse, visit, words
from tests.site import LANGUAGES

pytestmark = pytest.mark.django_db
in_every_language = pytest.mark.parametrize("language", LANGUAGES)
PUBLIC = ("login/", "login/code/", "signup/", "logout/", "inactive/", "confirm-email/", "password/reset/",
          "password/reset/done/", "password/reset/key/1-nonsense/", "password/reset/key/done/")  # fmt: skip
SHIPPED_HASHERS = shipped.PASSWORD_HASHERS
SIGNED_IN = ("", "logout/", "email/", "password/change/", "reauthenticate/")


@pytest.fixture(autouse=True)
def _quick_and_without_a_past(settings):
    """Fast hashes, and nobody's earlier tries."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


def sign_in(client, email, password, language="en", address="192.0.2.1"):
    data = {"login": email, "password": password}
    return client.post(f"/{language}/account/login/", data, REMOTE_ADDR=address)


def is_signed_in(client):
    return "_auth_user_id" in client.session


def tr(language, text):
    with translation.override(language):
        return gettext(text)


@in_every_language
class TestOurDesign:
    @pytest.mark.parametrize("address", PUBLIC)
    def test_every_page_stands_in_our_frame(self, language, address):
        answer = visit(f"/{language}/account/{address}")

        if answer.status == 302:
            assert not answer.html
            return
        soup = answer.soup
        assert answer.status == 200
        assert soup.html["lang"] == language
        assert len(soup.select("h1")) == 1
        assert soup.title.get_text().strip()
        assert soup.select_one("header.top a.brand")
        assert soup.select_one("a#exit")
        assert soup.select_one('link[href$="css/site.css"]')

    @pytest.mark.parametrize("address", SIGNED_IN)
    def test_so_does_every_page_behind_the_door(self, client, language, address):
        client.force_login(EditorFactory())

        soup = parse(client.get(f"/{language}/account/{address}"))

        assert soup.html["lang"] == language
        assert len(soup.select("h1")) == 1
        assert soup.select_one("header.top a.brand")
        assert soup.select_one("form button")

    def test_the_door_asks_for_an_address_and_a_password_and_leads_on(self, client, language):
        soup = parse(client.get(f"/{language}/account/login/?next=/admin/pages/"))

        form = soup.select_one("main form")
        assert form["action"] == f"/{language}/account/login/"
        assert {field["name"] for field in form.select("input:not([type=hidden])")} == {"login", "password"}
        assert form.select_one("[name=next]")["value"] == "/admin/pages/"
        for field in form.select("input:not([type=hidden])"):
            assert form.select_one(f'label[for="{field["id"]}"]').get_text().strip()
        assert soup.h1.get_text() == tr(language, "Sign in")
        assert {f"/{language}/account/{way}?next=%2Fadmin%2Fpages%2F" for way in ("login/code/", "signup/")} <= {
            link["href"] for link in soup.select("main a")
        }


class TestSigningIn:
    @in_every_language
    def test_the_right_password_leads_to_the_admin(self, client, language):
        editor = EditorFactory()

        response = sign_in(client, editor.email, PASSWORD, language)

        assert (response.status_code, response.headers["Location"]) == (302, "/admin/")
        assert client.get("/admin/").status_code == 200

    def test_it_leads_to_where_one_wanted_to_go(self, client):
        editor = EditorFactory()

        response = client.post(
            "/en/account/login/", {"login": editor.email, "password": PASSWORD, "next": "/admin/pages/"}
        )

        assert response.headers["Location"] == "/admin/pages/"

    @pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
    def test_it_never_leads_to_another_site(self, client, target):
        editor = EditorFactory()

        response = client.post("/en/account/login/", {"login": editor.email, "password": PASSWORD, "next": target})

        assert response.headers["Location"] == "/admin/"

    @in_every_language
    @pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
    def test_a_wrong_password_is_said_in_the_readers_language(self, client, language, known):
        email = EditorFactory().email if known else "nobody@example.org"

        response = sign_in(client, email, "wrong-password", language)

        soup = parse(response)
        error = words(soup.select_one("main form .errorlist"))
        assert error == tr(language, "The email address and/or password you specified are not correct.")
        assert soup.html["lang"] == language
        assert soup.select_one("[name=login]")["value"] == email
        assert "value" not in soup.select_one("[name=password]").attrs
        assert not is_signed_in(client)

    def test_the_messages_differ_between_the_languages(self, client):
        errors = {words(parse(sign_in(client, "x@y.org", "z", l)).select_one(".errorlist")) for l in LANGUAGES}  # noqa: E741

        assert len(errors) == 4

    def test_a_known_and_an_unknown_address_get_the_same_answer(self, client):
        email = EditorFactory(email="aaaaaa@example.org").email

        known, unknown = sign_in(client, email, "wrong"), sign_in(client, "bbbbbb@example.org", "wrong")

        assert known.status_code == unknown.status_code
        token = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')
        assert token.sub(b"", known.content) == token.sub(b"", unknown.content.replace(b"bbbbbb", b"aaaaaa"))

    def test_somebody_who_left_is_not_let_in(self, client):
        editor = EditorFactory(is_active=False)

        sign_in(client, editor.email, PASSWORD)

        assert not is_signed_in(client)

    def test_the_session_gets_a_new_key_and_ends_with_the_browser(self, client):
        editor = EditorFactory()
        client.get("/en/account/login/")

        sign_in(client, editor.email, PASSWORD)

        cookie = client.cookies["s"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert not cookie["max-age"]
        assert not cookie["expires"]

    def test_signing_out_ends_the_session(self, client):
        editor = EditorFactory()
        sign_in(client, editor.email, PASSWORD)

        client.post("/en/account/logout/")

        assert not is_signed_in(client)
        assert client.get("/admin/").status_code == 302
        assert Session.objects.count() == 0

    def test_an_adult_without_rights_is_told_so(self, client):
        user = UserFactory()

        sign_in(client, user.email, PASSWORD)
        response = client.get("/admin/", follow=True)

        assert is_signed_in(client)
        assert response.status_code in (200, 403)
        assert parse(response).select_one("main h1")
        assert parse(response).select_one('a[href$="/account/logout/"]')


class TestLimits:
    def test_a_whole_school_signs_in_from_one_address(self):
        for editor in EditorFactory.create_batch(40):
            client = Client()
            assert sign_in(client, editor.email, PASSWORD).status_code == 302
            assert is_signed_in(client)

    def test_some_of_them_mistype_and_all_get_in(self):
        for number, editor in enumerate(EditorFactory.create_batch(40)):
            client = Client()
            if number % 4 == 0:
                sign_in(client, editor.email, "mistyped")
            sign_in(client, editor.email, PASSWORD)
            assert is_signed_in(client)

    @in_every_language
    def test_the_sixth_wrong_password_of_one_person_is_refused(self, client, language):
        editor = EditorFactory()
        wrong = tr(language, "The email address and/or password you specified are not correct.")
        too_many = tr(language, "Too many failed login attempts. Try again later.")

        errors = [
            words(parse(sign_in(client, editor.email, f"wrong-{n}", language)).select_one(".errorlist"))
            for n in range(6)
        ]

        assert errors == [wrong] * 5 + [too_many]

    def test_after_that_even_the_right_one_waits(self, client):
        editor = EditorFactory()
        for number in range(6):
            sign_in(client, editor.email, f"wrong-{number}")

        sign_in(client, editor.email, PASSWORD)

        assert not is_signed_in(client)

    def test_another_address_does_not_help_a_thief(self, client):
        editor = EditorFactory()
        for number in range(5):
            sign_in(client, editor.email, f"wrong-{number}", address=f"192.0.2.{number}")

        response = sign_in(client, editor.email, "wrong", address="192.0.2.99")

        assert "Too many failed login attempts" in words(response)

    def test_one_persons_mistakes_do_not_lock_out_another(self, client):
        thief, editor = EditorFactory(), EditorFactory()
        for number in range(8):
            sign_in(client, thief.email, f"wrong-{number}")

        sign_in(client, editor.email, PASSWORD)

        assert is_signed_in(client)

    def test_a_list_of_guessed_addresses_is_stopped(self, client):
        statuses = []
        for number in range(62):
            response = sign_in(client, f"guess{number}@example.org", "wrong")
            statuses.append("Too many failed" in words(response) or response.status_code == 429)

        assert statuses[:55] == [False] * 55
        assert statuses[-1] is True

    @in_every_language
    def test_too_many_requests_are_answered_in_the_readers_language(self, client, settings, language):
        settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
        sign_in(client, "a@example.org", "wrong", language)

        response = sign_in(client, "a@example.org", "wrong", language)

        soup = parse(response)
        assert response.status_code == 429
        assert soup.html["lang"] == language
        assert soup.select_one("a#exit")

    def test_a_trusted_proxy_says_who_tries(self, client, settings):
        settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
        settings.ALLAUTH_TRUSTED_CLIENT_IP_HEADER = "X-Real-IP"
        data = {"login": "a@example.org", "password": "wrong"}

        statuses = [
            client.post("/en/account/login/", data, headers={"x-real-ip": address}).status_code
            for address in ("192.0.2.1", "192.0.2.2", "192.0.2.1")
        ]

        assert statuses == [200, 200, 429]


@pytest.mark.parametrize("algorithm", ["argon2", "pbkdf2_sha256"])
def test_a_password_is_kept_by_argon2_and_an_older_one_still_opens(client, settings, algorithm):
    settings.PASSWORD_HASHERS = SHIPPED_HASHERS
    editor = EditorFactory(password=make_password(PASSWORD, hasher="default" if algorithm == "argon2" else algorithm))
    assert editor.password.startswith(algorithm)

    sign_in(client, editor.email, PASSWORD)

    assert is_signed_in(client)
    editor.refresh_from_db()
    assert editor.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


class TestForgottenPassword:
    @in_every_language
    def test_a_letter_comes_in_the_readers_language_and_says_nothing_of_the_subject(self, client, language):
        editor = EditorFactory()

        response = client.post(f"/{language}/account/password/reset/", {"email": editor.email})

        assert response.status_code == 302
        (letter,) = mail.outbox
        assert letter.to == [editor.email]
        assert letter.subject.strip() == tr(language, "Password Reset Email")
        assert f"/{language}/account/password/reset/key/" in letter.body
        assert "example.com" not in letter.body

    @in_every_language
    def test_the_link_in_it_sets_a_new_password(self, client, language):
        editor = EditorFactory()
        client.post(f"/{language}/account/password/reset/", {"email": editor.email})
        link = re.search(r"https?://[^/]+(/\S+)", mail.outbox[0].body)[1]
        form = client.get(link, follow=True)
        assert len(parse(form).select("main form input[type=password]")) == 2
        address = form.redirect_chain[-1][0]

        done = client.post(address, {"password1": "eight-quiet-kites", "password2": "eight-quiet-kites"}, follow=True)

        assert parse(form).html["lang"] == language
        assert parse(done).html["lang"] == language
        editor.refresh_from_db()
        assert editor.check_password("eight-quiet-kites")

    def test_the_link_leads_to_the_sites_own_address_whatever_host_was_asked(self, client, settings):
        settings.SITE_URL, settings.ALLOWED_HOSTS = "https://setuju.example", ["*"]
        editor = EditorFactory()

        client.post("/en/account/password/reset/", {"email": editor.email}, headers={"host": "evil.example"})

        links = re.findall(r"https?://\S+", mail.outbox[0].body)
        assert links[0].startswith("https://setuju.example/en/account/password/reset/key/")
        assert all(link.startswith("https://setuju.example") for link in links)

    def test_a_password_that_is_too_easy_is_refused_in_each_language(self, client):
        client.force_login(EditorFactory())
        refusals = set()

        for language in LANGUAGES:
            data = {"oldpassword": PASSWORD, "password1": "password", "password2": "password"}
            soup = parse(client.post(f"/{language}/account/password/change/", data))
            errors = [words(error) for error in soup.select("main form .errorlist li")]
            assert any("12" in error for error in errors)
            assert len(errors) == 2
            refusals |= set(errors)

        assert len(refusals) == 8

    def test_an_unknown_address_gets_the_same_answer(self, client):
        editor = EditorFactory()

        known = client.post("/en/account/password/reset/", {"email": editor.email})
        unknown = client.post("/en/account/password/reset/", {"email": "nobody@example.org"})

        assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
