"""A session that runs, and a pupil with a device who joins it."""

import hashlib

from django.test import Client

from audiences import class_sessions
from audiences.models import Seat, Tally
from audiences.models.classes import Source
from quizzes.items import pairs_asked_twice
from quizzes.models import QuizPage
from quizzes.tallies import chooses_one, parts
from tests.factories import ClassroomFactory
from tests.quizzes.items import quiz_in_every_language
from tests.reading import page_at, parse

JSON = "application/json"


def opened(teacher=None, **options):
    """An open session of a shipped lesson."""
    return run(ClassroomFactory(teacher=teacher) if teacher else ClassroomFactory(), **options)


def run(classroom, **options):
    """An open session of a shipped lesson with this class."""
    lesson = page_at("/en/student/s3/4/").specific
    quiz = QuizPage.objects.child_of(lesson).get()
    return class_sessions.open_session(classroom, lesson, quiz=quiz, **{"minutes": 40, **options})


def item_of(session, kind, language="en"):
    return next(item for item in class_sessions.items_of(session, language) if item["type"] == kind)


def count(session, item, source=Source.SEATS, **counts):
    return Tally.objects.create(session=session, item=item["id"], source=source, **counts)


def taught_twice(teacher):
    """A class that had the same lesson twice: 10 of 30 had the true-false item right, and then 20 of 30."""
    classroom = ClassroomFactory(teacher=teacher, label="3 Bestari")
    for right in (10, 20):
        session = run(classroom)
        claim = item_of(session, "true-false")
        wrong = next(name for name in ("true", "false") if name != claim["right"])
        count(session, claim, answered=30, right=right, chosen={claim["right"]: right, wrong: 30 - right})
        before, after = pairs_asked_twice(class_sessions.items_of(session, "en"))[0]
        count(session, before, answered=30, held=20, chosen={"agree": 10, "unsure": 10, "disagree": 10})
        changed = {"agree": 5, "unsure": 25 - right, "disagree": right}
        count(session, after, answered=30, held=30 - right, chosen=changed)
        class_sessions.close(session)
    return classroom


def reveal_everything(session):
    """Every item has been answered on devices and on paper, so that each of its parts may be shown."""
    for item in class_sessions.items_of(session, "en"):
        names = parts(item)
        each, answered = (8, 8 * len(names)) if chooses_one(item) else (20, 40)
        for source in Source:
            count(session, item, source, answered=answered, right=8, chosen=dict.fromkeys(names, each))
    return session


def opened_with_every_item(teacher=None):
    """An open session of a quiz that has an item of every type."""
    quiz = quiz_in_every_language()["en"]
    classroom = ClassroomFactory(teacher=teacher) if teacher else ClassroomFactory()
    return class_sessions.open_session(classroom, quiz.get_parent().specific, quiz=quiz, minutes=40)


class Pupil:
    """One device."""

    def __init__(self, language="en"):
        self.client, self.language = Client(), language

    def page(self, path):
        return parse(self.client.get(f"/{self.language}/{path}"))

    def join(self, code):
        self.page("join/")
        return self.client.post(f"/{self.language}/join/", {"code": code})

    @property
    def seat(self):
        token = self.client.cookies["seat"].value.partition(".")[2]
        return Seat.objects.get(token=hashlib.sha256(token.encode()).hexdigest())

    def save(self, item, choices, sequence=1, *, attempt=None):
        attempt = attempt or self.seat.attempt_id
        path = f"/{self.language}/api/1/attempts/{attempt}/responses/{item['id']}/"
        body = {"choices": choices, "sequence": sequence}
        return self.client.put(path, body, content_type=JSON, headers={"Accept": JSON})
