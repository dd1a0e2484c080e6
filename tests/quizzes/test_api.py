"""The quiz API: every refusal has its code, its status and a sentence in four languages, and nothing changes."""

import json
import uuid

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import gettext

from quizzes import taking
from quizzes.models import Attempt, QuizVersion, State
from quizzes.refusals import REFUSALS
from tests.quizzes.answering import all_feedback, expected_feedback, name, response, sent
from tests.quizzes.items import quiz_in_every_language, republish
from tests.quizzes.learners import JSON, Learner, kept
from tests.quizzes.test_quiz_page import quiz_at
from tests.reading import parse, words
from tests.site import LANGUAGES

pytestmark = pytest.mark.django_db
in_every_language = pytest.mark.parametrize("language", LANGUAGES)
OTHERS = [language for language in LANGUAGES if language != "en"]
SHIPPED = "student/s2/4"


class Desk:
    """A learner with an open attempt at a shipped quiz, one answer saved and one checked."""

    def __init__(self):
        self.quiz = quiz_at("en", SHIPPED)
        self.learner = Learner()
        self.attempt = taking.begin(self.learner.id, self.quiz).id
        self.item, self.checked, self.order = (
            next(item for item in self.quiz.item_list if item["type"] == kind)
            for kind in ("single-choice", "true-false", "order")
        )
        for item, checking in ((self.item, False), (self.checked, True)):
            answer = taking.Answer(item["id"], response(item, right=True), 4)
            taking.save(self.learner.id, self.attempt, answer, checking=checking)
        self.here = f"attempts/{self.attempt}/"
        self.saving = f"{self.here}responses/{self.item['id']}/"

    def answer(self, **more):
        return {"choices": response(self.item, right=False), "sequence": 5} | more

    def submission(self, **more):
        return {"responses": [{"item": self.item["id"], **self.answer()} | more]}


@pytest.fixture
def desk():
    return Desk()


def no_learner(desk):
    desk.learner.client.logout()
    return "PUT", desk.saving, desk.answer()


def attempt_closed(desk):
    taking.submit(desk.learner.id, desk.attempt, [])
    return "PUT", desk.saving, desk.answer()


def feedback_at_the_end(desk):
    quiz = quiz_in_every_language(feedback_after="end")["en"]
    attempt, item = taking.begin(desk.learner.id, quiz).id, quiz.item_list[2]
    given = {"choices": sent(item, right=True), "sequence": 1}
    return "POST", f"attempts/{attempt}/responses/{item['id']}/check/", given


REQUESTS = {
    "malformed_json": lambda desk: ("PUT", desk.saving, '{"choices": '),
    "invalid_request": lambda desk: ("PUT", desk.saving, desk.answer(score=100)),
    "too_large": lambda desk: ("PUT", desk.saving, desk.answer(choices="a" * 1_000_000)),
    "no_learner": no_learner,
    "not_found": lambda desk: ("PUT", desk.saving.replace(str(desk.attempt), str(uuid.uuid4())), desk.answer()),
    "unknown_item": lambda desk: ("PUT", f"{desk.here}responses/forged/", desk.answer()),
    "unknown_choice": lambda desk: ("PUT", desk.saving, desk.answer(choices="forged")),
    "unfinished_response": lambda desk: (
        "POST",
        f"{desk.here}responses/{desk.order['id']}/check/",
        {"choices": {desk.order["entries"][0]["id"]: "1"}, "sequence": 1},
    ),
    "nothing_chosen": lambda desk: ("POST", f"{desk.saving}check/", desk.answer(choices="")),
    "already_checked": lambda desk: (
        "PUT",
        f"{desk.here}responses/{desk.checked['id']}/",
        {"choices": "unsure", "sequence": 5},
    ),
    "feedback_at_the_end": feedback_at_the_end,
    "attempt_closed": attempt_closed,
    "old_version": lambda desk: (
        "POST",
        "attempts/",
        {"quiz": str(quiz_at("en", "student/s3/4").translation_key), "version": "0" * 64},
    ),
    "method_not_allowed": lambda desk: ("GET", desk.saving, None),
}


def english(code):
    with translation.override("en"):
        return str(REFUSALS[code][1])


def test_every_refusal_is_asked_for_here():
    assert set(REQUESTS) == set(REFUSALS)


@pytest.mark.parametrize("code", REFUSALS)
class TestRefusals:
    @in_every_language
    def test_it_has_its_code_and_status_says_it_in_the_readers_language_and_changes_nothing(self, desk, code, language):
        method, path, body = REQUESTS[code](desk)
        before = kept()

        answer = desk.learner.api(method, path, body, language=language)

        with translation.override(language):
            message = gettext(english(code))
        assert (answer.status_code, answer.json()["code"]) == (REFUSALS[code][0], code)
        assert answer.json()["message"] == message
        assert answer.headers["Content-Type"] == JSON
        assert "no-store" in answer.headers["Cache-Control"]
        now = kept()
        assert [now[model] for model in now if model is not QuizVersion] == [
            before[model] for model in before if model is not QuizVersion
        ]

    @pytest.mark.parametrize("language", OTHERS)
    def test_its_sentence_is_translated(self, code, language):
        with translation.override(language):
            assert gettext(english(code)) != english(code)


class TestBodies:
    """A body that no page of ours sends; each is refused before anything is read of the attempt."""

    @pytest.mark.parametrize(
        "text", ["", "{", "null", "[]", '"text"', "1", '{"choices": "a"', "\x00", "{'choices': 'a'}", "NaN", "\ud83d"]
    )
    def test_json_that_is_none_or_no_object(self, desk, text):
        before = kept()

        answer = desk.learner.api("PUT", desk.saving, text.encode("utf-8", "surrogatepass"))

        assert answer.status_code in (400, 422)
        assert answer.json()["code"] in ("malformed_json", "invalid_request")
        assert kept() == before

    @pytest.mark.parametrize(
        "wrong",
        [
            {"sequence": "5"},
            {"sequence": 5.0},
            {"sequence": 5.5},
            {"sequence": True},
            {"sequence": None},
            {"sequence": 0},
            {"sequence": -1},
            {"sequence": 2**31},
            {"sequence": 10**400},
            {"choices": None},
            {"choices": 1},
            {"choices": True},
            {"choices": [1]},
            {"choices": [["a"]]},
            {"choices": {"a": 1}},
            {"choices": {"a": {"b": "c"}}},
            {"choices": "a" * 81},
            {"choices": ["a"] * 41},
            {"choices": {str(number): "a" for number in range(41)}},
            {"score": 100},
            {"right": True},
            {"checked": True},
            {"learner": "0c6dd513-b8b7-4e7c-8a51-0d5b1f0c7a11"},
            {"item": "another"},
            {"received_at": "2001-01-01T00:00:00Z"},
        ],
        ids=lambda wrong: str(wrong)[:30],
    )
    def test_wrong_types_and_unknown_fields(self, desk, wrong):
        before = kept()

        answer = desk.learner.api("PUT", desk.saving, desk.answer(**wrong))

        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
        assert kept() == before

    @pytest.mark.parametrize("missing", ["choices", "sequence"])
    def test_a_missing_field(self, desk, missing):
        body = {key: value for key, value in desk.answer().items() if key != missing}

        answer = desk.learner.api("PUT", desk.saving, body)

        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"responses": None},
            {"responses": {}},
            {"responses": ["a"]},
            {"responses": [], "score": 100},
            {"responses": [], "passed": True},
            {"responses": [], "submitted_at": "2001-01-01"},
            {"responses": [{"item": "a", "choices": "a"}]},
        ],
        ids=str,
    )
    def test_a_submission_with_a_score_or_without_answers(self, desk, body):
        before = kept()

        answer = desk.learner.api("POST", f"{desk.here}submit/", body)

        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
        assert kept() == before

    def test_more_answers_than_any_quiz_has(self, desk):
        body = {"responses": desk.submission()["responses"] * 201}

        assert desk.learner.api("POST", f"{desk.here}submit/", body).json()["code"] == "invalid_request"

    @pytest.mark.parametrize("quiz", ["", "forged", "8ce34fa6-04fb-48a8-921a-3179d97203fa", "a" * 81])
    def test_a_quiz_that_is_not_there(self, desk, quiz):
        before = kept()

        answer = desk.learner.api("POST", "attempts/", {"quiz": quiz})

        assert answer.status_code in (404, 422)
        assert answer.json()["code"] in ("not_found", "invalid_request")
        assert kept() == before

    @pytest.mark.parametrize("after", ["forged", "' OR 1=1 --"])
    def test_an_attempt_before_that_never_was(self, desk, after):
        answer = desk.learner.begin(desk.quiz, after=after)

        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")

    @pytest.mark.parametrize("kind", ["multipart/form-data; boundary=b", "application/x-www-form-urlencoded"])
    def test_a_form_instead_of_json(self, desk, kind):
        before = kept()

        answer = desk.learner.client.post(
            f"/en/api/1/{desk.here}submit/", "--b--\r\n", content_type=kind, headers={"Accept": JSON}
        )

        assert answer.status_code in (400, 415, 422)
        assert answer.json()["code"] in ("malformed_json", "invalid_request")
        assert kept() == before

    @pytest.mark.parametrize("length", ["-1", "x", "", "1e9"])
    def test_a_forged_length(self, desk, length):
        answer = desk.learner.client.put(
            f"/en/api/1/{desk.saving}", "{}", content_type=JSON, headers={"Accept": JSON}, CONTENT_LENGTH=length
        )

        assert 400 <= answer.status_code < 500

    @pytest.mark.parametrize("item", ["%00", "a" * 300, "%F0%9F%92%A5", "..%2f..", "'"])
    def test_a_forged_item_in_the_address(self, desk, item):
        before = kept()

        answer = desk.learner.api("PUT", f"{desk.here}responses/{item}/", desk.answer())

        assert answer.status_code in (404, 422)
        assert kept() == before


class TestSubmissions:
    @pytest.mark.parametrize(
        ("more", "code"),
        [
            ({"item": "forged"}, "unknown_item"),
            ({"choices": "forged"}, "unknown_choice"),
            ({"choices": ["forged"]}, "unknown_choice"),
            ({"sequence": 0}, "invalid_request"),
            ({"right": True}, "invalid_request"),
        ],
    )
    def test_one_bad_answer_and_nothing_is_submitted(self, desk, more, code):
        before = kept()
        good = {"item": desk.order["id"], "choices": sent(desk.order, right=True), "sequence": 1}

        answer = desk.learner.api(
            "POST", f"{desk.here}submit/", {"responses": [good, *desk.submission(**more)["responses"]]}
        )

        assert answer.json()["code"] == code
        assert kept() == before

    def test_a_repeat_returns_the_same_and_says_so(self, desk):
        answers = [desk.learner.submit(desk.attempt, [(desk.item, "", 9)]) for _ in range(3)]

        assert [answer.json() for answer in answers] == [
            {"code": "submitted", "attempt": str(desk.attempt), "duplicate": again} for again in (False, True, True)
        ]

    def test_an_item_named_twice_counts_by_its_newest_answer(self, desk):
        right, wrong = response(desk.item, right=True), response(desk.item, right=False)

        desk.learner.submit(desk.attempt, [(desk.item, right, 7), (desk.item, wrong, 6)])

        assert Attempt.objects.get(id=desk.attempt).chosen()[desk.item["id"]] == right

    def test_an_answer_checked_before_travels_along_unharmed(self, desk):
        same = response(desk.checked, right=True)

        answer = desk.learner.submit(desk.attempt, [(desk.checked, same, 4)])

        assert answer.json()["code"] == "submitted"


class TestSomebodyElses:
    """Another learner's attempt is not there: it is answered as one that never was."""

    @pytest.mark.parametrize("path", ["", "save", "check", "submit"])
    def test_attempt(self, desk, path):
        other, never, before = Learner(), uuid.uuid4(), kept()
        requests = {
            "": lambda attempt: other.api("GET", f"attempts/{attempt}/"),
            "save": lambda attempt: other.save(attempt, desk.item, "", 9),
            "check": lambda attempt: other.save(attempt, desk.item, "a", 9, check=True),
            "submit": lambda attempt: other.submit(attempt),
        }

        answers = [requests[path](attempt) for attempt in (desk.attempt, never)]

        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].json() == answers[1].json()
        assert kept() == before

    def test_page_that_is_still_open_sends_nothing_as_the_next(self, desk):
        """Two windows, one browser: somebody else signed in meanwhile, and the cookie is theirs now."""
        other = Learner()
        theirs = {"X-Learner": taking.mark_of(other.id)}
        before = kept()

        begun = desk.learner.api("POST", "attempts/", {"quiz": str(desk.quiz.translation_key)}, **theirs)
        saved = desk.learner.api("PUT", desk.saving, desk.answer(), **theirs)
        posted = desk.learner.post(desk.quiz, form={"learner": theirs["X-Learner"], "finish": "1"})

        assert [answer.status_code for answer in (begun, saved, posted)] == [401, 401, 401]
        assert begun.json()["code"] == saved.json()["code"] == "no_learner"
        assert kept() == before
        own = {"X-Learner": taking.mark_of(desk.learner.id)}
        assert desk.learner.api("PUT", desk.saving, desk.answer(), **own).status_code == 200

    def test_last_attempt_does_not_open_a_new_one(self, desk):
        taking.submit(desk.learner.id, desk.attempt, [])
        other = Learner()

        assert other.begin(desk.quiz, after=str(desk.attempt)).json()["attempt"] != str(desk.attempt)
        assert Attempt.objects.by(other.id).count() == 1


class TestSaving:
    @in_every_language
    def test_it_is_acknowledged_with_what_is_stored(self, desk, language):
        given = response(desk.item, right=False)

        answer = desk.learner.save(desk.attempt, desk.item, given, 5, language=language)

        assert answer.status_code == 200
        assert answer.json() == {
            "code": "saved",
            "item": desk.item["id"],
            "choices": given,
            "sequence": 5,
            "checked": False,
            "stale": False,
        }

    @pytest.mark.parametrize("sequence", [1, 3, 4])
    def test_a_late_request_is_told_what_is_newer(self, desk, sequence):
        answer = desk.learner.save(desk.attempt, desk.item, response(desk.item, right=False), sequence).json()

        assert answer["stale"] is True
        assert (answer["choices"], answer["sequence"]) == (response(desk.item, right=True), 4)

    def test_a_replay_of_a_checked_answer_is_harmless(self, desk):
        before = kept()

        answer = desk.learner.save(desk.attempt, desk.checked, response(desk.checked, right=True), 4)

        assert answer.json() | {"checked": True, "stale": False} == answer.json()
        assert kept() == before

    def test_every_type_comes_back_as_the_page_holds_it(self):
        quiz, learner = quiz_in_every_language()["en"], Learner()
        attempt = learner.begin(quiz).json()["attempt"]
        given = {item["id"]: sent(item, right=False) for item in quiz.item_list}

        for item in quiz.item_list:
            assert learner.save(attempt, item, given[item["id"]]).json()["choices"] == given[item["id"]]

        shown = learner.api("GET", f"attempts/{attempt}/").json()
        assert {each["item"]: each["choices"] for each in shown["responses"]} == given
        assert shown["code"] == "open"

    def test_no_clock_of_theirs_counts(self, desk):
        """Neither a date in a header nor one in a cookie: what is newer is told by the sequence alone."""
        before = Attempt.objects.get(id=desk.attempt).started_at

        answer = desk.learner.api("PUT", desk.saving, desk.answer(), Date="Fri, 01 Jan 1999 00:00:00 GMT")

        assert answer.status_code == 200
        assert Attempt.objects.get(id=desk.attempt).started_at == before


class TestChecking:
    @in_every_language
    def test_only_this_items_feedback_comes_in_the_language_of_the_page(self, language):
        quiz, learner = quiz_in_every_language()[language], Learner()
        attempt = learner.begin(quiz).json()["attempt"]
        for item in quiz.item_list:
            if item.get("moment") == "before":
                continue
            answer = learner.save(attempt, item, sent(item, right=False), check=True, language=language).json()

            told = words(answer["html"])
            assert answer["checked"] is True
            assert all(sentence in told for sentence in expected_feedback(item, right=False))
            others = [other for other in quiz.item_list if other["prompt"] != item["prompt"]]
            assert [s for other in others for s in all_feedback(other) if s in told] == []

    def test_where_something_newer_is_stored_it_comes_back_instead_of_feedback(self, desk):
        answer = desk.learner.save(desk.attempt, desk.item, response(desk.item, right=False), 3, check=True).json()

        assert answer["stale"] is True
        assert answer["checked"] is False
        assert "html" not in answer

    def test_the_item_that_comes_back_is_closed(self, desk):
        answer = desk.learner.save(desk.attempt, desk.item, response(desk.item, right=False), 5, check=True).json()

        boxes = parse(answer["html"]).select(f'input[name="{name(desk.item)}"]')
        assert boxes
        assert all(box.has_attr("disabled") for box in boxes)


class TestBeginning:
    def test_a_draft_has_no_attempts(self):
        quiz = quiz_in_every_language()["en"]
        quiz.unpublish()

        assert Learner().begin(quiz).json()["code"] == "not_found"

    def test_nor_has_the_quiz_of_an_unpublished_lesson(self):
        quiz = quiz_in_every_language()["en"]
        quiz.lesson.unpublish()

        assert Learner().begin(quiz).json()["code"] == "not_found"

    def test_the_version_of_the_page_begins_once_however_often_it_is_asked(self):
        quiz, learner = quiz_in_every_language()["en"], Learner()
        version = learner.page(quiz).select_one("form#quiz")["data-version"]

        answers = [learner.begin(quiz, version=version).json() for _ in range(3)]

        assert answers == [{"code": "open", "attempt": answers[0]["attempt"], "responses": []}] * 3

    def test_an_attempt_that_was_begun_before_an_edit_goes_on(self):
        quiz, learner = quiz_in_every_language()["en"], Learner()
        version = learner.page(quiz).select_one("form#quiz")["data-version"]
        first = learner.begin(quiz, version=version).json()
        edited = republish(quiz, lambda raw: raw.pop())

        assert learner.begin(edited, version=version).json() == first


class TestForgery:
    @in_every_language
    def test_without_the_token_nothing_is_read(self, desk, language):
        careful, before = Learner(desk.learner.user, enforce_csrf_checks=True), kept()

        answer = careful.api("PUT", desk.saving, desk.answer(), language=language)

        with translation.override(language):
            message = gettext("Please send that once more")
        assert answer.status_code == 403
        assert answer.json() == {"code": "csrf", "message": message, "item": ""}
        assert kept() == before

    def test_with_the_token_of_the_page_it_is(self, desk):
        careful = Learner(desk.learner.user, enforce_csrf_checks=True)
        token = careful.page(desk.quiz).select_one("[name=csrfmiddlewaretoken]")["value"]

        answer = careful.api("PUT", desk.saving, desk.answer(), **{"X-CSRFToken": token})

        assert answer.status_code == 200

    def test_a_reader_gets_a_page(self, desk):
        careful = Learner(desk.learner.user, enforce_csrf_checks=True)

        answer = careful.client.post(desk.quiz.url, {"finish": "1"})

        assert answer.status_code == 403
        assert parse(answer).h1

    def test_no_other_site_may_ask(self, desk):
        answer = desk.learner.api("GET", desk.here, Origin="https://elsewhere.example")

        assert "Access-Control-Allow-Origin" not in answer.headers
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


class TestABusyDatabase:
    @pytest.fixture
    def busy(self, monkeypatch):
        def locked(*arguments, **options):
            raise OperationalError("database is locked")

        monkeypatch.setattr(taking, "locked", locked)

    @in_every_language
    @pytest.mark.parametrize("path", ["save", "check", "submit"])
    def test_the_script_is_told_to_come_back(self, desk, busy, language, path):
        before = kept()
        requests = {
            "save": lambda: desk.learner.save(desk.attempt, desk.item, "", 9, language=language),
            "check": lambda: desk.learner.save(
                desk.attempt, desk.item, response(desk.item, right=True), 9, check=True, language=language
            ),
            "submit": lambda: desk.learner.submit(desk.attempt, language=language),
        }

        answer = requests[path]()

        with translation.override(language):
            message = gettext("Many people are here just now")
        assert (answer.status_code, answer.json()) == (503, {"code": "busy", "message": message, "item": ""})
        assert int(answer.headers["Retry-After"]) > 0
        assert kept() == before

    @in_every_language
    def test_a_reader_gets_a_page_in_their_language(self, desk, busy, language):
        quiz = quiz_at(language, SHIPPED)

        answer = desk.learner.post(quiz, finish="1")

        soup = parse(answer)
        with translation.override(language):
            assert gettext("Many people are here just now") in words(soup.title) + words(soup.body)
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert soup.html["lang"] == language
        assert soup.select_one(f'a[href="/{language}/help/"]')

    def test_what_was_sent_may_be_sent_again(self, desk, monkeypatch):
        with monkeypatch.context() as patched:
            patched.setattr(taking, "store", lambda *a, **o: (_ for _ in ()).throw(OperationalError("locked")))
            assert desk.learner.save(desk.attempt, desk.item, "", 9).status_code == 503

        assert desk.learner.save(desk.attempt, desk.item, "", 9).json()["stale"] is False


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_attempt_is_described_in_every_language(language):
    quiz, learner = quiz_in_every_language()[language], Learner()
    attempt = learner.begin(quiz).json()["attempt"]
    learner.submit(attempt)

    answer = learner.api("GET", f"attempts/{attempt}/", language=language).json()

    assert answer == {"code": State.SUBMITTED, "attempt": attempt, "responses": []}


def test_a_visitor_cannot_speak_to_it_at_all():
    before = kept()
    answers = [
        Client().post("/en/api/1/attempts/", json.dumps({"quiz": str(uuid.uuid4())}), content_type=JSON),
        Client().get(f"/en/api/1/attempts/{uuid.uuid4()}/"),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(401, "no_learner")] * 2
    assert kept() == before


def test_saving_costs_few_queries(desk):
    desk.learner.save(desk.attempt, desk.item, "", 8)
    with CaptureQueriesContext(connection) as queries:
        desk.learner.save(desk.attempt, desk.item, response(desk.item, right=True), 9)

    assert len(queries) <= 10
