"""One browser of every role, in a small world with something of each kind that belongs to somebody."""

import re

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern
from wagtail.documents import get_document_model
from wagtail.models import get_page_models

from audiences import class_sessions
from audiences.models import Certificate
from audiences.session_views import key_of
from curriculum.models import CoursePage
from quizzes.models import QuizPage
from tests.audiences.running import Pupil, opened, run
from tests.factories import PASSWORD, ClassroomFactory, EditorFactory, TeacherFactory, UserFactory
from tests.quizzes.answering import sent
from tests.reading import page_at

LABEL = "3 Kenyalang"  # the class: what nobody but its teacher may read
PUPILS = ("seat", "other seat", "old seat")  # of this session, of another class's, of one that is closed
STAFF = ("translator", "editor", "reviewer")
ROLES = ("visitor", *PUPILS, "caregiver", "teacher", "other teacher", *STAFF, "superuser")


class World:
    """Two teachers' classes; of the first, a session that runs and one that is closed; a caregiver's certificate."""

    def __init__(self):
        users = {
            "caregiver": UserFactory(),
            "teacher": TeacherFactory(),
            "other teacher": TeacherFactory(),
            "translator": translator(),
            "editor": member_of("Editors"),
            "reviewer": member_of("Moderators"),
            "superuser": EditorFactory(),
        }
        self.classroom = ClassroomFactory(teacher=users["teacher"], label=LABEL)
        self.session, self.closed = run(self.classroom), run(self.classroom)
        sessions = dict(zip(PUPILS, (self.session, opened(users["other teacher"]), self.closed), strict=True))
        self.seats = {role: joined(session) for role, session in sessions.items()}
        self.item = class_sessions.items_of(self.session, "en")[0]
        self.learn()
        self.names = {**self.named(users["caregiver"]), "account": users["teacher"].pk}
        self.browsers = {"visitor": Client()} | {role: pupil.client for role, pupil in self.seats.items()}
        self.browsers |= {role: signed_in(user) for role, user in users.items()}

    def learn(self):
        """Ten answer the first question of each session, enough for it to be shown; then one session is closed."""
        for session, first in ((self.session, self.seats["seat"]), (self.closed, self.seats["old seat"])):
            for pupil in (first, *(joined(session) for _ in range(9))):
                assert pupil.save(self.item, sent(self.item, right=True)).status_code == 200
        class_sessions.reveal(self.session, self.item["id"])
        class_sessions.close(self.closed)

    def named(self, caregiver):
        """What the gaps in the table's addresses stand for."""
        course = page_at("/en/caregiver/p/", CoursePage).translation_key
        document = get_document_model().objects.create(title="Kite", file=ContentFile(b"kite", "kite.pdf"))
        lesson = page_at("/en/student/s3/4/")
        return {
            "classroom": self.classroom.id,
            "session": self.session.id,
            "key": key_of(self.session.id),
            "closed": self.closed.id,
            "code": self.session.code,
            "lesson": self.session.lesson,
            "page": lesson.id,
            "quiz": QuizPage.objects.child_of(lesson).get().translation_key,
            "item": self.item["id"],
            "answer": sent(self.item, right=True),
            "attempt": self.seats["seat"].seat.attempt_id,
            "course": course,
            "certificate": Certificate.objects.create(holder=caregiver, course=course, name="Tan Mei Ling").code,
            "document": f"{document.id}/{document.filename}",
            "image": default_storage.save("images/kite.png", ContentFile(b"png")).removeprefix("images/"),
            "nobody": "00000000-0000-4000-8000-000000000000",
        }

    def browser(self, role):
        """A browser with that role's cookies, which a test may change."""
        browser = Client()
        browser.cookies.load({name: cookie.value for name, cookie in self.browsers[role].cookies.items()})
        return browser


def member_of(group):
    user = UserFactory()
    user.groups.add(Group.objects.get(name=group))
    return user


def translator():
    user = UserFactory()
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "submit_translation"]))
    return user


def joined(session):
    pupil = Pupil()
    assert pupil.join(session.code).status_code == 302
    return pupil


def signed_in(user):
    """Through the one door, and once more where some pages ask for it."""
    browser = Client()
    for door, fields in (("login", {"login": user.email}), ("reauthenticate", {"next": "/en/account/"})):
        assert browser.post(f"/en/account/{door}/", {"password": PASSWORD, **fields}).status_code == 302
    return browser


def patterns(resolver=None, above="/"):
    """Every pattern of the site; with a slash in front where it stands outside of the languages."""
    for pattern in (resolver or get_resolver()).url_patterns:
        part = str(pattern.pattern).removeprefix("^")
        here = "" if isinstance(pattern.pattern, LocalePrefixPattern) else f"{above}{part}"
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, here)
        else:
            yield here


def admin_patterns():
    return {pattern for pattern in patterns() if pattern.startswith(f"/{settings.ADMIN_PATH}")}


def page_routes():
    """`(page class, route below its address)` for all that pages route themselves."""
    for model in get_page_models():
        for route in getattr(model, "get_subpage_urls", list)():
            if route.name != "index_route":  # Wagtail's, behind a route of ours to the same address
                yield model.__name__, str(route.pattern)


def filled(pattern, names):
    """An address of a pattern; parts that are named in `names` are filled with that, others with a 1."""
    address = re.sub(r"\(\?P<(\w+)>[^()]*\)|<(?:\w+:)?(\w+)>", lambda gap: str(names.get(gap[1] or gap[2], 1)), pattern)
    return address.removesuffix("$").replace(".*", "1").replace("\\", "")
