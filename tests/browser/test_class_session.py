"""A session from end to end: a wall, a teacher's phone, pupils in four languages, one of them offline for a while."""

import json
import re
import sqlite3

import pytest

from tests.browser.test_accessibility import check
from tests.browser.test_slides import FAULTS, SMALLEST
from tests.browser.watching import watch
from tests.site import LANGUAGES

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

MAKE_TEACHER = """
import json
from tests.audiences.running import reveal_everything, run, taught_twice
from tests.factories import ClassroomFactory, TeacherFactory
from tests.ledger import signed_in
teacher = TeacherFactory(email="wall@example.org")
room = ClassroomFactory(teacher=teacher, label="3 Bestari")
taught = taught_twice(teacher)
print(json.dumps({
    "cookie": signed_in([teacher])[0],
    "sessions": [str(run(room).id) for _ in range(14)],
    "ended": [f"class/{taught.id}/", f"class/{taught.id}/results/", f"session/{taught.sessions.first().id}/results/"],
    "revealed": str(reveal_everything(run(room)).id),
}))
"""


OTHERS = """
from audiences import class_sessions, seats
from audiences.models import ClassSession
from quizzes import taking
from tests.quizzes.answering import response
session = ClassSession.objects.get(id="{session}")
item = next(item for item in class_sessions.items_of(session, "en") if item["id"] == "{item}")
for number in range({number}):
    seat = seats.take(session.code, f"device {{number}}").seat
    taking.save(seat.learner, seat.attempt_id, taking.Answer(item["id"], response(item, right=number % 2 > 0), 1))
"""


TURN = "place => document.getElementById('deck').dispatchEvent(new CustomEvent('deck:go', { detail: { place } }))"


class Class:
    """An open session, its teacher's browser, and the pupils who have joined."""

    def __init__(self, site, new_context, cookie, id):
        self.site, self.new_context, self.cookie, self.id = site, new_context, cookie, id
        self.pupils = []

    def teachers(self, path="", language="en", *, session="", **options):
        context = self.new_context(**options)
        context.add_cookies([{"name": "s", "value": self.cookie, "url": self.site.url}])
        page = watch(context.new_page())
        page.goto(f"{self.site.url}/{language}/session/{session or self.id}/{path}")
        return page

    def join(self, code, language="en", **options):
        page = watch(self.new_context(**{"width": 360, "height": 740, **options}).new_page())
        page.goto(f"{self.site.url}/{language}/join/")
        page.locator("#code").fill(code)
        page.locator(".join-form button").click()
        page.locator(".seat-name").wait_for()
        self.pupils.append(page)
        return page

    def others(self, number, item):
        """So many pupils more, who have answered one item and need no browser for it."""
        self.site.manage("shell", "-v0", "-c", OTHERS.format(session=self.id, item=item, number=number))

    def rows(self, query, *values):
        with sqlite3.connect(self.site.folder / "setuju.sqlite3", timeout=10) as database:
            return database.execute(query, values).fetchall()


@pytest.fixture(scope="module")
def opened(site):
    return json.loads(site.manage("shell", "-v0", "-c", MAKE_TEACHER).stdout.strip().splitlines()[-1])


@pytest.fixture
def group(site, new_context, opened):
    return Class(site, new_context, opened["cookie"], opened["sessions"].pop())


def to_questions(page):
    page.locator(".item-actions a").first.click()
    page.wait_for_url("**/quiz/")  # loaded: its scripts have run


def choose(page, number=0):
    page.locator(".item:visible input:not([type=hidden])").nth(number).check()
    return page.locator(".item:visible").get_attribute("data-item")


def saved(page):
    page.locator("#save-state.is-saved").wait_for()


def test_a_session_from_the_code_on_the_wall_to_the_results(group):
    wall = group.teachers("wall/")
    code = wall.locator(".join-code").inner_text()
    assert re.fullmatch("[A-HJKMNP-Z2-9]{6}", code)
    remote = group.teachers(width=390, height=800)
    pupils = [group.join(code.lower(), language) for language in (*LANGUAGES, "ta", "ms")]
    names = {page.locator(".seat-name").inner_text() for page in pupils}
    assert len(names) == len(pupils)
    for page in pupils:
        to_questions(page)
    pupils[1].context.set_offline(True)  # for a while
    asked = {choose(page, place % 3) for place, page in enumerate(pupils)}
    assert len(asked) == 1
    for page in pupils:
        if page is not pupils[1]:
            saved(page)
    pupils[1].locator("#save-state.is-waiting").wait_for()
    pupils[1].context.set_offline(False)
    saved(pupils[1])

    group.others(6, next(iter(asked)))  # under ten nothing is shown
    joined = len(pupils) + 6
    remote.locator("[data-is=joined]", has_text=re.compile(f"^{joined}$")).wait_for()
    remote.locator(".remote [value=next]").click()
    wall.locator("#deck-place", has_text=re.compile("^2 /")).wait_for()
    assert wall.locator(".chart").count() == 0  # no live bars

    place = wall.evaluate("[...document.querySelectorAll('.idea')].findIndex((idea) => idea.dataset.item) + 1")
    for _slide in range(place - 2):
        wall.keyboard.press("ArrowRight")
    wall.keyboard.press("v")
    wall.locator(".item-idea.is-shown .chart").wait_for()
    words = wall.locator(".item-idea.is-shown").inner_text()
    assert not [name for name in names if name in words]

    for page in pupils[:2]:
        page.evaluate("document.getElementById('quiz').dispatchEvent(new CustomEvent('quiz:finish'))")
        page.locator("#quiz[data-done]").wait_for()
    remote.locator("[data-is=finished]", has_text=re.compile("^2$")).wait_for()

    remote.locator("[value=close]").click()
    remote.wait_for_url("**/results/")
    assert remote.locator(".numbers strong").first.inner_text() == str(joined)
    wall.locator("#deck").wait_for(state="detached")
    wall.wait_for_load_state()
    assert "/wall/" in wall.url
    assert wall.locator(".chart, .bars").count() == 0
    assert group.rows("select count(*) from audiences_seat where session_id = ?", group.id.replace("-", "")) == [(0,)]
    pupils[2].goto(f"{group.site.url}/zh-hans/student/s3/4/quiz/")
    assert pupils[2].url.endswith("/zh-hans/seat/")
    pupils[2].locator("h1 ~ p a").first.click()
    assert pupils[2].url.endswith("/zh-hans/student/s3/4/")
    for page in (wall, remote, *pupils):
        assert page.elsewhere == []


def test_after_the_close_the_file_says_of_nobody_what_they_answered(group):
    """With a hex viewer's patience: free pages and the write-ahead log included."""
    wall = group.teachers("wall/")
    code = wall.locator(".join-code").inner_text()
    for language in ("en", "ta", "ms"):
        page = group.join(code, language)
        to_questions(page)
        choose(page, 1)
        saved(page)
    wall.close()
    key = group.id.replace("-", "")
    seats = group.rows("select learner, token, attempt_id from audiences_seat where session_id = ?", key)
    secrets = [value for seat in seats for value in seat]
    assert len(secrets) == 9
    assert all(found(group.site.folder, secret) for secret in secrets)  # they can be found while they are there

    remote = group.teachers()
    remote.locator("[value=close]").click()
    remote.wait_for_url("**/results/")

    assert [secret for secret in secrets if found(group.site.folder, secret)] == []


def found(folder, secret) -> bool:
    """Whether a text stands anywhere in the database's files, as text or as bytes."""
    files = [path for path in folder.glob("setuju.sqlite3*") if path.is_file()]
    return any(secret.encode() in path.read_bytes() for path in files)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_a_session_is_for_everybody(group, opened, language):
    code = group.rows("select code from audiences_classsession where id = ?", group.id.replace("-", ""))[0][0]
    check(group.join(code, language))
    page = group.teachers("", language)
    for path in ("", "wall/", "paper/", "results/", "sheet/tally/", "../../class/", "../../class/new/"):
        page.goto(f"{group.site.url}/{language}/session/{group.id}/{path}")
        check(page)
    for path in opened["ended"]:  # of a class that has had two
        page.goto(f"{group.site.url}/{language}/{path}")
        check(page)
    opened["sessions"].append(group.id)  # it is still open: the next may use it


def test_the_wall_goes_on_without_the_network(group):
    wall = group.teachers("wall/")
    wall.wait_for_timeout(500)
    wall.context.set_offline(True)
    wall.keyboard.press("ArrowRight")
    wall.keyboard.press("ArrowRight")
    assert wall.locator("#deck-place").inner_text().startswith("3 /")
    wall.locator("#wall-dot").wait_for()
    wall.keyboard.press("h")
    assert wall.locator("#help-slide.is-shown").count() == 1
    wall.keyboard.press("h")
    wall.context.set_offline(False)
    wall.locator("#wall-dot").wait_for(state="hidden")
    wall.wait_for_timeout(7000)  # another poll
    assert wall.locator("#deck-place").inner_text().startswith("3 /")
    remote = group.teachers(width=390, height=800)
    assert remote.locator("[data-is=slide]").inner_text() == "3"


@pytest.mark.parametrize("reply", ["somebody else's", "cut off"])
def test_the_wall_asks_on_after_an_answer_that_it_cannot_read(group, reply):
    wall, remote = group.teachers("wall/"), group.teachers(width=390, height=800)
    body = {"somebody else's": "<p>Sign in to this school's network</p>", "cut off": '{"open": true, "sc'}[reply]
    wall.route("**/state/**", lambda route: route.fulfill(status=200, content_type="application/json", body=body))
    wall.locator("#wall-dot").wait_for()
    wall.unroute("**/state/**")
    remote.locator(".remote [value=next]").click()
    wall.locator("#deck-place", has_text=re.compile("^2 /")).wait_for()
    assert wall.locator("#wall-dot").is_hidden()
    assert wall.problems == []


def test_slides_turned_in_a_hurry_are_not_turned_back(group):
    wall = group.teachers("wall/")
    wall.locator("#deck-place", has_text=re.compile("^1 /")).wait_for()
    for _ in range(40):
        wall.keyboard.press("ArrowRight")
        wall.keyboard.press("ArrowLeft")
        wall.keyboard.press("ArrowRight")
        wall.keyboard.press("ArrowLeft")
        wall.wait_for_timeout(150)
        assert wall.locator("#deck-place").inner_text().startswith("1 /")
    wall.keyboard.press("ArrowRight")
    remote = group.teachers(width=390, height=800)
    remote.locator("[data-is=slide]", has_text=re.compile("^2$")).wait_for()


@pytest.mark.parametrize("language", LANGUAGES)
def test_code_questions_and_bars_fit_the_wall_and_are_read_from_the_back_row(group, opened, language):
    for session in (group.id, opened["revealed"]):  # before and after everything is revealed
        wall = group.teachers("wall/", language, session=session, width=1280, height=720)
        wall.wait_for_load_state("networkidle")
        faults = []
        for number in range(1, wall.locator(".idea").count() + 1):
            wall.evaluate(TURN, number - 1)
            if found := wall.evaluate(FAULTS, SMALLEST):
                faults.append(f"slide {number}: {found}")
        assert not faults, "\n".join(faults)
        assert (wall.locator(".bars").count() > 5) == (session != group.id)


def test_a_pause_from_the_phone_is_on_the_wall_and_goes_again(group):
    wall, remote = group.teachers("wall/"), group.teachers(width=390, height=800)
    remote.locator("[value=pause]").click()
    wall.locator("#help-slide.is-shown").wait_for()
    remote.locator("[value=pause]").click()
    wall.locator(".join-idea.is-shown").wait_for()
