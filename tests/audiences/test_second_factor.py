"""A second step at sign-in, for whoever wants one: an app on the phone, and codes on paper for when it is lost."""

import re
import time
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.core.cache import cache
from django.test import Client

from audiences import qr
from tests.audiences.test_signup import code_in, is_signed_in
from tests.factories import PASSWORD, EditorFactory, UserFactory
from tests.reading import parse, words
from tests.site import LANGUAGES

pytestmark = pytest.mark.django_db
in_every_language = pytest.mark.parametrize("language", LANGUAGES)
SECOND = "/en/account/second-factor/"


@pytest.fixture(autouse=True)
def _quick_and_without_a_past(settings, monkeypatch):
    now = time.time()
    monkeypatch.setattr(totp, "time", SimpleNamespace(time=lambda: now))  # no half minute ends meanwhile
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


def code_of(secret, ago=0):
    counter = next(iter(totp.yield_hotp_counters_from_time())) - ago
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def sign_in(client, user):
    return client.post("/en/account/login/", {"login": user.email, "password": PASSWORD})


def confirm(client, address):
    """Opens a page that asks for the password first."""
    asked = client.get(address)
    return client.post(asked.headers["Location"], {"password": PASSWORD, "next": address}, follow=True)


def with_app(user):
    """Turns the second step on as its owner does; the secret and the recovery codes."""
    client = Client()
    sign_in(client, user)
    page = parse(confirm(client, f"{SECOND}app/"))
    secret = page.select_one("code.secret").get_text()
    shown = parse(client.post(f"{SECOND}app/", {"code": code_of(secret)}, follow=True))
    cache.clear()
    return secret, [code.get_text() for code in shown.select(".codes code")]


class TestTurningItOn:
    def test_the_picture_is_drawn_in_the_page_and_the_secret_stands_beside_it(self, client):
        user = UserFactory(email="tapir@example.org")
        sign_in(client, user)

        response = confirm(client, f"{SECOND}app/")

        soup = parse(response)
        secret = soup.select_one("code.secret").get_text()
        drawn = soup.select_one("svg.qr path")["d"]
        assert drawn == qr.path(f"otpauth://totp/tapir%40example.org?secret={secret}&issuer=Setuju")
        assert "data:" not in response.content.decode()
        assert "style=" not in response.content.decode()
        assert not soup.select("main script")
        assert "no-store" in response.headers["Cache-Control"]

    def test_it_needs_the_password_once_more(self, client):
        client.force_login(UserFactory())

        response = client.get(f"{SECOND}app/")

        assert response.headers["Location"].startswith("/en/account/reauthenticate/")

    def test_a_wrong_code_turns_nothing_on(self, client):
        user = UserFactory()
        sign_in(client, user)
        confirm(client, f"{SECOND}app/")

        soup = parse(client.post(f"{SECOND}app/", {"code": "000000"}))

        assert soup.select_one("main form .errorlist")
        assert not Authenticator.objects.filter(user=user).exists()

    def test_ten_codes_for_a_lost_phone_are_shown_once(self, client):
        user = UserFactory()
        _secret, codes = with_app(user)

        assert len(set(codes)) == 10
        client.force_login(user)
        asked = client.get(f"{SECOND}codes/")
        again = client.post(asked.headers["Location"], {"password": PASSWORD, "next": f"{SECOND}codes/"}, follow=True)
        assert not parse(again).select(".codes")
        assert all(code not in words(again) for code in codes)


class TestSigningIn:
    def test_the_password_alone_opens_nothing(self, client):
        user = UserFactory()
        secret, _codes = with_app(user)

        response = sign_in(client, user)
        assert response.headers["Location"] == f"{SECOND}code/"
        assert not is_signed_in(client)
        assert client.get("/en/account/").status_code == 302

        done = client.post(f"{SECOND}code/", {"code": code_of(secret)})
        assert done.headers["Location"] == "/en/account/"
        assert is_signed_in(client)

    def test_nor_does_a_code_by_letter(self, client):
        user = UserFactory()
        with_app(user)

        page = client.post("/en/account/login/code/", {"email": user.email})
        response = client.post(page.headers["Location"], {"code": code_in(mail.outbox[-1])})

        assert response.headers["Location"] == f"{SECOND}code/"
        assert not is_signed_in(client)

    @pytest.mark.parametrize("door", ["/admin/login/", "/en/_util/login/", "/admin/password_reset/"])
    def test_nor_does_any_other_door(self, client, door):
        editor = EditorFactory()
        with_app(editor)

        client.post(door, {"username": editor.email, "login": editor.email, "password": PASSWORD}, follow=True)

        assert not is_signed_in(client)
        assert client.get("/admin/").status_code == 302

    def test_a_new_password_by_letter_does_not_go_round_it(self, client):
        user = UserFactory()
        with_app(user)
        client.post("/en/account/password/reset/", {"email": user.email})
        link = re.search(r"https?://[^/]+(/\S+)", mail.outbox[-1].body)[1]
        form = client.get(link, follow=True).redirect_chain[-1][0]

        client.post(form, {"password1": "eight-quiet-kites", "password2": "eight-quiet-kites"}, follow=True)
        assert not is_signed_in(client)
        response = client.post("/en/account/login/", {"login": user.email, "password": "eight-quiet-kites"})

        assert response.headers["Location"] == f"{SECOND}code/"

    def test_a_code_works_once(self, client):
        user = UserFactory()
        secret, _codes = with_app(user)
        code = code_of(secret)
        sign_in(client, user)
        client.post(f"{SECOND}code/", {"code": code})

        thief = Client()
        sign_in(thief, user)
        thief.post(f"{SECOND}code/", {"code": code})

        assert not is_signed_in(thief)

    def test_a_recovery_code_works_once(self):
        user = UserFactory()
        _secret, codes = with_app(user)
        results = []

        for _time in range(2):
            client = Client()
            sign_in(client, user)
            client.post(f"{SECOND}code/", {"code": codes[0]})
            results.append(is_signed_in(client))

        assert results == [True, False]

    def test_codes_cannot_be_guessed(self, client):
        user = UserFactory()
        secret, _codes = with_app(user)
        sign_in(client, user)

        for number in range(5):
            client.post(f"{SECOND}code/", {"code": f"00000{number}"})
        client.post(f"{SECOND}code/", {"code": code_of(secret)})

        assert not is_signed_in(client)

    def test_without_it_nobody_is_asked(self, client):
        user = UserFactory()

        assert sign_in(client, user).headers["Location"] == "/en/account/"


class TestTurningItOff:
    def test_it_needs_the_password_once_more_and_then_the_password_is_enough(self, client):
        user = UserFactory()
        with_app(user)
        client.force_login(user)
        asked = client.get(f"{SECOND}app/off/")
        assert "/reauthenticate/" in asked.headers["Location"]

        data = {"password": PASSWORD, "next": f"{SECOND}app/off/"}
        client.post(asked.headers["Location"], data, follow=True)
        client.post(f"{SECOND}app/off/")

        assert not Authenticator.objects.filter(user=user).exists()
        other = Client()
        sign_in(other, user)
        assert is_signed_in(other)


@in_every_language
def test_every_page_stands_in_our_frame(client, language):
    user = UserFactory()
    with_app(user)
    base = f"/{language}/account/second-factor/"
    pages = [Client()]
    pages[0].post(f"/{language}/account/login/", {"login": user.email, "password": PASSWORD})
    answers = [pages[0].get(f"{base}code/")]
    client.force_login(user)
    answers += [client.get(base), client.get(f"{base}confirm/")]
    client.post(f"/{language}/account/reauthenticate/", {"password": PASSWORD, "next": base})
    answers += [client.get(f"{base}{address}") for address in ("app/off/", "codes/", "codes/new/")]

    for response in answers:
        soup = parse(response)
        assert response.status_code == 200
        assert soup.html["lang"] == language
        assert len(soup.select("h1")) == 1
        assert soup.select_one("header.top a.brand")
        assert soup.select_one("a#exit")


def test_a_path_draws_every_dark_module_and_no_other():
    import segno

    text = "https://setuju.example/ms/certificate/ABCDEFGHJK/"
    matrix = segno.make(text, error="m", micro=False).matrix
    unit = qr.SIDE / (len(matrix) + 2 * qr.QUIET)
    drawn = set()
    for x, y, length in re.findall(r"M([\d.]+) ([\d.]+)h([\d.]+)", qr.path(text)):
        column, row, count = (round(float(number) / unit) for number in (x, y, length))
        drawn |= {(column + step - qr.QUIET, row - qr.QUIET) for step in range(count)}

    assert drawn == {(x, y) for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark}
