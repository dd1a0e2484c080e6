"""A learner's quiz: saved as it goes, through lost networks, reloads, crashes and second windows; nobody else's."""

import json
import sqlite3
import time
from uuid import UUID

import pytest

from tests.browser.watching import too_wide, watch
from tests.site import LANGUAGES, LESSONS

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

QUIZ = f"{LESSONS['s3-4']}quiz/"
MAKE_LEARNERS = """
import json
from django.contrib.auth import get_user_model, BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
made = []
for number in range(40):
    user = get_user_model()(email=f"learner{number}@example.org"); user.set_unusable_password(); user.save()
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    made.append([session.session_key, user.learner.hex])
print(json.dumps(made))
"""


class Learner:
    """Somebody signed in, by a cookie, and what the database holds of them."""

    def __init__(self, site, new_context, session, learner):
        self.site, self.new_context, self.session, self.learner = site, new_context, session, UUID(learner)

    def context(self, **options):
        context = self.new_context(width=360, height=740, **options)
        context.add_cookies([{"name": "s", "value": self.session, "url": self.site.url}])
        return context

    def open(self, language="en", context=None, **options):
        page = watch((context or self.context(**options)).new_page())
        page.goto(f"{self.site.url}/{language}/{QUIZ}")
        return page

    def rows(self, query):
        with sqlite3.connect(self.site.folder / "setuju.sqlite3", timeout=10) as database:
            return database.execute(query, [self.learner.hex]).fetchall()

    @property
    def attempts(self):
        return [
            state for (state,) in self.rows("select state from quizzes_attempt where learner = ? order by started_at")
        ]

    @property
    def stored(self):
        """`{item: choices}` of the newest attempt."""
        found = self.rows(
            "select r.item, r.choices from quizzes_response r join quizzes_attempt a on a.id = r.attempt_id "
            "where a.learner = ? and a.started_at = (select max(started_at) from quizzes_attempt b "
            "where b.learner = a.learner)"
        )
        return {item: json.loads(choices) for item, choices in found}

    def sign_out(self):
        with sqlite3.connect(self.site.folder / "setuju.sqlite3", timeout=10) as database:
            database.execute("delete from django_session where session_key = ?", [self.session])


@pytest.fixture(scope="module")
def seats(site):
    return json.loads(site.manage("shell", "-v0", "-c", MAKE_LEARNERS).stdout.strip().splitlines()[-1])


@pytest.fixture
def learner(site, seats, new_context):
    return Learner(site, new_context, *seats.pop())


def item(page):
    shown = page.locator(".item:visible")
    assert shown.count() == 1
    return shown


def choose(page, number=0):
    """Chooses in the item that is shown; returns its id."""
    shown = item(page)
    rows = shown.locator("select")
    if rows.count():
        for place in range(rows.count()):
            rows.nth(place).select_option(index=place + 1)
    else:
        shown.locator("input:not([type=hidden])").nth(number).check()
    return shown.get_attribute("data-item")


def says(page, what):
    """Waits until the line about saving says so: "saved", "waiting", "elsewhere", "finishing"."""
    page.locator(f"#save-state.is-{what}").wait_for()


def step(page):
    """Goes on without the server: the script's own Next, or Skip where there is none yet."""
    page.evaluate("document.getElementById('quiz').dispatchEvent(new CustomEvent('quiz:next'))")


def answer_all(page):
    """Chooses something everywhere; returns `{item: chosen on the screen}`."""
    chosen = {}
    for _item in range(page.locator(".item").count()):
        name = choose(page)
        chosen[name] = True
        step(page)
    return chosen


def on_screen(page):
    """The items in which something is chosen."""
    return set(
        page.evaluate(
            """() => [...document.querySelectorAll(".item")].filter((item) =>
            item.querySelector("input:checked") || [...item.querySelectorAll("select")].some((row) => row.value))
            .map((item) => item.dataset.item)"""
        )
    )


def finish(page):
    page.locator("#quiz-end [name=finish]").click()
    page.locator("#quiz[data-done]").wait_for()
    page.wait_for_load_state()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_is_saved_as_it_is_given_and_the_whole_is_finished(learner, language):
    page = learner.open(language)
    assert page.locator("#save-state").is_hidden()
    first = choose(page)
    says(page, "saved")
    assert list(learner.stored) == [first]
    step(page)
    chosen = {first: True}
    for _item in range(page.locator(".item").count() - 1):
        chosen[choose(page)] = True
        step(page)
    says(page, "saved")
    assert set(learner.stored) == set(chosen)
    finish(page)
    assert learner.attempts == ["submitted"]
    assert page.locator(".item .feedback").count() == page.locator(".item").count()
    assert too_wide(page) == []
    assert page.problems == []
    assert page.elsewhere == []


def test_the_screen_says_saved_only_when_the_server_did(learner):
    page = learner.open()
    held = []
    page.route("**/responses/**", lambda route: held.append(route))
    with page.expect_request("**/responses/**"):
        name = choose(page)
    page.wait_for_timeout(400)
    assert page.locator("#save-state.is-saving").count() == 1
    assert page.locator("#save-state").inner_text().strip()
    assert name not in learner.stored
    held.pop().continue_()
    says(page, "saved")
    assert name in learner.stored


def test_an_answer_that_the_server_took_but_did_not_confirm_is_not_called_saved(learner):
    page = learner.open()
    page.route("**/responses/**", lambda route: (route.fetch(), route.abort())[1])
    choose(page)
    says(page, "waiting")
    page.unroute("**/responses/**")
    page.evaluate("dispatchEvent(new Event('online'))")
    says(page, "saved")
    assert len(learner.stored) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_whole_quiz_without_network_arrives_when_it_is_back(learner, language):
    page = learner.open(language)
    page.context.set_offline(True)
    chosen = answer_all(page)
    says(page, "waiting")
    assert learner.attempts == []
    page.locator("#quiz-end [name=finish]").click()
    says(page, "finishing")
    assert page.locator("#save-state").inner_text().strip()
    page.context.set_offline(False)
    page.locator("#quiz[data-done]").wait_for()
    assert learner.attempts == ["submitted"]
    assert set(learner.stored) == set(chosen)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_word_that_answers_wait_stands_above_the_next_question(learner, language):
    page = learner.open(language, reduced_motion="reduce")
    page.context.set_offline(True)
    choose(page)
    says(page, "waiting")
    step(page)
    notice, question = page.locator("#save-state").bounding_box(), item(page).bounding_box()
    assert notice["y"] >= 0
    assert question["y"] >= notice["y"] + notice["height"]


def test_what_waits_on_the_device_says_nothing_of_the_subject(learner):
    page = learner.open()
    words = page.locator(".item-prompt").all_inner_texts() + page.locator(".item label").all_inner_texts()
    page.context.set_offline(True)
    answer_all(page)
    box = page.evaluate("localStorage.waiting")
    assert [word for word in words if word.strip() and word.strip() in box] == []
    assert learner.learner.hex not in box.replace("-", "")
    assert page.evaluate("Object.keys(localStorage)") == ["waiting"]


def test_a_crash_with_unsent_answers_loses_nothing(learner):
    context = learner.context()
    page = learner.open(context=context)
    context.set_offline(True)
    chosen = answer_all(page)
    says(page, "waiting")
    state = context.storage_state()
    context.close()
    again = learner.new_context(storage_state=state, width=360, height=740)
    page = learner.open(context=again)
    says(page, "saved")  # nobody touched anything
    assert set(learner.stored) == set(chosen)
    assert on_screen(page) == set(chosen)


def test_a_reload_shows_what_is_stored_and_asks_for_the_next(learner):
    page = learner.open()
    name = choose(page, 1)
    says(page, "saved")
    page.reload()
    assert on_screen(page) == {name}
    assert page.locator(".item input:checked").count() == 1


def test_another_language_half_way_keeps_the_answers(learner):
    page = learner.open("ms")
    name = choose(page)
    says(page, "saved")
    value = learner.stored[name]
    page.goto(f"{learner.site.url}/zh-hans/{QUIZ}")
    assert on_screen(page) == {name}
    step(page)
    choose(page)
    says(page, "saved")
    assert learner.attempts == ["open"]
    assert learner.stored[name] == value


def test_a_second_window_is_told_and_shows_the_same(learner):
    context = learner.context()
    one, two = learner.open(context=context), learner.open("ta", context=context)
    name = choose(one, 1)
    says(one, "saved")
    says(two, "elsewhere")
    assert on_screen(two) == {name}
    choose(two, 0)
    says(two, "saved")
    one.wait_for_function("() => document.querySelector('.item:not([hidden]) input').checked")
    assert learner.attempts == ["open"]
    assert len(learner.stored) == 1


def test_finishing_in_one_window_closes_the_other(learner):
    context = learner.context()
    one, two = learner.open(context=context), learner.open(context=context)
    choose(one)
    says(one, "saved")
    for _item in range(one.locator(".item").count()):
        step(one)
    finish(one)
    two.locator("#quiz[data-done]").wait_for()
    assert learner.attempts == ["submitted"]


def test_another_device_with_an_older_page_does_not_overwrite(learner):
    one, two = learner.open(), learner.open()
    name = choose(one, 1)
    says(one, "saved")
    choose(one, 2)
    says(one, "saved")
    newest = learner.stored[name]
    item(two).locator("input:not([type=hidden])").first.click()  # not check(): the page soon undoes the choice
    says(two, "elsewhere")
    assert learner.stored[name] == newest
    assert item(two).locator(f"input[value='{newest}']").is_checked()


def test_a_session_that_ends_half_way_keeps_the_answers_until_the_same_learner_is_back(learner):
    page = learner.open()
    first = choose(page)
    says(page, "saved")
    learner.sign_out()
    step(page)
    second = choose(page)
    page.locator("#save-state a").wait_for()
    assert "/account/login/" in page.locator("#save-state a").get_attribute("href")
    assert json.loads(page.evaluate("localStorage.waiting"))
    renewed = learner.site.manage(
        "shell", "-v0", "-c",
        "from django.contrib.auth import get_user_model, BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY\n"
        "from django.contrib.sessions.backends.db import SessionStore\n"
        f"user = get_user_model().objects.get(learner='{learner.learner}')\n"
        "session = SessionStore(); session[SESSION_KEY] = str(user.pk)\n"
        "session[BACKEND_SESSION_KEY] = 'allauth.account.auth_backends.AuthenticationBackend'\n"
        "session[HASH_SESSION_KEY] = user.get_session_auth_hash(); session.save(); print(session.session_key)",
    )  # fmt: skip
    key = renewed.stdout.strip().splitlines()[-1]
    page.context.add_cookies([{"name": "s", "value": key, "url": learner.site.url}])
    page.reload()
    says(page, "saved")
    assert set(learner.stored) == {first, second}


def test_the_next_learner_on_the_device_gets_nothing_of_the_last(learner, site, seats, new_context):
    context = learner.context()
    page = learner.open(context=context)
    context.set_offline(True)
    answer_all(page)
    page.close()
    context.set_offline(False)
    other = Learner(site, new_context, *seats.pop())
    context.clear_cookies()
    context.add_cookies([{"name": "s", "value": other.session, "url": site.url}])
    page = other.open(context=context)
    assert on_screen(page) == set()
    page.wait_for_timeout(800)
    assert page.evaluate("localStorage.waiting ?? null") is None
    assert other.attempts == []


def test_a_window_that_the_last_learner_left_open_sends_nothing_as_the_next(learner, site, seats, new_context):
    context = learner.context()
    page = learner.open(context=context)
    context.set_offline(True)
    choose(page)
    says(page, "waiting")
    other = Learner(site, new_context, *seats.pop())
    context.clear_cookies()
    context.add_cookies([{"name": "s", "value": other.session, "url": site.url}])
    context.set_offline(False)
    says(page, "refused")
    assert page.locator("#save-state a").count() == 1
    assert page.evaluate("Object.keys(JSON.parse(localStorage.waiting).quizzes).length") == 1  # for when they are back
    page.wait_for_timeout(500)
    assert other.attempts == []
    assert learner.attempts == []


def test_after_a_day_what_waits_is_erased(learner):
    page = learner.open()
    page.context.set_offline(True)
    choose(page)
    says(page, "waiting")
    page.evaluate(
        """() => { const box = JSON.parse(localStorage.waiting);
        for (const kept of Object.values(box.quizzes)) kept.at -= 25 * 60 * 60 * 1000;
        localStorage.waiting = JSON.stringify(box); }"""
    )
    page.context.set_offline(False)
    page.reload()
    page.wait_for_timeout(500)
    assert page.evaluate("localStorage.waiting ?? null") is None
    assert learner.attempts == []


def test_a_clock_that_is_three_days_off_changes_nothing(learner):
    page = learner.open()
    page.clock.set_fixed_time(time.time() + 3 * 24 * 3600)
    name = choose(page)
    says(page, "saved")
    assert list(learner.stored) == [name]


def test_leaving_quickly_erases_what_waits_and_keeps_what_was_saved(learner):
    page = learner.open()
    first = choose(page)
    says(page, "saved")
    page.context.set_offline(True)
    step(page)
    choose(page)
    says(page, "waiting")
    page.locator("#exit").click()
    page.locator(".cover").wait_for()
    assert page.evaluate("localStorage.waiting ?? null") is None
    assert set(learner.stored) == {first}


def test_a_server_that_is_busy_is_asked_again_and_nothing_is_lost(learner):
    page = learner.open()
    refused = []

    def busy(route):
        refused.append(route.request.url)
        route.fulfill(status=503, headers={"Retry-After": "1"}, json={"code": "busy", "message": "…", "item": ""})

    page.route("**/responses/**", busy)
    name = choose(page)
    says(page, "waiting")
    page.unroute("**/responses/**")
    says(page, "saved")
    assert list(learner.stored) == [name]
    assert len(refused) >= 1


def test_a_page_of_somebody_elses_network_is_not_taken_for_an_answer(learner):
    page = learner.open()
    page.route("**/responses/**", lambda route: route.fulfill(status=200, body="<h1>Welcome to our Wi-Fi</h1>"))
    name = choose(page)
    says(page, "waiting")
    page.unroute("**/responses/**")
    page.evaluate("dispatchEvent(new Event('online'))")
    says(page, "saved")
    assert list(learner.stored) == [name]


def test_an_old_token_is_renewed_without_a_word(learner):
    page = learner.open()
    page.evaluate("document.querySelector('[name=csrfmiddlewaretoken]').value = 'x'.repeat(64)")
    name = choose(page)
    says(page, "saved")
    assert list(learner.stored) == [name]


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_the_script_it_is_a_form_that_keeps(learner, language):
    page = learner.open(language, java_script_enabled=False)
    shown = page.locator(".item:has(button[name=check])").first
    name = shown.get_attribute("data-item")
    shown.locator("input:not([type=hidden])").first.check()
    with page.expect_navigation():
        shown.locator("button[name=check]").click()
    assert page.locator(f".item[data-item='{name}'] .feedback").count() == 1
    assert page.locator(".item .feedback").count() == 1
    page.reload()
    assert page.locator(f".item[data-item='{name}'] .feedback").count() == 1
    with page.expect_navigation():
        page.locator("#check-all [name=finish]").click()
    assert learner.attempts == ["submitted"]
    assert page.locator(".item .feedback").count() == page.locator(".item").count()
    with page.expect_navigation():
        page.locator("[name=again]").click()
    assert learner.attempts == ["submitted", "open"]
    assert page.locator(".item .feedback").count() == 0


def test_the_whole_quiz_is_one_entry_of_the_history(learner):
    page = learner.open()
    before = page.evaluate("history.length")
    answer_all(page)
    says(page, "saved")
    finish(page)
    assert page.evaluate("history.length") == before


def test_signing_out_erases_what_waits(learner):
    page = learner.open()
    page.context.set_offline(True)
    choose(page)
    says(page, "waiting")
    page.route("**/api/**", lambda route: route.abort())
    page.context.set_offline(False)
    page.goto(f"{learner.site.url}/en/account/logout/")
    assert page.evaluate("localStorage.waiting")
    page.locator("main form button").click()
    page.wait_for_url("**/en/")
    page.wait_for_function("() => !localStorage.waiting")
