"""What the database of a running site holds: seats for a crowd beforehand, and what was kept of it afterwards.

Called through `manage.py shell`, in the site's own settings; both print JSON.
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
from django.utils import timezone
from wagtail.models import Page

from quizzes.models import Attempt, QuizPage
from tests.factories import LessonPageFactory

TITLE = "Ten questions"


def seat(number: int) -> None:
    """Signs in so many new adults: `{quiz, items: {id: [choices]}, seats: [[learner, session key]]}`."""
    quiz = QuizPage.objects.filter(title=TITLE).first() or ten_questions()
    model = get_user_model()
    users = [model(email=f"{uuid.uuid4().hex}@example.org", password=make_password(None)) for _ in range(number)]
    model.objects.bulk_create(users)
    users = list(model.objects.filter(email__in=[user.email for user in users]))
    sessions, until = [], timezone.now() + timedelta(hours=1)
    for user in users:
        data = {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
        key = secrets.token_hex(16)
        sessions.append(Session(session_key=key, session_data=SessionStore().encode(data), expire_date=until))
    Session.objects.bulk_create(sessions)
    seats = [(str(user.learner), session.session_key) for user, session in zip(users, sessions, strict=True)]
    items = {item["id"]: [choice["id"] for choice in item["choices"]] for item in quiz.item_list}
    print(json.dumps({"quiz": str(quiz.translation_key), "items": items, "seats": seats}))


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
