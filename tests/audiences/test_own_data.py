"""An adult's account is theirs: to see, to change, to take along and to delete, with all that hangs on it."""

import json

import pytest
from django.core.cache import cache
from django.db import IntegrityError
from django.test import Client

from audiences import class_sessions, own_data
from audiences.models import Certificate, Classroom, ClassSession, Seat, Tally, User
from curriculum.models import LessonPage
from quizzes.models import Attempt, QuizPage, Response
from quizzes.versions import current_version
from tests.audiences.running import Pupil, item_of, opened, taught_twice
from tests.factories import PASSWORD, EditorFactory, UserFactory
from tests.reading import page_at, parse, words
from tests.site import LANGUAGES

pytestmark = pytest.mark.django_db
in_every_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(autouse=True)
def _quick_and_without_a_past(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


@pytest.fixture
def quiz():
    return page_at("/en/caregiver/p/4/quiz/", QuizPage)


def signed_in(user, *, confirmed=True):
    """A browser whose owner has just typed the password, unless not."""
    client = Client()
    client.post("/en/account/login/", {"login": user.email, "password": PASSWORD})
    if confirmed:
        client.post("/en/account/reauthenticate/", {"password": PASSWORD, "next": "/en/account/"})
    return client


def answered(learner, quiz):
    """An attempt with the first choice of each item that has choices."""
    attempt = Attempt.objects.create(learner=learner, quiz=quiz.translation_key, version=current_version(quiz))
    for item in quiz.item_list:
        if item["type"] in ("single-choice", "scenario", "picture-choice"):
            Response.objects.create(attempt=attempt, item=item["id"], choices=item["choices"][0]["id"], sequence=1)
    return attempt


def full_account(quiz, **fields):
    """A teacher of whom everything is kept that can be."""
    user = UserFactory(audience="teacher", **fields)
    answered(user.learner, quiz)
    course = page_at("/en/caregiver/p/")
    Certificate.objects.create(holder=user, course=course.translation_key, name="Tan Mei Ling")
    lesson = quiz.get_parent()
    classroom = Classroom.objects.create(
        teacher=user, label="3 Bestari", tier="S3", languages=["ms"], lessons=[str(lesson.translation_key)]
    )
    session = ClassSession.objects.create(
        classroom=classroom, lesson=lesson.translation_key, version=current_version(quiz), minutes=40
    )
    seat = Seat.objects.create(session=session, token=user.learner.hex * 2, picture=1)
    answered(seat.learner, quiz)
    Tally.objects.create(session=session, item="first", source="paper", answered=31, right=20, chosen={"a": 20})
    return user


class TestAccountPage:
    @in_every_language
    def test_it_leads_to_all_that_can_be_done(self, client, language, quiz):
        client.force_login(full_account(quiz, email="mei@example.org"))

        response = client.get(f"/{language}/account/")

        soup = parse(response)
        base = f"/{language}/account/"
        links = {link["href"] for link in soup.select("main a")}
        assert {
            f"{base}{way}" for way in ("email/", "password/change/", "second-factor/", "export/", "delete/")
        } <= links
        assert f"/{language}/class/" in links
        assert soup.select_one(f'form[action="{base}logout/"] button')
        assert "mei@example.org" in words(soup)
        assert len(soup.select("h1")) == 1
        assert soup.html["lang"] == language
        assert "no-store" in response.headers["Cache-Control"]

    def test_it_is_not_open_to_strangers(self, client):
        assert client.get("/en/account/").headers["Location"] == "/en/account/login/?next=/en/account/"

    def test_who_one_is_here_can_be_changed(self, client):
        user = UserFactory(audience="caregiver")
        client.force_login(user)

        page = client.post("/en/account/audience/", {"audience": "teacher"}, follow=True)

        user.refresh_from_db()
        assert user.audience == "teacher"
        assert parse(page).select_one("[name=audience][checked]")["value"] == "teacher"

    @pytest.mark.parametrize("data", [{}, {"audience": "student"}, {"audience": "teacher", "is_superuser": "1"}])
    def test_but_not_into_a_pupil_or_an_administrator(self, client, data):
        user = UserFactory(audience="caregiver")
        client.force_login(user)

        client.post("/en/account/audience/", data)

        user.refresh_from_db()
        assert user.audience in ("caregiver", "teacher")
        assert not user.is_superuser


class TestExport:
    def test_it_is_one_file_with_everything_in_words(self, quiz):
        user = full_account(quiz, email="mei@example.org")

        response = signed_in(user).get("/ta/account/export/")

        assert response.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
        assert "no-store" in response.headers["Cache-Control"]
        data = json.loads(response.content)
        assert data["account"]["email"] == "mei@example.org"
        here = page_at("/ta/caregiver/p/4/quiz/", QuizPage)
        (attempt,) = data["quizzes"]
        assert attempt["lesson"] == here.get_parent().title
        item = next(item for item in here.item_list if item["type"] in ("single-choice", "scenario"))
        assert {"question": item["prompt"], "answer": item["choices"][0]["text"]} in attempt["answers"]
        assert data["certificates"][0]["name"] == "Tan Mei Ling"
        assert data["certificates"][0]["course"] == page_at("/ta/caregiver/p/").title
        (classroom,) = data["classes"]
        assert classroom["label"] == "3 Bestari"
        assert classroom["lessons"] == [here.get_parent().title]
        assert classroom["sessions"][0]["numbers_from_paper"][0]["answered"] == 31

    def test_of_what_pupils_answered_it_tells_no_more_than_the_results(self):
        user = UserFactory(audience="teacher")
        classroom = taught_twice(user)
        session = classroom.sessions.last()
        claim = item_of(session, "true-false")
        session.tallies.filter(item=claim["id"]).update(answered=973, right=972, chosen={"true": 972, "false": 1})

        data = json.loads(signed_in(user).get("/en/account/export/").content)

        told = next(found for found in data["classes"][0]["sessions"] if "973" in str(found))
        assert told["numbers_from_paper"] == []
        assert claim["prompt"] in str(told["results"])
        assert "972" not in str(told)

    def test_it_says_which_outcome_a_myth_belongs_to(self):
        user = UserFactory(audience="teacher")
        session = taught_twice(user).sessions.first()
        item = next(each for each in class_sessions.items_of(session, "ta") if each.get("myth"))
        lesson = LessonPage.objects.get(translation_key=session.lesson, locale__language_code="ta")

        data = json.loads(signed_in(user).get("/ta/account/export/").content)

        told = data["classes"][0]["sessions"][0]
        assert told["lesson"] == lesson.title
        assert lesson.outcomes.get(key=item["outcome"]).text in str(told["results"])

    def test_nothing_of_a_pupil_and_nothing_of_another_account_is_in_it(self, quiz):
        user, other = full_account(quiz), full_account(quiz, email="other@example.org")
        seats = Seat.objects.filter(session__classroom__teacher=user)

        text = signed_in(user).get("/en/account/export/").content.decode()

        assert "other@example.org" not in text
        assert other.certificates.get().code not in text
        assert all(str(seat.learner) not in text and seat.token not in text for seat in seats)
        assert user.password not in text

    @pytest.mark.parametrize("kind", ["order", "match", "branching", "multiple-choice", "true-false"])
    def test_every_kind_of_answer_has_words(self, kind):
        choices = [{"id": "a", "text": "A"}, {"id": "b", "text": "B", "leads_to": ""}]
        items = {
            "order": ({"entries": choices}, {"a": "2", "b": "1"}, ["B", "A"]),
            "match": (
                {"pairs": [{"id": "a", "left": "L", "right": "R"}, {"id": "b", "left": "M", "right": "S"}]},
                {"a": "b", "b": "a"},
                {"L": "S", "M": "R"},
            ),
            "branching": ({"steps": [{"id": "s", "name": "s", "choices": choices}]}, {"s": "b"}, ["B"]),
            "multiple-choice": ({"choices": choices}, ["b"], ["B"]),
            "true-false": ({}, "unsure", "unsure"),
        }
        parts, given, expected = items[kind]

        assert own_data.in_words({"type": kind, **parts}, given) == expected

    def test_it_asks_for_the_password_again(self, quiz):
        user = full_account(quiz)
        client = signed_in(user, confirmed=False)

        response = client.get("/en/account/export/")

        assert response.headers["Location"] == "/en/account/reauthenticate/?next=%2Fen%2Faccount%2Fexport%2F"

    def test_and_after_a_few_minutes_once_more(self, quiz, settings):
        client = signed_in(full_account(quiz))
        settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = -1

        assert client.get("/en/account/export/").status_code == 302


class TestDeleting:
    def delete(self, client, email, language="en"):
        return client.post(f"/{language}/account/delete/", {"email": email})

    @in_every_language
    def test_everything_goes_and_the_page_says_what(self, quiz, language):
        user = full_account(quiz)
        client = signed_in(user)

        response = self.delete(client, user.email.upper(), language)

        soup = parse(response)
        assert soup.html["lang"] == language
        assert len(soup.select("main li")) == 5
        assert "_auth_user_id" not in client.session
        assert not User.objects.filter(pk=user.pk).exists()
        for model in (Certificate, Classroom, ClassSession, Seat, Tally, Attempt, Response):
            assert not model.objects.exists(), model

    def test_nothing_of_anybody_else_goes(self, quiz):
        user, other = full_account(quiz), full_account(quiz)

        self.delete(signed_in(user), user.email)

        assert User.objects.filter(pk=other.pk).exists()
        assert Attempt.objects.count() == 2
        for model in (Certificate, Classroom, ClassSession, Seat, Tally):
            assert model.objects.count() == 1, model

    @in_every_language
    @pytest.mark.parametrize("typed", ["", "yes", "somebody@example.org"])
    def test_not_without_typing_the_address(self, quiz, language, typed):
        user = full_account(quiz)

        soup = parse(self.delete(signed_in(user), typed, language))

        assert soup.select_one("main form .errorlist")
        assert User.objects.filter(pk=user.pk).exists()
        assert Attempt.objects.count() == 2

    def test_not_by_a_link(self, quiz):
        user = full_account(quiz)

        signed_in(user).get(f"/en/account/delete/?email={user.email}")

        assert User.objects.filter(pk=user.pk).exists()

    def test_not_without_the_password(self, quiz):
        user = full_account(quiz)

        response = self.delete(signed_in(user, confirmed=False), user.email)

        assert response.headers["Location"].startswith("/en/account/reauthenticate/")
        assert User.objects.filter(pk=user.pk).exists()

    def test_all_or_nothing(self, quiz, monkeypatch):
        user = full_account(quiz)

        def fail(self):
            raise IntegrityError

        monkeypatch.setattr(User, "delete", fail)
        with pytest.raises(IntegrityError):
            own_data.erase(user)

        assert Attempt.objects.count() == 2

    @in_every_language
    def test_the_only_administrator_cannot_leave_by_accident(self, language):
        User.objects.filter(is_superuser=True).delete()
        editor = EditorFactory()
        client = signed_in(editor)

        for response in (client.get(f"/{language}/account/delete/"), self.delete(client, editor.email, language)):
            assert response.status_code == 403
            assert parse(response).select_one("main [role=alert]")
            assert not parse(response).select("main form")
        assert User.objects.filter(pk=editor.pk).exists()
        with pytest.raises(own_data.OnlySuperuser):
            own_data.erase(editor)

    def test_one_of_two_can(self):
        EditorFactory()
        editor = EditorFactory()

        self.delete(signed_in(editor), editor.email)

        assert not User.objects.filter(pk=editor.pk).exists()

    def test_somebody_who_left_is_no_second_administrator(self):
        User.objects.filter(is_superuser=True).delete()
        EditorFactory(is_active=False)
        editor = EditorFactory()

        self.delete(signed_in(editor), editor.email)

        assert User.objects.filter(pk=editor.pk).exists()


class TestDeletionByAnEditor:
    """In the admin, where nobody passes by the account's own page."""

    def delete(self, editor, user, *, bulk):
        client = Client()
        client.force_login(editor)
        if bulk:
            return client.post(f"/admin/bulk/audiences/user/delete/?id={user.pk}")
        return client.post(f"/admin/users/delete/{user.pk}/")

    @pytest.mark.parametrize("bulk", [False, True])
    def test_no_answer_of_a_pupil_is_left_behind(self, quiz, bulk):
        teacher = UserFactory(audience="teacher")
        session = opened(teacher)
        claim = item_of(session, "true-false")
        pupil = Pupil()
        pupil.join(session.code)
        pupil.save(claim, "true")
        answered(teacher.learner, quiz)

        self.delete(EditorFactory(is_superuser=True, is_staff=True), teacher, bulk=bulk)

        assert not User.objects.filter(pk=teacher.pk).exists()
        assert [model.objects.count() for model in (Classroom, ClassSession, Seat, Attempt, Response)] == [0] * 5
