"""An adult makes an account and proves the address: in four languages, and nobody learns who has one already."""

import re
import threading

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from audiences import letters
from audiences.models import User
from tests.factories import PASSWORD, EditorFactory, UserFactory
from tests.reading import parse, words
from tests.site import LANGUAGES

pytestmark = pytest.mark.django_db
in_every_language = pytest.mark.parametrize("language", LANGUAGES)
DUMMY = "django.core.mail.backends.dummy.EmailBackend"
CODE = re.compile(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$|^[A-Z0-9]{6,8}$", re.MULTILINE)


@pytest.fixture(autouse=True)
def _quick_and_without_a_past(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


def sign_up(client, email="new@example.org", *, audience="caregiver", password=PASSWORD, language="en", **extra):
    data = {"email": email, "password1": password, "audience": audience}
    return client.post(f"/{language}/account/signup/", data, **extra)


def code_in(letter):
    return CODE.search(letter.body)[0]


def type_code(client, code, language="en", **extra):
    return client.post(f"/{language}/account/confirm-email/", {"code": code}, **extra)


def is_signed_in(client):
    return "_auth_user_id" in client.session


def tr(language, text):
    with translation.override(language):
        return gettext(text)


def without_tokens(response, *words_apart):
    text = re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", response.content)
    for word in words_apart:
        text = text.replace(word.encode(), b"*")
    return text


class TestSigningUp:
    @in_every_language
    @pytest.mark.parametrize(("audience", "first"), [("teacher", "class/"), ("caregiver", "account/")])
    def test_a_code_from_the_letter_opens_the_account(self, client, language, audience, first):
        asked = sign_up(client, audience=audience, language=language)
        assert asked.headers["Location"] == f"/{language}/account/confirm-email/"
        assert not is_signed_in(client)

        response = type_code(client, code_in(mail.outbox[0]), language)

        assert response.headers["Location"] == f"/{language}/{first}"
        assert is_signed_in(client)
        user = User.objects.get(email="new@example.org")
        assert user.audience == audience
        assert EmailAddress.objects.get(user=user).verified

    @in_every_language
    def test_the_form_asks_for_three_things_in_the_readers_language(self, client, language):
        soup = parse(client.get(f"/{language}/account/signup/"))

        fields = soup.select("main form input:not([type=hidden])")
        assert {field["name"] for field in fields} == {"email", "password1", "audience"}
        assert len(soup.select("fieldset legend")) == 1
        for field in fields:
            assert soup.select_one(f'label[for="{field["id"]}"]').get_text().strip()

    @in_every_language
    def test_mistakes_are_said_beside_their_fields_and_keep_what_was_typed(self, client, language):
        soup = parse(sign_up(client, "someone@example.org", password="short", language=language))

        assert "12" in words(soup.select_one("main form .errorlist"))
        assert soup.select_one("[name=email]")["value"] == "someone@example.org"
        assert soup.select_one("[name=audience][checked]")["value"] == "caregiver"
        assert not User.objects.filter(email="someone@example.org").exists()

    @pytest.mark.parametrize("audience", ["", "student", "admin"])
    def test_nobody_signs_up_as_a_pupil_or_as_nobody(self, client, audience):
        soup = parse(sign_up(client, audience=audience))

        assert soup.select_one("fieldset .errorlist")
        assert not User.objects.filter(email="new@example.org").exists()

    @pytest.mark.parametrize("field", ["is_staff", "is_superuser", "is_active", "learner"])
    def test_nobody_gives_themselves_rights(self, client, field):
        data = {"email": "new@example.org", "password1": PASSWORD, "audience": "teacher", field: "1"}

        client.post("/en/account/signup/", data)

        user = User.objects.get(email="new@example.org")
        assert (user.is_staff, user.is_superuser) == (False, False)

    @in_every_language
    def test_the_letter_is_plain_neutral_and_in_the_readers_language(self, client, language, settings):
        settings.SITE_URL, settings.ALLOWED_HOSTS = "https://setuju.example", ["*"]

        sign_up(client, language=language, headers={"host": "evil.example"})

        (letter,) = mail.outbox
        assert letter.subject == tr(language, "Please Confirm Your Email Address")
        assert tr(language, "Your code:") in letter.body
        assert letter.alternatives == []
        assert "evil.example" not in letter.body + letter.subject
        assert not re.search("deepfake|consent|sex|abuse", letter.subject + letter.body, re.IGNORECASE)

    def test_without_the_code_the_password_opens_nothing(self, client):
        sign_up(client)
        other = Client()

        other.post("/en/account/login/", {"login": "new@example.org", "password": PASSWORD})

        assert not is_signed_in(other)

    def test_a_code_cannot_be_guessed(self, client):
        sign_up(client)
        code = code_in(mail.outbox[0])

        for _try in range(3):
            type_code(client, "AAAA-AAAA")
        type_code(client, code)

        assert not is_signed_in(client)

    def test_half_an_account_is_not_left_behind(self, client, monkeypatch):
        """An account without a row for its address would count as made by an editor, and open without proof."""

        def fail(*args):
            raise OSError

        monkeypatch.setattr("allauth.account.forms.setup_user_email", fail)
        with pytest.raises(OSError):
            sign_up(client)

        assert not User.objects.filter(email="new@example.org").exists()


class TestWhoHasAnAccount:
    def test_a_known_and_an_unknown_address_get_the_same_answers(self, client):
        known = UserFactory(email="aaaaaa@example.org").email
        first, second = Client(), Client()

        one, two = sign_up(first, known), sign_up(second, "bbbbbb@example.org")
        assert (one.status_code, one.headers["Location"]) == (two.status_code, two.headers["Location"])
        pages = [each.get("/en/account/confirm-email/") for each in (first, second)]
        assert without_tokens(pages[0], "aaaaaa") == without_tokens(pages[1], "bbbbbb")
        wrong = [type_code(each, "AAAA-AAAA") for each in (first, second)]
        assert [response.status_code for response in wrong] == [200, 200]
        assert without_tokens(wrong[0], "aaaaaa") == without_tokens(wrong[1], "bbbbbb")
        resent = [each.post("/en/account/confirm-email/", {"action": "resend"}) for each in (first, second)]
        assert [response.status_code for response in resent] == [429, 429]  # each had a letter just now

    def test_its_owner_is_told_by_letter_without_a_code(self, client, settings):
        settings.SITE_URL, settings.ALLOWED_HOSTS = "https://setuju.example", ["*"]
        known = UserFactory().email

        sign_up(client, known, headers={"host": "evil.example"})

        (letter,) = mail.outbox
        assert letter.to == [known]
        assert "https://setuju.example/en/account/password/reset/" in letter.body
        assert "evil.example" not in letter.body
        assert not CODE.search(letter.body)

    def test_no_answer_to_a_sign_in_code_says_it_either(self, client):
        known = UserFactory(email="aaaaaa@example.org").email
        first, second = Client(), Client()

        one = first.post("/en/account/login/code/", {"email": known}, follow=True)
        two = second.post("/en/account/login/code/", {"email": "bbbbbb@example.org"}, follow=True)

        assert without_tokens(one, "aaaaaa") == without_tokens(two, "bbbbbb")
        assert [letter.to for letter in mail.outbox] == [[known]]

    def test_a_new_and_a_known_address_cost_one_hash_each(self, client, monkeypatch):
        from django.contrib.auth import hashers

        calls = []
        hasher = hashers.get_hasher()
        encode = type(hasher).encode
        monkeypatch.setattr(type(hasher), "encode", lambda *args: calls.append(1) or encode(*args))
        counts = []
        for email in ("new@example.org", UserFactory().email):
            calls.clear()
            sign_up(Client(), email)
            counts.append(len(calls))

        assert counts[0] == counts[1] == 1


class TestSignInCode:
    @in_every_language
    def test_a_code_from_the_letter_signs_in(self, client, language):
        user = UserFactory()

        asked = client.post(f"/{language}/account/login/code/", {"email": user.email})
        assert asked.headers["Location"] == f"/{language}/account/login/code/confirm/"
        (letter,) = mail.outbox
        assert letter.subject == tr(language, "Sign-In Code")
        response = client.post(asked.headers["Location"], {"code": code_in(letter)})

        assert response.headers["Location"] == f"/{language}/account/"
        assert is_signed_in(client)
        cookie = client.cookies["s"]
        assert not cookie["max-age"]
        assert not cookie["expires"]

    def test_it_leads_to_where_one_wanted_to_go_and_to_no_other_site(self):
        for target, place in (("/en/help/", "/en/help/"), ("https://evil.example/", "/en/account/")):
            client = Client()
            page = client.post(f"/en/account/login/code/?next={target}", {"email": UserFactory().email, "next": target})
            response = client.post(page.headers["Location"], {"code": code_in(mail.outbox[-1]), "next": target})
            assert response.headers["Location"] == place

    def test_three_wrong_tries_end_it(self, client):
        user = UserFactory()
        client.post("/en/account/login/code/", {"email": user.email})
        code = code_in(mail.outbox[0])

        for _try in range(3):
            client.post("/en/account/login/code/confirm/", {"code": "AAAA-AAAA"})
        client.post("/en/account/login/code/confirm/", {"code": code})

        assert not is_signed_in(client)

    def test_a_code_is_good_in_the_browser_that_asked_for_it_only(self, client):
        user = UserFactory()
        client.post("/en/account/login/code/", {"email": user.email})
        thief = Client()
        thief.post("/en/account/login/code/", {"email": "thief@example.org"})

        thief.post("/en/account/login/code/confirm/", {"code": code_in(mail.outbox[0])})

        assert not is_signed_in(thief)


class TestChangingTheAddress:
    def test_the_new_one_counts_when_its_code_was_typed(self, client):
        user = UserFactory()
        client.post("/en/account/login/", {"login": user.email, "password": PASSWORD})
        asked = client.post("/en/account/email/", {"email": "new@example.org", "action_add": "1"})
        assert asked.headers["Location"].startswith("/en/account/reauthenticate/")
        sent = client.post(asked.headers["Location"], {"password": PASSWORD, "next": "/en/account/email/"})
        assert sent.headers["Location"] == "/en/account/confirm-email/"
        user.refresh_from_db()
        assert user.email != "new@example.org"

        type_code(client, code_in(mail.outbox[-1]))

        user.refresh_from_db()
        assert user.email == "new@example.org"
        assert [address.email for address in user.emailaddress_set.all()] == ["new@example.org"]

    def test_one_that_belongs_to_somebody_else_is_not_said_to(self, client):
        other, user = UserFactory(), UserFactory()
        client.post("/en/account/login/", {"login": user.email, "password": PASSWORD})
        asked = client.post("/en/account/email/", {"email": other.email, "action_add": "1"})

        sent = client.post(asked.headers["Location"], {"password": PASSWORD, "next": "/en/account/email/"})

        assert sent.headers["Location"] == "/en/account/confirm-email/"

    @pytest.mark.parametrize("door", ["login/code/", "password/reset/"])
    def test_one_that_an_editor_took_away_opens_nothing_any_more(self, client, door):
        user = UserFactory(email="stolen@example.org")
        client.post("/en/account/login/", {"login": user.email, "password": PASSWORD})
        assert user.emailaddress_set.filter(email="stolen@example.org", verified=True).exists()
        user.email = "safe@example.org"
        user.save()

        Client().post(f"/en/account/{door}", {"email": "stolen@example.org"})

        assert mail.outbox == []

    def test_capitals_make_no_difference(self, client):
        User.objects.create_user("Colleague@Example.org", PASSWORD)

        client.post("/en/account/login/", {"login": "cOLLEAGUE@example.ORG", "password": PASSWORD})

        assert is_signed_in(client)


class TestWithoutLetters:
    @pytest.fixture(autouse=True)
    def _no_mail_server(self, settings):
        settings.EMAIL_BACKEND = DUMMY

    @in_every_language
    @pytest.mark.parametrize("address", ["signup/", "login/code/", "password/reset/"])
    def test_the_doors_that_need_one_are_closed_and_say_what_to_do(self, client, language, address):
        data = {"email": "new@example.org", "password1": PASSWORD, "audience": "teacher"}

        for response in (
            client.get(f"/{language}/account/{address}"),
            client.post(f"/{language}/account/{address}", data),
        ):
            soup = parse(response)
            assert words(soup.h1) == tr(language, "This site sends no letters")
            assert not soup.select("main form")
            assert soup.select_one('main a[href$="/account/login/"]')
        assert not User.objects.filter(email="new@example.org").exists()

    def test_an_account_that_an_editor_made_opens_without_a_letter(self, client):
        user = User.objects.create_user("Colleague@example.org", PASSWORD)

        client.post("/en/account/login/", {"login": "colleague@example.org", "password": PASSWORD})

        assert is_signed_in(client)
        assert EmailAddress.objects.get(user=user).verified

    def test_so_does_one_whose_address_an_editor_changed(self, client):
        user = UserFactory()
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        user.email = "moved@example.org"
        user.save()

        client.post("/en/account/login/", {"login": "moved@example.org", "password": PASSWORD})

        assert is_signed_in(client)
        assert [address.email for address in EmailAddress.objects.filter(user=user)] == ["moved@example.org"]


class TestLimits:
    def test_a_staff_room_of_sixty_signs_up_from_one_address(self, client):
        for number in range(60):
            teacher = Client()
            sign_up(teacher, f"t{number}@example.org", password="short")
            assert sign_up(teacher, f"t{number}@example.org", audience="teacher").status_code == 302
            assert type_code(teacher, code_in(mail.outbox[-1])).status_code == 302
            assert is_signed_in(teacher)

    def test_and_asks_for_sign_in_codes(self):
        for user in UserFactory.create_batch(60):
            teacher = Client()
            page = teacher.post("/en/account/login/code/", {"email": user.email})
            teacher.post(page.headers["Location"], {"code": code_in(mail.outbox[-1])})
            assert is_signed_in(teacher)

    def test_more_than_that_is_stopped(self):
        statuses = [sign_up(Client(), f"t{number}@example.org", audience="").status_code for number in range(122)]

        assert statuses[:120] == [200] * 120
        assert statuses[-1] == 429

    def test_nobody_is_flooded_with_letters(self):
        user = UserFactory()

        for number in range(8):
            Client().post("/en/account/login/code/", {"email": user.email}, REMOTE_ADDR=f"192.0.2.{number}")

        assert len(mail.outbox) == 3


class TestFirstPage:
    @pytest.mark.parametrize(
        ("factory", "fields", "place"),
        [
            (UserFactory, {"audience": "teacher"}, "/ta/class/"),
            (UserFactory, {"audience": "caregiver"}, "/ta/account/"),
            (UserFactory, {"is_staff": True}, "/ta/account/"),
            (EditorFactory, {"audience": "teacher"}, "/admin/"),
        ],
    )
    def test_everybody_lands_where_they_work(self, client, factory, fields, place):
        user = factory(**fields)

        response = client.post("/ta/account/login/", {"login": user.email, "password": PASSWORD})

        assert response.headers["Location"] == place


class TestLetters:
    @pytest.fixture
    def backend(self, monkeypatch):
        """The site's own backend, with a mail server that takes its time."""
        sent, may_go = [], threading.Event()

        def slow(self, messages):
            may_go.wait(10)
            if any("broken" in message for message in messages):
                raise OSError("no mail server")
            sent.extend(messages)

        monkeypatch.setattr(letters.Smtp, "send_messages", slow)
        yield letters.EmailBackend(), sent, may_go
        may_go.set()

    def test_nobody_waits_for_the_mail_server(self, backend):
        mailer, sent, may_go = backend

        assert mailer.send_messages(["a letter"]) == 1
        assert sent == []
        may_go.set()
        letters.carrier().submit(int).result(10)

        assert sent == ["a letter"]

    def test_one_that_fails_is_logged_and_harms_no_other(self, backend, caplog):
        mailer, sent, may_go = backend
        may_go.set()

        mailer.send_messages(["broken"])
        mailer.send_messages(["the next"])
        letters.carrier().submit(int).result(10)

        assert sent == ["the next"]
        assert "letter not sent" in caplog.text
