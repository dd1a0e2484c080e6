"""One learner with two devices on a bad line: requests get lost, come twice, late, in any order. Answers do not."""

from dataclasses import dataclass, field

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from quizzes.models import Attempt, Response, State
from tests.quizzes.answering import response
from tests.quizzes.items import quiz_in_every_language
from tests.quizzes.learners import Learner
from tests.site import LANGUAGES

pytestmark = pytest.mark.django_db
devices, languages, places = st.integers(0, 1), st.sampled_from(LANGUAGES), st.integers(0, 3)
KINDS = ("single-choice", "true-false", "multiple-choice", "order")


@dataclass
class Device:
    """What the page in one browser knows: for each item what is chosen, and the number of that choice."""

    learner: Learner
    chosen: dict = field(default_factory=dict)

    def choose(self, item, choices):
        number = self.chosen.get(item, ("", 0))[1] + 1
        self.chosen[item] = choices, number
        return choices, number


@dataclass(frozen=True)
class Request:
    device: int
    kind: str  # save, check or submit
    item: str = ""
    choices: object = ""
    sequence: int = 0
    answers: tuple = ()


@dataclass(frozen=True)
class Stored:
    choices: object
    sequence: int
    checked: bool = False


class Model:
    """What ought to be stored: the newest answer to each item, as it stood when it was checked or submitted."""

    def __init__(self, unfinished):
        self.answers, self.submitted, self.unfinished = {}, False, unfinished

    def receive(self, request):
        """Takes a request in; the code that the server should answer with."""
        if request.kind == "submit":
            return self.submit(request.answers)
        if request.kind == "check" and not request.choices:
            return "nothing_chosen"
        if self.submitted:
            return "attempt_closed"
        after = dict(self.answers)
        code = self.store(after, request.item, request.choices, request.sequence, check=request.kind == "check")
        if code in ("saved", "checked"):
            self.answers = after
        return code

    def submit(self, answers):
        if self.submitted:
            return "submitted"
        after = dict(self.answers)
        for item, choices, sequence in answers:
            code = self.store(after, item, choices, sequence)
            if code != "saved":
                return code
        if any(stored.choices in self.unfinished for stored in after.values()):
            return "unfinished_response"
        self.answers, self.submitted = after, True
        return "submitted"

    def store(self, answers, item, choices, sequence, *, check=False):
        stored = answers.get(item, Stored(choices, 0))
        same, newer = stored.choices == choices, sequence > stored.sequence
        if stored.checked and newer and not same:
            return "already_checked"
        if check and not (same or (newer and not stored.checked)):  # it is told what is newer, or was checked
            return "checked" if stored.checked else "saved"
        if check and choices in self.unfinished:
            return "unfinished_response"
        if newer and not stored.checked:
            stored = Stored(choices, sequence)
        if stored.sequence:
            answers[item] = Stored(stored.choices, stored.sequence, stored.checked or check)
        return "checked" if check else "saved"


class TwoDevices(RuleBasedStateMachine):
    quiz = None  # made once, by the test

    def __init__(self):
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        learner = Learner()
        self.devices = [Device(learner), Device(Learner(learner.user))]
        self.items = [next(item for item in self.quiz.item_list if item["type"] == kind) for kind in KINDS]
        self.choices = {item["id"]: possible(item) for item in self.items}
        order = self.items[-1]
        self.model = Model([half for half in self.choices[order["id"]] if half and len(half) == 1])
        self.attempt = learner.begin(self.quiz).json()["attempt"]
        self.learner, self.waiting, self.closed = learner, [], None

    def teardown(self):
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    @rule(device=devices, place=places, which=st.integers(0, 3), checks=st.booleans())
    def choose(self, device, place, which, checks):
        """A device chooses, or checks; the request is on its way."""
        item = self.items[place]["id"]
        choices, number = self.devices[device].choose(item, self.choices[item][which])
        self.waiting.append(Request(device, "check" if checks else "save", item, choices, number))

    @rule(device=devices)
    def finish(self, device):
        answers = tuple((item, *chosen) for item, chosen in self.devices[device].chosen.items())
        self.waiting.append(Request(device, "submit", answers=answers))

    @precondition(lambda self: self.waiting)
    @rule(data=st.data(), language=languages, again=st.booleans())
    def arrive(self, data, language, again):
        """Some request arrives, not the oldest first; it may come again later."""
        place = data.draw(st.integers(0, len(self.waiting) - 1))
        request = self.waiting[place] if again else self.waiting.pop(place)
        self.deliver(request, language)

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def get_lost(self, data):
        self.waiting.pop(data.draw(st.integers(0, len(self.waiting) - 1)))

    @rule(device=devices, language=languages)
    def load_again(self, device, language):
        """A device that is loaded again knows what is stored, and begins no second attempt."""
        here = self.devices[device]
        begun = here.learner.begin(self.quiz)
        if self.model.submitted:
            assert begun.json()["code"] == "attempt_closed"
            return
        assert begun.json()["attempt"] == self.attempt
        here.chosen = {each["item"]: (each["choices"], each["sequence"]) for each in begun.json()["responses"]}
        assert here.chosen == {item: (stored.choices, stored.sequence) for item, stored in self.model.answers.items()}

    def deliver(self, request, language):
        learner = self.devices[request.device].learner
        expected = self.model.receive(request)
        if request.kind == "submit":
            answers = [({"id": item}, choices, sequence) for item, choices, sequence in request.answers]
            answer = learner.submit(self.attempt, answers, language=language)
        else:
            check, item = request.kind == "check", {"id": request.item}
            answer = learner.save(self.attempt, item, request.choices, request.sequence, check=check, language=language)
        assert answer.json()["code"] == expected
        if expected in ("saved", "checked"):
            known = self.model.answers.get(request.item, Stored(request.choices, 0))
            assert answer.json()["choices"] == known.choices
            assert answer.json()["sequence"] == known.sequence
            assert answer.json()["checked"] == known.checked
            assert answer.json()["stale"] == (request.choices != known.choices)

    @invariant()
    def what_is_stored_is_what_was_newest_and_nothing_is_doubled(self):
        rows = Response.objects.filter(attempt=self.attempt).values_list("item", "choices", "sequence", "checked")
        assert len(rows) == len(self.model.answers)
        assert {item: Stored(*stored) for item, *stored in rows} == self.model.answers

    @invariant()
    def there_is_one_attempt_and_once_submitted_it_never_changes(self):
        attempt = Attempt.objects.filter(learner=self.learner.id).values().get()
        assert attempt["state"] == (State.SUBMITTED if self.model.submitted else State.OPEN)
        if self.model.submitted:
            self.closed = self.closed or attempt
            assert attempt == self.closed


def possible(item):
    """Four answers to an item, as they are stored: right, not quite, another one, and none."""
    right, wrong = response(item, right=True), response(item, right=False)
    other = {
        "single-choice": lambda: item["choices"][-1]["id"],
        "true-false": lambda: "true",
        "multiple-choice": lambda: sorted(choice["id"] for choice in item["choices"]),
        "order": lambda: {item["entries"][0]["id"]: "1"},
    }[item["type"]]()
    if item["type"] == "multiple-choice":
        right, wrong = sorted(right), sorted(wrong)
    return [right, wrong, other, ""]


def test_two_devices_on_a_bad_line_store_the_newest_answer_once():
    TwoDevices.quiz = quiz_in_every_language()["en"]
    careful = settings(max_examples=60, stateful_step_count=20, suppress_health_check=list(HealthCheck))

    run_state_machine_as_test(TwoDevices, settings=careful)
