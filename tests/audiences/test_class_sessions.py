"""Opening, revealing and closing a session: what is counted, and that nothing else stays."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from audiences import class_sessions, seats
from audiences.models import ClassSession, Seat, Tally
from audiences.models.classes import OPEN_FOR, Source
from quizzes import taking
from quizzes.models import Attempt, QuizPage, QuizVersion, Response
from tests.audiences.running import opened, opened_with_every_item
from tests.quizzes.answering import response

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return opened()


def sit(session, number):
    return [seats.take(session.code, f"device {place}").seat for place in range(number)]


def answer(seat, item, choices, sequence=1):
    taking.save(seat.learner, seat.attempt_id, taking.Answer(item["id"], choices, sequence))


def items_of(session):
    return {item["type"] + item.get("moment", ""): item for item in class_sessions.items_of(session, "en")}


class TestOpening:
    def test_a_code_has_six_letters_that_are_read_right_from_the_back_row(self, session):
        assert len(session.code) == 6
        assert not set(session.code) & set("ILO01")
        assert session.code == session.code.upper()

    def test_two_sessions_at_once_have_two_codes(self, session):
        other = opened()
        assert other.code != session.code
        assert len({seat.session_id for seat in (*sit(session, 2), *sit(other, 2))}) == 2

    def test_a_code_that_another_class_has_is_drawn_anew(self, session, monkeypatch):
        codes = iter([session.code, session.code, "ABCDEF"])
        monkeypatch.setattr(ClassSession._meta.get_field("code"), "default", lambda: next(codes))
        monkeypatch.setattr(ClassSession._meta.get_field("code"), "_get_default", lambda: next(codes))
        assert opened().code == "ABCDEF"

    def test_dropped_questions_are_gone_in_every_language_both_times(self, session):
        asked = class_sessions.items_of(session, "en")
        twice = next(item for item in asked if item.get("moment") == "before")
        gone = twice["id"].removesuffix("-before")
        shorter = opened(dropped=[gone])
        for language in ("ms", "en", "zh-hans", "ta"):
            left = {item["id"] for item in class_sessions.items_of(shorter, language)}
            assert left == {item["id"] for item in asked} - {gone, twice["id"]}

    def test_a_seat_meets_the_questions_of_its_session_not_those_of_the_page(self, session):
        gone = class_sessions.items_of(session, "en")[-1]["id"]
        seat = sit(opened(dropped=[gone]), 1)[0]
        assert gone not in {item["id"] for item in seat.attempt.items("ta")}

    @pytest.mark.parametrize(
        ("minutes", "kept", "over"), [(60, "abcd", 0), (45, "abd", 0), (30, "bd", 0), (20, "bd", 5), (41, "abd", 0)]
    )
    def test_a_short_period_drops_what_may_be_dropped_the_last_first(self, minutes, kept, over):
        steps = [
            SimpleNamespace(name=name, minutes=length, optional=optional)
            for name, length, optional in (("a", 10, True), ("b", 15, False), ("c", 20, True), ("d", 10, False))
        ]
        left, dropped, excess = class_sessions.fit(steps, minutes)
        assert ("".join(step.name for step in left), excess) == (kept, over)
        assert sorted(step.name for step in (*left, *dropped)) == list("abcd")


class TestRevealing:
    def test_while_nothing_could_be_told_nothing_is_shown_and_nothing_is_kept(self, session):
        item = items_of(session)["true-false"]
        for seat in sit(session, 12)[:9]:
            answer(seat, item, "true")
        assert class_sessions.reveal(session, item["id"]) is None
        assert not Tally.objects.exists()

    def test_ten_answers_are_shown_and_later_ones_change_nothing(self, session):
        item = items_of(session)["true-false"]
        pupils = sit(session, 12)
        for seat in pupils[:10]:
            answer(seat, item, "true")
        first = class_sessions.reveal(session, item["id"])
        for seat in pupils:
            answer(seat, item, "false", sequence=2)
        again = class_sessions.reveal(session, item["id"])
        class_sessions.close(session)
        assert first.counts == again.counts == session.tallies.get(item=item["id"]).counts
        assert first.counts.chosen == {"true": 10}

    def test_an_item_of_another_quiz_is_not_revealed(self, session):
        sit(session, 5)
        assert class_sessions.reveal(session, "nonsense") is None

    def test_half_of_an_order_is_no_answer_yet(self):
        session = opened_with_every_item()
        item = items_of(session)["order"]
        pupils = sit(session, 11)
        for seat in pupils:
            answer(seat, item, response(item, right=True))
        answer(pupils[0], item, {item["entries"][0]["id"]: "1"}, sequence=2)
        assert class_sessions.reveal(session, item["id"]).answered == 10


class TestClosing:
    def test_every_answer_is_counted_and_every_seat_is_gone(self):
        session = opened_with_every_item()
        asked = class_sessions.items_of(session, "en")
        for place, seat in enumerate(sit(session, 6)):
            for item in asked:
                answer(seat, item, response(item, right=place < 4))
        class_sessions.close(session)
        for item in asked:
            counts = session.tallies.get(item=item["id"], source=Source.SEATS).counts
            assert counts.answered == 6
            if item["type"] != "agree-scale":
                assert counts.right == (4 if "moment" not in item or item["moment"] != "before" else 0)
        assert [model.objects.count() for model in (Seat, Attempt, Response)] == [0, 0, 0]
        assert (session.joined, session.finished, session.code) == (6, 0, None)

    def test_a_skip_is_counted_as_a_skip(self, session):
        item = items_of(session)["true-false"]
        answer(sit(session, 1)[0], item, "")
        class_sessions.close(session)
        counts = session.tallies.get(item=item["id"]).counts
        assert (counts.answered, counts.skipped) == (0, 1)

    def test_an_attempt_beside_that_of_the_seat_is_not_counted_and_goes_too(self, session):
        item = items_of(session)["true-false"]
        seat = sit(session, 1)[0]
        answer(seat, item, "true")
        taking.submit(seat.learner, seat.attempt_id, [])
        quiz = QuizPage.objects.get(translation_key=seat.attempt.quiz, locale__language_code="en")
        again = taking.begin(seat.learner, quiz, after=seat.attempt_id)
        taking.save(seat.learner, again.id, taking.Answer(item["id"], "false", 1))
        class_sessions.close(session)
        assert session.tallies.get(item=item["id"]).counts.chosen == {"true": 1}
        assert not Attempt.objects.exists()
        assert session.finished == 1

    def test_other_sessions_and_adults_keep_theirs(self, session):
        other = opened()
        kept = sit(other, 2)
        sit(session, 2)
        class_sessions.close(session)
        assert set(Attempt.objects.values_list("learner", flat=True)) == {seat.learner for seat in kept}

    def test_closing_twice_changes_nothing(self, session):
        item = items_of(session)["true-false"]
        for seat in sit(session, 2):
            answer(seat, item, "true")
        class_sessions.close(session)
        before = (session.closed_at, list(Tally.objects.values()))
        class_sessions.close(session)
        assert (session.closed_at, list(Tally.objects.values())) == before

    def test_a_fault_in_the_middle_leaves_it_open_with_everything(self, session, monkeypatch):
        item = items_of(session)["true-false"]
        for seat in sit(session, 2):
            answer(seat, item, "true")

        def broken(*_args, **_more):
            raise RuntimeError

        monkeypatch.setattr(ClassSession, "save", broken)
        with pytest.raises(RuntimeError):
            class_sessions.close(session)
        session.refresh_from_db()
        assert session.is_open
        assert (Seat.objects.count(), Response.objects.count(), Tally.objects.count()) == (2, 2, 0)

    def test_the_version_of_the_quiz_stays_for_the_tallies(self, session):
        sit(session, 1)
        class_sessions.close(session)
        assert QuizVersion.objects.filter(digest=session.version_id).exists()

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own setting")
    def test_what_is_deleted_is_written_over(self):
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA secure_delete").fetchone() == (1,)


class TestFourHours:
    def test_a_session_closes_when_somebody_looks_at_it_after_four_hours(self, session):
        cookie = seats.take(session.code, "device").cookie
        grow_old(session)
        assert seats.seat_of(cookie) is None
        session.refresh_from_db()
        assert not session.is_open

    def test_its_code_opens_no_seat_then(self, session):
        grow_old(session)
        with pytest.raises(seats.NoSeat):
            seats.take(session.code, "device")

    def test_the_command_closes_the_old_ones_only(self, session, capsys):
        old = opened()
        sit(old, 1)
        grow_old(old)
        call_command("close_sessions")
        assert capsys.readouterr().out.strip() == "Closed: 1"
        assert list(ClassSession.objects.open()) == [session]
        assert not Seat.objects.exists()


def grow_old(session):
    ClassSession.objects.filter(id=session.id).update(opened_at=timezone.now() - OPEN_FOR - timedelta(minutes=1))
    session.refresh_from_db()
