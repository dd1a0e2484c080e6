"""`join/` and `seat/`: in with a code and nothing else, out again, and nothing to be found out by guessing."""

import time

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from audiences import class_sessions, pictures, seats
from audiences.models import Seat
from quizzes.models import Attempt, Response
from tests.audiences.running import Pupil, opened
from tests.reading import parse, words
from tests.site import LANGUAGES

pytestmark = pytest.mark.django_db
in_every_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(autouse=True)
def _nobody_tried_before():
    cache.clear()


@pytest.fixture
def session():
    return opened()


class TestTheCode:
    @in_every_language
    def test_a_code_gives_a_seat_with_a_picture_in_ones_language(self, session, language):
        pupil = Pupil(language)

        response = pupil.join(session.code)

        assert (response.status_code, response["Location"]) == (302, f"/{language}/seat/")
        name = words(pupil.page("seat/").select_one(".seat-name"))
        assert name
        assert Seat.objects.get().session == session

    @pytest.mark.parametrize("gap", ["", " ", "-"])
    def test_a_code_may_be_typed_as_it_is_heard(self, session, gap):
        typed = f" {session.code[:3]}{gap}{session.code[3:]} ".lower()
        assert Pupil().join(typed).status_code == 302

    def test_nothing_is_typed_but_the_code(self, session):
        form = Pupil().page("join/").select_one("main form")
        assert [field["name"] for field in form.select("input:not([type=hidden])")] == ["code"]

    def test_the_qr_brings_the_code_and_takes_no_seat_before_the_button(self, session):
        pupil = Pupil()
        page = pupil.page(f"join/{session.code}/")
        assert page.select_one("#code")["value"] == session.code
        assert not Seat.objects.exists()

    @in_every_language
    def test_wrong_closed_locked_and_full_say_the_same(self, session, language, monkeypatch):
        closed, locked, full = opened(), opened(), opened()
        code = closed.code
        class_sessions.close(closed)
        type(locked).objects.filter(id=locked.id).update(is_locked=True)
        monkeypatch.setattr(seats, "LARGEST", 1)
        seats.take(full.code, "somebody else")
        said = set()
        for typed in ("WRNGCD", code, locked.code, full.code, "O0IL1O", "x" * 500, "<script>"):
            pupil = Pupil(language)
            response = pupil.join(typed)
            assert response.status_code == 404
            said.add(words(parse(response).select_one(".problem")))
            assert seats.COOKIE not in pupil.client.cookies
        assert len(said) == 1

    def test_a_wrong_code_stands_in_the_field_still(self, session):
        page = parse(Pupil().join("wrngcd"))
        assert page.select_one("#code")["value"] == "wrngcd"

    def test_an_empty_code_is_asked_for(self, session):
        response = Pupil().join("")
        assert response.status_code == 400
        assert parse(response).select_one(".problem")


class TestGuessing:
    def test_a_device_that_guesses_waits_and_its_neighbours_do_not(self, session):
        guesser, neighbour = Pupil(), Pupil()
        for number in range(seats.WRONG_TRIES):
            assert guesser.join(f"WRNG{number:02}").status_code == 404
        assert guesser.join(session.code).status_code == 429
        assert neighbour.join(session.code).status_code == 302

    def test_it_waits_ten_minutes_from_its_first_wrong_try(self, session, monkeypatch):
        guesser, clock = Pupil(), {"minutes": 0}
        start = time.time()
        monkeypatch.setattr(time, "time", lambda: start + 60 * clock["minutes"])
        for number in range(seats.WRONG_TRIES):
            guesser.join(f"WRNG{number:02}")
        clock["minutes"] = 9
        assert guesser.join(session.code).status_code == 429
        clock["minutes"] = 11
        assert guesser.join(session.code).status_code == 302

    def test_forty_devices_at_one_address_join_at_once(self, session):
        assert [Pupil().join(session.code).status_code for _ in range(40)] == [302] * 40

    def test_one_code_is_not_tried_without_end_from_fresh_devices(self, session, monkeypatch):
        monkeypatch.setattr(seats, "TRIES_A_CODE", 5)
        seated = Pupil()
        seated.join(session.code)
        session.is_locked = True
        session.save()

        answers = [Pupil().join(session.code).status_code for _ in range(7)]

        assert answers == [404] * 5 + [429] * 2
        assert seated.join(session.code).status_code == 302

    def test_one_pupil_who_presses_without_end_keeps_nobody_out(self, session, monkeypatch):
        monkeypatch.setattr(seats, "TRIES_A_CODE", 5)
        pupil = Pupil()
        assert [pupil.join(session.code).status_code for _ in range(8)] == [302] * 8
        assert [Pupil().join(session.code).status_code for _ in range(8)] == [302] * 8

    def test_a_locked_code_is_no_more_worth_trying_than_a_wrong_one(self, session):
        session.is_locked = True
        session.save()
        pupil = Pupil()
        answers = [pupil.join(session.code).status_code for _ in range(seats.WRONG_TRIES + 1)]
        assert answers == [404] * seats.WRONG_TRIES + [429]

    @pytest.mark.parametrize("typed", ["\x00ABCDE", "ABC", "ABCDEFG", "ÄBCDEF", "１２３４５６", "IL01OO"])
    def test_what_cannot_be_a_code_is_answered_like_a_wrong_one(self, typed):
        assert Pupil().join(typed).status_code == 404


class TestTheSeat:
    def test_the_same_device_gets_the_same_seat_again(self, session):
        pupil = Pupil()
        pupil.join(session.code)
        pupil.join(session.code)
        assert Seat.objects.count() == 1

    def test_an_answer_that_never_arrived_costs_no_second_seat(self, session):
        pupil = Pupil()
        pupil.join(session.code)
        del pupil.client.cookies[seats.COOKIE]
        pupil.join(session.code)
        assert Seat.objects.count() == 1

    def test_the_next_one_at_a_device_gets_another_seat(self, session):
        pupil = Pupil()
        pupil.join(session.code)
        response = pupil.client.post("/en/seat/leave/")
        assert '"storage"' in response.headers["Clear-Site-Data"]
        pupil.join(session.code)
        assert Seat.objects.count() == 2

    def test_no_two_seats_have_the_same_picture(self, session):
        for _ in range(30):
            Pupil().join(session.code)
        assert len(set(Seat.objects.values_list("picture", flat=True))) == 30

    def test_only_a_digest_of_the_token_is_stored(self, session):
        pupil = Pupil()
        pupil.join(session.code)
        token = pupil.client.cookies[seats.COOKIE].value.partition(".")[2]
        assert token not in str(list(Seat.objects.values()))

    def test_the_cookie_is_for_the_server_alone(self, session):
        pupil = Pupil()
        cookie = pupil.join(session.code).cookies[seats.COOKIE]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert bool(cookie["secure"]) == settings.HTTPS

    @pytest.mark.parametrize("cookie", ["", "x", "0" * 97, f"{'0' * 32}.{'0' * 64}", "é" * 40, "a.b.c"])
    def test_a_made_up_seat_is_none(self, session, cookie):
        client = Client()
        client.cookies[seats.COOKIE] = cookie
        response = client.get("/en/student/s3/4/quiz/")
        assert response.status_code in (200, 302)
        assert not Attempt.objects.exists()

    def test_leaving_quickly_gives_the_seat_back_to_nobody(self, session):
        pupil = Pupil()
        pupil.join(session.code)
        pupil.client.post("/x/")
        assert not pupil.client.cookies[seats.COOKIE].value
        assert "seat-chip" not in pupil.client.get("/en/student/s3/4/").content.decode()

    def test_every_page_says_which_seat_one_has(self, session):
        pupil = Pupil()
        pupil.join(session.code)
        chip = pupil.page("student/s3/4/").select_one(".seat-chip")
        assert chip["href"] == "/en/seat/"


class TestAnswering:
    def test_what_a_seat_answers_is_stored_without_anything_of_the_child(self, session):
        pupil = Pupil()
        pupil.join(session.code)
        item = next(item for item in class_sessions.items_of(session, "en") if item["type"] == "true-false")
        response = pupil.save(item, "true")
        assert response.status_code == 200
        stored = Response.objects.get()
        assert stored.attempt.learner == Seat.objects.get().learner
        columns = {field.name for field in Seat._meta.fields}
        assert columns == {"id", "session", "token", "learner", "picture", "attempt"}

    def test_the_language_may_change_half_way(self, session):
        pupil = Pupil("ta")
        pupil.join(session.code)
        item = next(item for item in class_sessions.items_of(session, "en") if item["type"] == "true-false")
        pupil.save(item, "true")
        for language in LANGUAGES:
            page = parse(pupil.client.get(f"/{language}/student/s3/4/quiz/"))
            assert page.select_one(f'fieldset[data-item="{item["id"]}"] input[checked]')["value"] == "true"

    def test_one_seat_does_not_see_anothers_answers(self, session):
        one, other = Pupil(), Pupil()
        one.join(session.code)
        other.join(session.code)
        item = next(item for item in class_sessions.items_of(session, "en") if item["type"] == "true-false")
        one.save(item, "true")
        assert not parse(other.client.get("/en/student/s3/4/quiz/")).select("fieldset input[checked]")
        attempt = Response.objects.get().attempt_id
        body = {"choices": "false", "sequence": 9}
        path = f"/en/api/1/attempts/{attempt}/responses/{item['id']}/"
        assert other.client.put(path, body, content_type="application/json").status_code == 404


class TestOneGo:
    def test_a_seat_takes_the_quiz_of_its_session_once(self, session):
        pupil = Pupil()
        pupil.join(session.code)
        attempt = pupil.seat.attempt_id
        path = f"/en/api/1/attempts/{attempt}/submit/"
        assert pupil.client.post(path, {"responses": []}, content_type="application/json").status_code == 200
        page = parse(pupil.client.get("/en/student/s3/4/quiz/"))
        assert page.select_one("#quiz[data-done]")
        assert not page.select("[name=again]")
        body = {"quiz": str(session.version.quiz), "after": str(attempt)}
        again = pupil.client.post("/en/api/1/attempts/", body, content_type="application/json")
        assert (again.status_code, again.json()["code"]) == (409, "attempt_closed")
        posted = pupil.client.post("/en/student/s3/4/quiz/", {"again": "1", "after": str(attempt)})
        assert posted.status_code == 409
        assert Attempt.objects.count() == 1

    def test_in_every_other_quiz_it_is_a_visitor_of_whom_nothing_is_stored(self, session):
        pupil = Pupil()
        pupil.join(session.code)
        page = parse(pupil.client.get("/en/student/s2/4/quiz/"))
        assert not page.select_one("#quiz").has_attr("data-learner")
        pupil.client.post("/en/student/s2/4/quiz/", {"check": "all"})
        assert Attempt.objects.count() == 1


class TestTheEnd:
    @in_every_language
    def test_a_seat_of_a_closed_session_is_told_so_once_with_the_way_back(self, session, language):
        pupil = Pupil(language)
        pupil.join(session.code)
        class_sessions.close(session)

        response = pupil.client.get(f"/{language}/student/s3/4/quiz/")
        assert (response.status_code, response["Location"]) == (302, f"/{language}/seat/")
        page = parse(pupil.client.get(f"/{language}/seat/"))
        assert page.select_one(f'main a[href="/{language}/student/s3/4/"]')
        assert pupil.client.get(f"/{language}/student/s3/4/quiz/").status_code == 200

    def test_an_answer_after_the_close_is_refused_with_a_code(self, session):
        pupil = Pupil()
        pupil.join(session.code)
        item = class_sessions.items_of(session, "en")[0]
        attempt = Seat.objects.get().attempt_id
        class_sessions.close(session)
        response = pupil.save(item, "agree", attempt=attempt)
        assert (response.status_code, response.json()["code"]) == (410, "session_ended")
        assert not Response.objects.exists()

    def test_help_and_leaving_stay_open(self, session):
        pupil = Pupil()
        pupil.join(session.code)
        class_sessions.close(session)
        assert pupil.client.get("/en/help/").status_code == 200
        assert pupil.client.post("/x/").status_code == 204

    def test_without_a_seat_the_place_leads_to_the_code(self):
        assert Client().get("/en/seat/")["Location"] == "/en/join/"


@in_every_language
def test_every_picture_has_a_name_of_its_own(language):
    with translation.override(language):
        names = [pictures.picture(number)["name"] for number in range(pictures.COUNT)]
    assert len(set(names)) == len(names) == 96


def test_every_picture_is_drawn():
    drawn = (settings.BASE_DIR / "static" / "img" / "seats.svg").read_text()
    styled = (settings.BASE_DIR / "static" / "css" / "class.css").read_text()
    for colour, _name in pictures.COLOURS:
        assert f".is-{colour} " in styled
    for thing, _name in pictures.THINGS:
        assert f'id="{thing}"' in drawn
