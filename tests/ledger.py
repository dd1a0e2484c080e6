"""What the database of a running site holds: seats and classes beforehand, and what was kept of them afterwards.

Called through `manage.py shell`, in the site's own settings; all print JSON.
"""

import json
import secrets
import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page

from audiences.class_sessions import items_of, open_session
from audiences.models import ClassSession, Seat, Tally, User
from audiences.session_views import key_of
from curriculum.models import LessonPage
from quizzes.models import Attempt, QuizPage
from tests.factories import ClassroomFactory, LessonPageFactory, TeacherFactory
from tests.quizzes.answering import response, sent

TITLE = "Ten questions"


def seat(number: int) -> None:
    """Signs in so many new adults: `{quiz, items: {id: [choices]}, seats: [[learner, session key]]}`."""
    quiz = QuizPage.objects.filter(title=TITLE).first() or ten_questions()
    model = get_user_model()
    users = [model(email=f"{uuid.uuid4().hex}@example.org", password=make_password(None)) for _ in range(number)]
    model.objects.bulk_create(users)
    users = list(model.objects.filter(email__in=[user.email for user in users]))
    seats = [(str(user.learner), key) for user, key in zip(users, signed_in(users), strict=True)]
    items = {item["id"]: [choice["id"] for choice in item["choices"]] for item in quiz.item_list}
    print(json.dumps({"quiz": str(quiz.translation_key), "items": items, "seats": seats}))


def signed_in(users) -> list[str]:
    """The session keys of users who have just signed in."""
    sessions, until = [], timezone.now() + timedelta(hours=4)
    for user in users:
        data = {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
        key = secrets.token_hex(16)
        sessions.append(Session(session_key=key, session_data=SessionStore().encode(data), expire_date=until))
    Session.objects.bulk_create(sessions)
    return [session.session_key for session in sessions]


def ten_questions() -> QuizPage:
    """A quiz in a lesson, with no more of a site around it than the API asks for."""

    def choice(text, *, right):
        return {"type": "item", "id": str(uuid.uuid4()), "value": {"text": text, "right": right, "feedback": text}}

    def item(number):
        choices = [choice(f"{number} {letter}", right=letter == "A") for letter in "ABCD"]
        value = {"prompt": f"Question {number}?", "rationale": "Why", "outcome": "count", "choices": choices}
        return {"type": "multiple_choice", "id": str(uuid.uuid4()), "value": value}

    lesson = LessonPageFactory(parent=Page.get_first_root_node())
    items = json.dumps([item(number) for number in range(10)])
    quiz = QuizPage(title=TITLE, slug="quiz", introduction="Ten.", items=items, feedback_after="end")
    return lesson.add_child(instance=quiz)


def holdings(learners: list[str]) -> None:
    """All that is stored of these learners: `[{attempt, learner, state, marked, responses: [[item, choices, n]]}]`."""
    attempts = Attempt.objects.filter(learner__in=learners).prefetch_related("responses")
    print(
        json.dumps(
            [
                {
                    "attempt": str(attempt.id),
                    "learner": str(attempt.learner),
                    "state": attempt.state,
                    "marked": attempt.marked,
                    "responses": [[each.item, each.choices, each.sequence] for each in attempt.responses.all()],
                }
                for attempt in attempts
            ]
        )
    )


def open_classes(number: int) -> None:
    """Opens a session in so many classes: `{quiz, items, answers: {item: [[as sent, as stored]]}, classes}`.

    Of each class: the session, its code, the key of its state, and the session cookie of its teacher. The lesson is a
    shipped one where there are any; its quiz has ten questions, too.
    """
    lesson = LessonPage.objects.filter(url_path="/ms/student/s3/4/").first()
    quiz = QuizPage.objects.child_of(lesson).get() if lesson else ten_questions()
    lesson = quiz.get_parent().specific
    teachers = TeacherFactory.create_batch(number)
    sessions = [open_session(ClassroomFactory(teacher=each), lesson, quiz=quiz, minutes=40) for each in teachers]
    items = items_of(sessions[0], "en")
    print(
        json.dumps(
            {
                "quiz": str(quiz.translation_key),
                "lesson": lesson.url_path,
                "items": items,
                "answers": {
                    item["id"]: [(sent(item, right=right), response(item, right=right)) for right in (True, False)]
                    for item in items
                },
                "classes": [
                    (str(session.id), session.code, key_of(session.id), cookie)
                    for session, cookie in zip(sessions, signed_in(teachers), strict=True)
                ],
            }
        )
    )


def registers(sessions: list[str]) -> None:
    """All that is stored of these sessions, and how many attempts there are that belong to no seat and to no user."""
    found = ClassSession.objects.filter(id__in=sessions)
    learners = {*Seat.objects.values_list("learner", flat=True), *User.objects.values_list("learner", flat=True)}
    print(
        json.dumps(
            {
                "strays": len(set(Attempt.objects.values_list("learner", flat=True)) - learners),
                "sessions": {str(session.id): register(session) for session in found},
            }
        )
    )


def register(session: ClassSession) -> dict:
    return {
        "open": session.is_open,
        "joined": session.joined,
        "tallies": {tally.item: vars(tally.counts) for tally in session.tallies.all()},
        "attempts": {
            str(seat.attempt_id): {each.item: each.choices for each in seat.attempt.responses.all()}
            for seat in session.seats.prefetch_related("attempt__responses")
        },
    }


def copy_session(session: str, key: str, number: int) -> None:
    """Puts so many copies of a closed session behind it; prints how many queries the pages of results then make.

    They are the session's own and that of its class over time.
    """
    found = ClassSession.objects.get(id=session)
    fields = {"classroom": found.classroom, "lesson": found.lesson, "version": found.version, "minutes": 40}
    copies = [ClassSession(**fields, code=None, closed_at=found.closed_at, joined=found.joined) for _ in range(number)]
    ClassSession.objects.bulk_create(copies)
    counted = [(tally.item, tally.source, vars(tally.counts)) for tally in found.tallies.all()]
    Tally.objects.bulk_create(
        [
            Tally(session=copy, item=item, source=source, **counts)
            for copy in copies
            for item, source, counts in counted
        ],
        batch_size=1000,
    )
    teacher = Client(SERVER_NAME="127.0.0.1")
    teacher.cookies[settings.SESSION_COOKIE_NAME] = key
    pages = [f"/ms/session/{session}/results/", f"/ms/class/{found.classroom_id}/results/"]
    print(json.dumps({"pages": {page: queries_of(teacher, page) for page in pages}}))


def queries_of(browser: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        if browser.get(address).status_code != 200:
            raise RuntimeError(address)
    return len(queries)
