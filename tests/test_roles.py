"""Every address, every role: exactly what each may see. An address that the table leaves out fails the test.

A class, its sessions and a certificate belong to one teacher and one caregiver; everybody else is tried on them. The
world is made once a module; what a test changes in it is rolled back.
"""

import os
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, URLResolver, get_resolver, resolve
from django.urls.resolvers import LocalePrefixPattern
from wagtail.documents import get_document_model
from wagtail.models import get_page_models

from audiences import class_sessions, seats
from audiences.models import Certificate
from curriculum.models import CoursePage
from quizzes.models import QuizPage
from tests.audiences.running import Pupil, opened
from tests.factories import PASSWORD, ClassroomFactory, EditorFactory, TeacherFactory, UserFactory
from tests.quizzes.answering import sent
from tests.reading import page_at

pytestmark = pytest.mark.django_db

LABEL = "3 Kenyalang"  # what only its teacher may read
PUPILS = ("seat", "other seat", "old seat")  # of this session, of another class, of a session that is closed
STAFF = ("translator", "editor", "reviewer")
ROLES = ("visitor", *PUPILS, "caregiver", "teacher", "other teacher", *STAFF, "superuser")


class World:
    """Two teachers' classes; of the first, a session that runs and one that is closed; and one of every role."""

    def __init__(self):
        self.teacher, self.caregiver = TeacherFactory(), UserFactory()
        self.users = {
            "caregiver": self.caregiver,
            "teacher": self.teacher,
            "other teacher": TeacherFactory(),
            "translator": permitted(UserFactory(), "submit_translation"),
            "editor": member_of("Editors"),
            "reviewer": member_of("Moderators"),
            "superuser": EditorFactory(),
        }
        self.classroom = ClassroomFactory(teacher=self.teacher, label=LABEL)
        self.session, self.closed = self.run(), self.run()
        other = opened(self.users["other teacher"])
        self.seats = {"seat": joined(self.session), "other seat": joined(other), "old seat": joined(self.closed)}
        self.learn()
        self.clients = {"visitor": Client()} | {role: pupil.client for role, pupil in self.seats.items()}
        for role, user in self.users.items():
            self.clients[role] = signed_in(user)
        self.names = self.named()

    def run(self):
        lesson = page_at("/en/student/s3/4/").specific
        quiz = QuizPage.objects.child_of(lesson).get()
        return class_sessions.open_session(self.classroom, lesson, quiz=quiz, minutes=40)

    def learn(self):
        """Six answer the first question in each session: enough to be shown. One session is closed then."""
        self.item = class_sessions.items_of(self.session, "en")[0]
        for session, first in ((self.session, self.seats["seat"]), (self.closed, self.seats["old seat"])):
            for pupil in (first, *(joined(session) for _ in range(5))):
                assert pupil.save(self.item, sent(self.item, right=True)).status_code == 200
        class_sessions.reveal(self.session, self.item["id"])
        class_sessions.close(self.closed)

    def named(self):
        """What stands in the addresses of the table."""
        course = page_at("/en/caregiver/p/", CoursePage).translation_key
        certificate = Certificate.objects.create(holder=self.caregiver, course=course, name="Tan Mei Ling")
        document = get_document_model().objects.create(title="Kite", file=ContentFile(b"kite", "kite.pdf"))
        return {
            "classroom": self.classroom.id,
            "session": self.session.id,
            "closed": self.closed.id,
            "code": self.session.code,
            "lesson": self.session.lesson,
            "quiz": QuizPage.objects.child_of(page_at("/en/student/s3/4/")).get().translation_key,
            "item": self.item["id"],
            "attempt": self.seats["seat"].seat.attempt_id,
            "course": course,
            "certificate": certificate.code,
            "document": f"{document.id}/{document.filename}",
            "image": default_storage.save("images/kite.png", ContentFile(b"png")).removeprefix("images/"),
            "page": page_at("/en/student/s3/4/").id,
            "nobody": "00000000-0000-4000-8000-000000000000",
        }

    def client(self, role):
        """A browser of that role's, as if nothing had been done with it yet."""
        client = Client()
        client.cookies.load({name: morsel.value for name, morsel in self.clients[role].cookies.items()})
        return client


def member_of(group):
    user = UserFactory()
    user.groups.add(Group.objects.get(name=group))
    return user


def permitted(user, name):
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", name]))
    return user


def joined(session):
    pupil = Pupil()
    assert pupil.join(session.code).status_code == 302
    return pupil


def signed_in(user):
    """Through the one door, since some pages ask when that was."""
    client = Client()
    assert client.post("/en/account/login/", {"login": user.email, "password": PASSWORD}).status_code == 302
    return client


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        cache.clear()
        yield World()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _nobody_tried_before():
    cache.clear()


def everybody(seen, **others):
    """The same for all, with or without a seat that is taken away."""
    return dict.fromkeys(ROLES, seen) | {name.replace("_", " "): value for name, value in others.items()}

def everybody_here(seen, **others):
    return everybody(seen, **{"old_seat": "to seat", **others})


@dataclass
class Case:
    pattern: str
    address: str
    seen: dict
    method: str = "get"
    data: dict = field(default_factory=dict)

L = "<language>/"
x = everybody(200)
def _(pattern, address, seen=x, method="get", **data):
    p = pattern if address.startswith("/") else L + pattern
    a = address if address.startswith("/") else "/en/" + address
    return Case(p, a, seen, method, data)
G = lambda p, a=None, **d: _(p, p if a is None else a, x, "get", **d)
P = lambda p, a=None, **d: _(p, p if a is None else a, x, "post", **d)
S = "session/<uuid:session>/"
A = "api/1/attempts/<uuid:attempt>/"
CASES = [
    G("x/", "/x/"), P("x/", "/x/"), G("x/times/", "/x/times/"),
    G("admin/login/", "/admin/login/"), P("admin/login/", "/admin/login/"),
    G("^admin/password_reset/", "/admin/password_reset/"),
    G("documents/^(\\d+)/(.*)$", "/documents/{document}"),
    G("documents/authenticate_with_password/<int:restriction_id>/", "/documents/authenticate_with_password/1/"),
    G("^media/images/(?P<path>.+)$", "/media/images/{image}"),
    G("_util/login/"),
    G("_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/", "_util/authenticate_with_password/1/{page}/"),
    G("account/"), G("account/audience/"), P("account/audience/", audience="teacher"), G("account/export/"), G("account/delete/"), P("account/delete/", email="nobody@example.org"),
    G("account/courses/<uuid:course>/certificate/", "account/courses/{course}/certificate/"),
    P("account/courses/<uuid:course>/certificate/", "account/courses/{course}/certificate/", name="Tan Mei Ling"),
    G("account/courses/<uuid:course>/certificate/", "account/courses/{nobody}/certificate/"),
    G("account/certificates/<slug:code>/", "account/certificates/{certificate}/"),
    *[G(f"account/{p}") for p in ["login/", "login/code/","login/code/confirm/","logout/","signup/","confirm-email/","inactive/","reauthenticate/","email/","password/change/","password/set/","password/reset/","password/reset/done/","password/reset/key/done/", "second-factor/", "second-factor/code/", "second-factor/confirm/", "second-factor/app/", "second-factor/app/off/","second-factor/codes/", "second-factor/codes/new/"]],
    P("account/logout/"),
    G("account/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$", "account/password/reset/key/1-set-password/"),
    G("certificate/"), G("certificate/<slug:code>/", "certificate/{certificate}/"), G("certificate/<slug:code>/", "certificate/NOTONE/"), P("certificate/<slug:code>/", "certificate/{certificate}/", name="Tan Mei Ling"),
    G("join/"), P("join/", code="{code}"), P("join/", code="WRNGCD"), G("join/<slug:code>/", "join/{code}/"),G("join/<slug:code>/", "join/WRNGCD/"), P("join/<slug:code>/", "join/{code}/", code="{code}"),
    G("seat/"), G("seat/leave/"), P("seat/leave/"),
    G("class/"), G("class/new/"), P("class/new/", label="4 Bestari", tier="S3", size="30", languages="en"),
    G("class/<uuid:classroom>/", "class/{classroom}/"), G("class/<uuid:classroom>/edit/", "class/{classroom}/edit/"), P("class/<uuid:classroom>/edit/", "class/{classroom}/edit/", label="4 Bestari", tier="S3", size="30", languages="en"),
    G("class/<uuid:classroom>/delete/", "class/{classroom}/delete/"), P("class/<uuid:classroom>/delete/", "class/{classroom}/delete/"),
    G("class/<uuid:classroom>/open/<uuid:lesson>/", "class/{classroom}/open/{lesson}/"), G("class/<uuid:classroom>/open/<uuid:lesson>/", "class/{classroom}/open/{nobody}/"), P("class/<uuid:classroom>/open/<uuid:lesson>/", "class/{classroom}/open/{lesson}/", minutes="40"),
    *[G(S+p, k+p) for k in ["session/{session}/", "session/{closed}/"] for p in ["", "state/", "act/", "wall/", "paper/", "results/"]],
    G(S, "session/{nobody}/"),
    *[P(S+"act/", k+"act/", do=d) for k in ["session/{session}/", "session/{closed}/"] for d in ["lock", "close"]],
    P(S+"act/","session/{session}/act/", do="reveal", item="{item}"),
    P(S+"paper/","session/{session}/paper/"),
    *[G(S+"revealed/<slug:item>/", k+"revealed/"+i+"/") for k in ["session/{session}/", "session/{closed}/"] for i in ["{item}", "nothing"]],
    *[G("^session/(?P<session>[0-9a-f-]{36})/sheet/(?P<name>slips|cards|tally)/$", k+"sheet/"+n+"/") for k in ["session/{session}/", "session/{closed}/"] for n in ["slips","cards","tally"]],
    *[G("^session/(?P<session>[0-9a-f-]{36})/results/(?P<kind>csv|xlsx|pdf)/$", "session/{closed}/results/"+n+"/") for n in ["csv","xlsx","pdf"]],
    G("api/1/attempts/"), P("api/1/attempts/"),G(A, "api/1/attempts/{attempt}/"), G(A+"responses/<str:item>/","api/1/attempts/{attempt}/responses/{item}/"),
    _(A+"responses/<str:item>/","api/1/attempts/{attempt}/responses/{item}/", x, "put"),
    P(A+"responses/<str:item>/check/","api/1/attempts/{attempt}/responses/{item}/check/"),
    P(A+"submit/","api/1/attempts/{attempt}/submit/"),
    *[G("^((?:[\\w\\-]+/)*)$", p) for p in ["student/s3/4/quiz/","student/s3/4/", "student/s3/4/plan/", "help/","nowhere/"]],
    *[_("admin","/admin/"+p) for p in ["","users/","groups/","pages/{page}/edit/","snippets/curriculum/supportservice/", "locales/", "reports/site-history/","sprite/","jsi18n/","login/x/", "account/"]],
]

def fill(v, names): return v.format_map(names) if isinstance(v, str) else v
import json
def test_dump(world, django_user_model):
    out = open("/tmp/matrix.txt", "w")
    out.write(" ".join(ROLES)+"\n")
    for case in CASES:
        seen = {}
        for role in ROLES:
            cache.clear()
            client = world.client(role)
            a = case.address.format_map(world.names)
            with transaction.atomic():
                data = {k: v.format_map(world.names) for k,v in case.data.items()}
                if case.method == "put": r = client.put(a, {"choices": sent(world.item, right=True), "sequence": 5}, content_type="application/json")
                elif "/api/" in a and case.method == "post": r = client.post(a, {"quiz": str(world.names["quiz"])} if a.endswith("attempts/") else {"responses": []} if "submit" in a else {"choices": sent(world.item, right=True), "sequence": 5}, content_type="application/json")
                else: r = getattr(client, case.method)(a, data)
                s = r.status_code
                if s in (301, 302):
                    try: s = "to " + str(resolve(urlsplit(r["Location"]).path).url_name or r["Location"])
                    except Exception: s = "to " + r["Location"]
                if not r.streaming and LABEL.encode() in r.content: s = f"{s}*"
                seen[role] = s
                transaction.set_rollback(True)
        groups = {}
        for role, s in seen.items(): groups.setdefault(s, []).append(role)
        out.write(f"{case.method} {case.address} {case.data}\n     " + "; ".join(f"{s}: {', '.join(v) if len(v) < 11 else 'ALL'}" for s, v in groups.items()) + "\n")
