"""Every address, every role: exactly what each may see. An address that the table leaves out fails.

So does one that it lists and that is gone. All tests have the same world, which is made once; what one changes in it is
rolled back.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.urls import Resolver404, resolve
from django.utils import translation

from tests.roles import LABEL, ROLES, STAFF, World, admin_patterns, filled, page_routes, patterns

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        cache.clear()
        yield World()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _nobody_tried_before():
    cache.clear()


# What each role sees: a status, or "to" and the name of the address that it is sent to.
LOGIN = "to account_login"
TRUST = "to account_reauthenticate"  # asks for the password once more; it was typed too long ago
FIRST_PAGES = {
    "caregiver": "to account",
    "teacher": "to classrooms",
    "other_teacher": "to classrooms",
    **dict.fromkeys((*STAFF, "superuser"), "to wagtailadmin_home"),
}


def all_see(seen, **others):
    return dict.fromkeys(ROLES, seen) | {role.replace("_", " "): value for role, value in others.items()}


def everybody(seen, **others):
    """All but who still carries the seat of a session that is over: they are told so first, once."""
    return all_see(seen, **{"old_seat": "to seat", **others})


def signed_in(seen, **others):
    return everybody(seen, **{"visitor": LOGIN, "seat": LOGIN, "other_seat": LOGIN, **others})


def signed_out(seen):
    return everybody(seen, **FIRST_PAGES)


def teachers(seen, **others):
    """A superuser may have classes, too; whoever works in the admin is no teacher for that."""
    return signed_in(403, **{"teacher": seen, "other_teacher": seen, "superuser": seen, **others})


def own(seen):
    """For the one whose class it is. For every other teacher it is not there."""
    return teachers(404, teacher=seen)


def learner(seen):
    """For the seat that the attempt belongs to, and for nobody else who learns."""
    return all_see(404, visitor=401, seat=seen, old_seat=410)


def staff(seen, **others):
    return all_see(LOGIN, **dict.fromkeys(("caregiver", "teacher", "other_teacher"), 403),
                   **{**dict.fromkeys((*STAFF, "superuser"), seen), **others})  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A request, and what each role gets for it. `at` is the address where the pattern alone does not tell."""

    method: str
    seen: dict
    at: str = ""
    data: dict = field(default_factory=dict)
    json: dict | None = None


def get(seen, at=""):
    return Case("get", seen, at)


def post(seen, at="", json=None, **data):
    return Case("post", seen, at, data, json)


def put(seen, at="", json=None):
    return Case("put", seen, at, json=json)


CLASS = {"label": "4 Bestari", "tier": "S3", "size": "30", "languages": "en"}
ANSWER = {"choices": "{answer}", "sequence": 5}
RESET = r"account/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$"
ATTEMPT = "api/1/attempts/<uuid:attempt>/"

# A pattern that begins with a slash stands outside of the languages.
TABLE = {
    "/x/": [get(all_see(303)), post(all_see(204))],
    "/x/times/": [get(all_see(200))],
    "/admin/login/": [get(staff(LOGIN)), post(staff(LOGIN))],
    "/admin/password_reset/": [
        get(staff(LOGIN), "/admin/password_reset/"), post(staff(LOGIN), "/admin/password_reset/confirm/a/b/")
    ],
    r"/documents/(\d+)/(.*)$": [get(all_see(200), "/documents/{document}")],
    # It is looked for in a language, and is not there: no document has a password.
    "/documents/authenticate_with_password/<int:restriction_id>/": [
        get(all_see("to wagtail_serve"), "/documents/authenticate_with_password/1/")
    ],
    "/media/images/(?P<path>.+)$": [get(all_see(200), "/media/images/{image}")],
    # Accounts
    "_util/login/": [get(everybody(LOGIN)), post(everybody(LOGIN))],
    "account/": [get(signed_in(200))],
    "account/audience/": [get(signed_in(405)), post(signed_in("to account"), audience="teacher")],
    "account/export/": [get(signed_in(200))],
    # The only superuser stays.
    "account/delete/": [get(signed_in(200, superuser=403)), post(signed_in(200, superuser=403), email="x")],
    "account/login/": [get(signed_out(200))],
    "account/login/code/": [get(signed_out(200))],
    "account/login/code/confirm/": [get(signed_out("to account_request_login_code"))],
    "account/logout/": [get(signed_in(200, visitor="to /", seat="to /", other_seat="to /")), post(everybody("to /"))],
    "account/signup/": [get(signed_out(200))],
    "account/confirm-email/": [
        get(everybody("to account_email", visitor=LOGIN, seat=LOGIN, other_seat=LOGIN)),
    ],
    "account/inactive/": [get(everybody(200))],
    "account/reauthenticate/": [get(signed_in(200))],
    "account/email/": [get(signed_in(200))],
    "account/password/change/": [get(signed_in(200))],
    "account/password/set/": [get(signed_in("to account_change_password"))],
    "account/password/reset/": [get(everybody(200))],
    "account/password/reset/done/": [get(everybody(200))],
    RESET: [get(everybody(200), "account/password/reset/key/1-wrong/")],
    "account/password/reset/key/done/": [get(everybody(200))],
    "account/second-factor/": [get(signed_in(200))],
    "account/second-factor/code/": [get(signed_out(LOGIN))],
    "account/second-factor/confirm/": [get(signed_in(TRUST))],
    "account/second-factor/app/": [get(signed_in(200))],
    "account/second-factor/app/off/": [get(signed_in(404))],
    "account/second-factor/codes/": [get(signed_in(404))],
    "account/second-factor/codes/new/": [get(signed_in(200))],
    # Certificates
    "account/courses/<uuid:course>/certificate/": [
        get(signed_in(200)),
        get(signed_in(404), "account/courses/{nobody}/certificate/"),
        post(signed_in(200, caregiver="to certificate_claim"), name="Tan Mei Ling"),
    ],
    "account/certificates/<slug:code>/": [get(signed_in(404, caregiver=200), "account/certificates/{certificate}/")],
    "certificate/": [get(everybody(200)), post(everybody(405))],
    "certificate/<slug:code>/": [
        get(everybody(200), "certificate/{certificate}/"),
        get(everybody(404), "certificate/NOBODYS/"),
        post(everybody(200), "certificate/{certificate}/", name="Tan Mei Ling"),
    ],
    # Pupils
    "join/": [get(all_see(200)), post(all_see("to seat"), code="{code}"), post(all_see(404), code="WRNGCD")],
    "join/<slug:code>/": [
        get(all_see(200)), get(all_see(200), "join/WRNGCD/"), post(all_see("to seat"), code="{code}")
    ],
    "seat/": [get(all_see("to join", seat=200, other_seat=200, old_seat=200))],
    "seat/leave/": [get(all_see(405)), post(all_see("to join"))],
    # Teachers
    "class/": [get(teachers(200))],
    "class/new/": [get(teachers(200)), post(teachers("to classroom"), **CLASS)],
    "class/<uuid:classroom>/": [get(own(200)), get(teachers(404), "class/{nobody}/")],
    "class/<uuid:classroom>/edit/": [get(own(200)), post(own("to classroom"), **CLASS)],
    "class/<uuid:classroom>/delete/": [get(teachers(405)), post(own("to classrooms"))],
    "class/<uuid:classroom>/results/": [get(own(200)), get(teachers(404), "class/{nobody}/results/")],
    "class/<uuid:classroom>/results/<slug:kind>/": [
        *[get(own(200), f"class/{{classroom}}/results/{kind}/") for kind in ("csv", "xlsx", "pdf")],
        get(teachers(404), "class/{classroom}/results/docx/"),
    ],
    "class/<uuid:classroom>/open/<uuid:lesson>/": [
        get(own(200)),
        get(teachers(404), "class/{classroom}/open/{nobody}/"),
        post(own("to session"), minutes="40"),
    ],
    "session/<uuid:session>/": [
        get(own(200)), get(own("to results"), "session/{closed}/"), get(teachers(404), "session/{nobody}/")
    ],
    # Who has the key has it from the teacher's page.
    "session/<uuid:session>/state/<str:key>/": [
        get(everybody(200)), get(everybody(404), "session/{closed}/state/{key}/"),
        get(everybody(404), "session/{session}/state/x/"),
    ],
    "session/<uuid:session>/act/": [
        get(teachers(405)),
        post(own("to session"), do="lock"),
        post(own("to session"), do="reveal", item="{item}"),
        post(own("to session"), do="close"),
        post(own("to session"), "session/{closed}/act/", do="lock"),
    ],
    "session/<uuid:session>/wall/": [get(own(200)), get(own(200), "session/{closed}/wall/")],
    "session/<uuid:session>/revealed/<slug:item>/": [
        get(own(200)), get(own(200), "session/{closed}/revealed/{item}/"),
        get(teachers(404), "session/{session}/revealed/nothing/"),
    ],
    "session/<uuid:session>/paper/": [get(own(200)), post(own("to results")), get(own(200), "session/{closed}/paper/")],
    "session/<uuid:session>/sheet/<slug:name>/": [
        *[get(own(200), f"session/{{session}}/sheet/{name}/") for name in ("slips", "cards", "box", "tally")],
        *[get(own(200), f"session/{{closed}}/sheet/{name}/") for name in ("cards", "tally")],
        get(teachers(404), "session/{closed}/sheet/slips/"),
    ],
    "session/<uuid:session>/results/": [get(own(200)), get(own(200), "session/{closed}/results/")],
    "session/<uuid:session>/results/<slug:kind>/": [
        *[get(own(200), f"session/{{closed}}/results/{kind}/") for kind in ("csv", "xlsx", "pdf")],
        get(teachers(404), "session/{closed}/results/docx/"),
    ],
    # Answers
    "api/1/attempts/": [
        get(all_see(405, old_seat=410)), post(all_see(200, visitor=401, old_seat=410), json={"quiz": "{quiz}"})
    ],
    ATTEMPT: [get(learner(200)), post(all_see(405, old_seat=410), json={})],
    f"{ATTEMPT}responses/<str:item>/": [get(all_see(405, old_seat=410)), put(learner(200), json=ANSWER)],
    f"{ATTEMPT}responses/<str:item>/check/": [get(all_see(405, old_seat=410)), post(learner(200), json=ANSWER)],
    f"{ATTEMPT}submit/": [get(all_see(405, old_seat=410)), post(learner(200), json={"responses": []})],
    # Pages
    "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/": [
        get(everybody(404), "_util/authenticate_with_password/1/{page}/")
    ],
    r"((?:[\w\-]+/)*)$": [get(everybody(404), "nowhere/")],  # what is there is in `PAGES`
}  # fmt: skip

# What the pages of the tree route below their own address, by class.
PAGES = {
    ("HomePage", ""): get(everybody(200), "/en/"),
    ("AudiencePage", ""): get(everybody(200), "teacher/"),
    ("CoursePage", ""): get(everybody(200), "student/s3/"),
    ("LessonPage", ""): get(everybody(200), "student/s3/4/"),
    ("LessonPage", "slides/"): get(everybody(200), "student/s3/4/slides/"),
    ("LessonPage", "plan/"): get(everybody(200), "student/s3/4/plan/"),
    ("LessonPage", "worksheet/"): get(everybody(200), "student/s3/4/worksheet/"),
    ("LessonPage", "print/<slug:name>/"): get(everybody(200), "student/s3/4/print/worksheet/"),
    ("GuidePage", ""): get(all_see(200), "help/"),
    ("GuidePage", "print/"): get(everybody(200), "teacher/a-pupil-has-told-me/print/"),
    ("QuizPage", ""): get(everybody(200), "student/s3/4/quiz/"),
}

# Wagtail's own: whoever may not enter the admin is turned away from all of it, and those who may are tried on these.
ADMIN = {
    "": staff(200),
    "pages/{page}/": staff(200, translator="to wagtailadmin_home"),
    "pages/{page}/edit/": staff(200, translator="to wagtailadmin_home"),
    **dict.fromkeys(
        ("users/", "groups/", "locales/", "snippets/curriculum/supportservice/", "workflows/list/", "sites/"),
        staff("to wagtailadmin_home", superuser=200),
    ),
    **dict.fromkeys(
        (f"users/{page}/{{account}}/" for page in ("edit", "delete", "history", "usage")),
        staff("to wagtailadmin_home", superuser=200),
    ),
}
# Areas of it that only superusers enter; and those that editors and reviewers enter, too, but no translator.
KEEPERS = ("collections/", "groups/", "locales/", "sites/", "snippets/curriculum/", "users/", "workflows/")
CONTENT = ("documents/", "images/", "pages/", "reports/")
CLOSED = {"to wagtailadmin_home", "to wagtail_serve", 403, 405}  # "to wagtail_serve": what is not there is a 404 there
# A translator's all the same: windows of choosers, questions that do nothing by themselves, changes of what is theirs.
OPEN_TO_TRANSLATORS = {
    *(f"{of}/chooser/{part}" for of in ("documents", "images") for part in ("", "results/", "chosen-multiple/")),
    "pages/<int:page_id>/revisions/",
    "pages/<int:page_to_move_id>/move/<int:destination_id>/confirm/",
    "pages/workflow/confirm_cancellation/<int:page_id>/",
    "reports/site-history/",
    "reports/site-history/results/",
}
TASKS = {
    f"workflows/task_chooser/{part}" for part in ("", "results/", "create/", "<int:task_id>/")
}  # as other choosers
OURS_IN_ADMIN = ("/admin/login/", "/admin/password_reset/")
OPEN_IN_ADMIN = {"/admin/sprite/", "/admin/jsi18n/"}  # icons, and words of buttons


@dataclass(frozen=True)
class Seen:
    """An answer, as the table writes it; and whether the first teacher's class is named in it."""

    what: int | str
    names_the_class: bool


def ask(world, role, case, pattern=""):
    address = (case.at or filled(pattern, {name: f"{{{name}}}" for name in world.names})).format_map(world.names)
    address = address if address.startswith("/") else f"/en/{address}"
    assert not pattern or pattern == pattern_of(address), f"{address} is not of this pattern"
    fields = gaps_filled(case.data if case.json is None else case.json, world.names)
    how = {} if case.json is None else {"content_type": "application/json"}
    response = getattr(world.browser(role), case.method)(address, fields, **how)
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return Seen(what_is(response), LABEL.encode() in content)


def gaps_filled(fields, names):
    """`"{code}"` becomes the code, `"{answer}"` the answer, whatever its type; other values stay."""
    return {
        key: names.get(value.strip("{}"), value) if isinstance(value, str) else value for key, value in fields.items()
    }


def pattern_of(address):
    with translation.override("en"):
        route = resolve(address).route
    here = route.removeprefix("en/") if address.startswith("/en/") else f"/{route}"
    return re.sub(r"(^|/)\^", r"\1", here)


def what_is(response):
    if response.status_code not in (301, 302):
        return response.status_code
    path = urlsplit(response.headers["Location"]).path
    with translation.override(translation.get_language_from_path(path) or "en"):
        try:
            return f"to {resolve(path).url_name or path}"
        except Resolver404:
            return f"to {path}"


def test_the_table_lists_every_address_and_none_that_is_gone():
    assert set(patterns()) - admin_patterns() | set(OURS_IN_ADMIN) == set(TABLE)
    assert set(page_routes()) == set(PAGES)


def named(cases):
    """Test parameters for `(pattern, case)` with a name that tells which one fails."""
    return [
        pytest.param(pattern, case, id=f"{case.method} {case.at or pattern} {case.data or ''}".strip())
        for pattern, case in cases
    ]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("pattern", "case"), named((key, case) for key, cases in TABLE.items() for case in cases))
def test_each_role_sees_what_the_table_says(world, pattern, case, role):
    seen = ask(world, role, case, pattern)
    assert seen.what == case.seen[role]
    assert not seen.names_the_class or role == "teacher"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("case", [pytest.param(case, id=f"{key[0]} {key[1]}") for key, case in PAGES.items()])
def test_pages_are_for_everybody(world, case, role):
    seen = ask(world, role, case)
    assert seen.what == case.seen[role]
    assert not seen.names_the_class


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("address", ADMIN)
def test_the_admin_is_for_those_who_work_in_it(world, address, role):
    assert ask(world, role, get({}, f"/admin/{address}")).what == ADMIN[address][role]


@pytest.mark.parametrize("role", [role for role in ROLES if role not in (*STAFF, "superuser")])
def test_whoever_may_not_enter_the_admin_is_turned_away_from_all_of_it(world, role):
    expected = ADMIN[""][role]
    tried = {pattern for pattern in admin_patterns() if not pattern.startswith(OURS_IN_ADMIN)} - OPEN_IN_ADMIN
    seen = {pattern: ask(world, role, get({}, filled(pattern, {})), pattern).what for pattern in tried}
    assert seen.pop("/admin/.*/$") in (expected, "to /admin/login/")  # what is not there leads to that door
    assert len(tried) > 200
    assert {pattern: what for pattern, what in seen.items() if what != expected} == {}


@pytest.mark.parametrize("role", STAFF)
def test_who_works_in_the_admin_enters_no_area_that_superusers_keep(world, role):
    opened, tried = opened_in_admin(world, role, KEEPERS)
    assert tried > 70
    assert opened == TASKS


def test_a_translator_enters_no_area_of_editors(world):
    opened, tried = opened_in_admin(world, "translator", CONTENT)
    assert tried > 80
    assert opened == OPEN_TO_TRANSLATORS
    editors, _tried = opened_in_admin(world, "editor", CONTENT)
    assert {"documents/", "images/", "pages/", "pages/<int:page_id>/edit/"} <= editors - opened


def opened_in_admin(world, role, areas):
    """The patterns of these areas that open to a role, and how many were tried."""
    admin = f"/{settings.ADMIN_PATH}"
    tried = {pattern for pattern in admin_patterns() if pattern.removeprefix(admin).startswith(areas)}
    names = {"page_id": world.names["page"], "page_to_move_id": world.names["page"]}
    seen = {pattern: ask(world, role, get({}, filled(pattern, names)), pattern).what for pattern in tried}
    return {pattern.removeprefix(admin) for pattern, what in seen.items() if what not in CLOSED}, len(tried)


def test_a_teacher_reads_the_name_of_the_class(world):
    """Else the tests above would find it nowhere for another reason."""
    assert ask(world, "teacher", get({}, "class/{classroom}/")).names_the_class
