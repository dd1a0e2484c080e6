"""An attempt: begun once, answered in any order, submitted whole, and the learner's own; with or without script."""

import datetime
from itertools import permutations

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from quizzes import taking
from quizzes.models import Attempt, Response, State
from quizzes.models.attempts import OPEN_FOR
from quizzes.refusals import Refused
from quizzes.taking import Answer
from tests.quizzes.answering import (
    all_feedback,
    chosen,
    expected_feedback,
    fieldset,
    name,
    posted,
    response,
    verdict,
)
from tests.quizzes.items import quiz_in_every_language, republish
from tests.quizzes.learners import Learner, fields, kept
from tests.quizzes.test_quiz_page import quiz_at
from tests.reading import parse, words
from tests.site import LANGUAGES

pytestmark = pytest.mark.django_db
SHIPPED = "student/s2/4"


@pytest.fixture
def quizzes():
    return quiz_in_every_language()


@pytest.fixture
def quiz(quizzes):
    return quizzes["en"]


@pytest.fixture
def learner():
    return Learner()


def item_of(quiz, kind):
    return next(item for item in quiz.item_list if item["type"] == kind and item.get("moment") != "before")


def begun(learner, quiz):
    return taking.begin(learner.id, quiz).id


def stored(attempt):
    return {each.item: (each.choices, each.sequence, each.checked) for each in Response.objects.filter(attempt=attempt)}


def tr(language, text):
    with translation.override(language):
        return gettext(text)


def refuses(code):
    return pytest.raises(Refused, match=f"^{code}$")


class TestBeginning:
    def test_one_attempt_is_open_however_often_it_is_begun(self, learner, quizzes):
        found = {begun(learner, quiz) for quiz in quizzes.values() for _ in range(2)}

        assert len(found) == 1
        assert Attempt.objects.get(learner=learner.id).state == State.OPEN

    def test_each_learner_and_each_quiz_has_its_own(self, learner, quiz):
        other = Learner()

        found = {begun(learner, quiz), begun(other, quiz), begun(learner, quiz_at("en", SHIPPED))}

        assert len(found) == Attempt.objects.count() == 3

    def test_a_second_one_is_begun_only_by_somebody_who_knows_of_the_first(self, learner, quiz):
        first = begun(learner, quiz)
        taking.submit(learner.id, first, [])

        with refuses("attempt_closed"):
            taking.begin(learner.id, quiz)
        second = taking.begin(learner.id, quiz, after=first)
        assert second.id != first
        assert taking.begin(learner.id, quiz, after=first).id == second.id
        assert learner.attempts.open().get().id == second.id

    def test_a_page_that_shows_another_version_cannot_begin(self, learner, quiz):
        with refuses("old_version"):
            taking.begin(learner.id, quiz, version="0" * 64)
        assert not Attempt.objects.exists()

    def test_the_database_allows_no_second_open_one(self, learner, quiz):
        first = taking.begin(learner.id, quiz)
        with pytest.raises(IntegrityError), transaction.atomic():
            Attempt.objects.create(learner=learner.id, quiz=first.quiz, version=first.version)


class TestBeforeTheFirstAnswer:
    """The questions are drawn once for all who have answered none."""

    def questions(self, learner, quiz):
        return [str(item) for item in learner.page(quiz).select("fieldset.item")]

    def test_everybody_meets_them_in_their_own_language(self, quizzes):
        for language, quiz in quizzes.items():
            one, other = Learner(), Learner()
            begun(one, quiz)
            begun(other, quiz)

            assert self.questions(one, quiz) == self.questions(other, quiz)
            assert [words(each.select_one(".item-prompt")) for each in one.page(quiz).select(".item")] == [
                item["prompt"] for item in quizzes[language].item_list
            ]

    def test_they_are_those_of_a_page_that_was_not_drawn_before(self, quizzes, monkeypatch):
        for quiz in quizzes.values():
            learner = Learner()
            begun(learner, quiz)
            drawn_before = self.questions(learner, quiz)

            monkeypatch.setattr("quizzes.views.untouched", lambda *_: "")
            assert self.questions(learner, quiz) == drawn_before
            monkeypatch.undo()

    def test_an_answer_is_on_the_page_of_its_own_learner_only(self, quiz):
        one, other = Learner(), Learner()
        attempt, item = begun(one, quiz), item_of(quiz, "true-false")
        begun(other, quiz)
        before = self.questions(other, quiz)

        one.save(attempt, item, "true")

        assert one.page(quiz).select_one(f"[name='{name(item)}'][checked]")["value"] == "true"
        assert self.questions(other, quiz) == before
        assert not other.page(quiz).select_one("fieldset.item [checked]")

    def test_a_quiz_published_anew_is_met_as_it_is_now(self, quiz):
        begun(Learner(), quiz)
        republish(quiz, lambda items: items[0]["value"].update(prompt="Asked anew?"))
        learner = Learner()
        begun(learner, quiz)

        assert "Asked anew?" in [words(each) for each in learner.page(quiz).select(".item-prompt")]


class TestSaving:
    @pytest.mark.parametrize("arrivals", [*permutations((1, 2, 3)), (1, 1, 2, 2, 3, 3, 1), (3, 3, 3), (2, 3, 1, 2, 3)])
    def test_the_newest_answer_stays_whatever_arrives_first_or_twice(self, learner, quiz, arrivals):
        attempt, item = begun(learner, quiz), item_of(quiz, "single-choice")
        choices = [choice["id"] for choice in item["choices"]]

        for sequence in arrivals:
            taking.save(learner.id, attempt, Answer(item["id"], choices[sequence - 1], sequence))

        assert stored(attempt) == {item["id"]: (choices[2], 3, False)}

    def test_an_older_answer_is_told_what_is_stored(self, learner, quiz):
        attempt, item = begun(learner, quiz), item_of(quiz, "true-false")
        taking.save(learner.id, attempt, Answer(item["id"], "true", 5))

        for sequence in (1, 4, 5):
            assert taking.save(learner.id, attempt, Answer(item["id"], "false", sequence)) == taking.Saved(
                item["id"], "true", 5, checked=False, stale=True
            )

    def test_the_same_request_again_is_no_news(self, learner, quiz):
        attempt, item = begun(learner, quiz), item_of(quiz, "true-false")

        answers = [taking.save(learner.id, attempt, Answer(item["id"], "true", 5)) for _ in range(3)]

        assert answers == [taking.Saved(item["id"], "true", 5, checked=False, stale=False)] * 3
        assert Response.objects.count() == 1

    def test_an_answer_can_be_taken_back(self, learner, quiz):
        attempt, item = begun(learner, quiz), item_of(quiz, "match")
        taking.save(learner.id, attempt, Answer(item["id"], response(item, right=True), 1))

        taking.save(learner.id, attempt, Answer(item["id"], "", 2))

        assert stored(attempt) == {item["id"]: ("", 2, False)}

    def test_every_type_of_answer_is_kept_as_it_was_given(self, learner, quiz):
        attempt = begun(learner, quiz)
        given = {item["id"]: response(item, right=False) for item in quiz.item_list}

        for item, choices in given.items():
            taking.save(learner.id, attempt, Answer(item, choices, 1))

        assert Attempt.objects.get(id=attempt).chosen() == given

    def test_a_half_finished_answer_is_kept(self, learner, quiz):
        attempt, item = begun(learner, quiz), item_of(quiz, "order")
        half = {item["entries"][0]["id"]: "1"}

        taking.save(learner.id, attempt, Answer(item["id"], half, 1))

        assert stored(attempt)[item["id"]][0] == half

    @pytest.mark.parametrize("choices", ["forged", "true ", ["true"], {"true": "true"}])
    def test_an_answer_that_is_not_offered_is_not_kept(self, learner, quiz, choices):
        attempt, item = begun(learner, quiz), item_of(quiz, "true-false")

        with refuses("unknown_choice"):
            taking.save(learner.id, attempt, Answer(item["id"], choices, 1))
        assert stored(attempt) == {}

    def test_several_are_kept_all_or_none(self, learner, quiz):
        attempt, item = begun(learner, quiz), item_of(quiz, "true-false")
        forged = Answer(item_of(quiz, "scenario")["id"], "forged", 1)

        with refuses("unknown_choice"):
            taking.save_all(learner.id, attempt, [Answer(item["id"], "true", 1), forged])
        assert stored(attempt) == {}


class TestChecking:
    def test_a_checked_answer_stays(self, learner, quiz):
        attempt, item = begun(learner, quiz), item_of(quiz, "true-false")
        taking.save(learner.id, attempt, Answer(item["id"], "true", 3), checking=True)

        with refuses("already_checked"):
            taking.save(learner.id, attempt, Answer(item["id"], "false", 4))
        with refuses("already_checked"):
            taking.save(learner.id, attempt, Answer(item["id"], "false", 4), checking=True)
        with refuses("already_checked"):
            taking.submit(learner.id, attempt, [Answer(item["id"], "false", 4)])
        assert taking.save(learner.id, attempt, Answer(item["id"], "false", 2)).stale
        assert stored(attempt) == {item["id"]: ("true", 3, True)}

    def test_to_check_again_is_no_harm(self, learner, quiz):
        attempt, item = begun(learner, quiz), item_of(quiz, "true-false")
        answer = Answer(item["id"], "true", 3)

        answers = [taking.save(learner.id, attempt, answer, checking=True) for _ in range(3)]

        assert answers == [taking.Saved(item["id"], "true", 3, checked=True, stale=False)] * 3

    def test_an_answer_is_not_checked_where_a_newer_one_is_there(self, learner, quiz):
        """Two windows: who presses Check in one sees first what was chosen in the other."""
        attempt, item = begun(learner, quiz), item_of(quiz, "true-false")
        taking.save(learner.id, attempt, Answer(item["id"], "true", 3))

        found = taking.save(learner.id, attempt, Answer(item["id"], "false", 2), checking=True)

        assert found == taking.Saved(item["id"], "true", 3, checked=False, stale=True)
        assert stored(attempt) == {item["id"]: ("true", 3, False)}

    def test_an_unfinished_answer_is_asked_for_and_nothing_stored(self, learner, quiz):
        attempt, item = begun(learner, quiz), item_of(quiz, "order")

        with refuses("unfinished_response"):
            taking.save(learner.id, attempt, Answer(item["id"], {item["entries"][0]["id"]: "1"}, 1), checking=True)
        assert stored(attempt) == {}

    @pytest.mark.parametrize("nothing", ["", [], {}])
    def test_nothing_is_not_checked(self, learner, quiz, nothing):
        attempt, item = begun(learner, quiz), item_of(quiz, "multiple-choice")

        with refuses("nothing_chosen"):
            taking.save(learner.id, attempt, Answer(item["id"], nothing, 1), checking=True)

    def test_where_feedback_comes_at_the_end_nothing_is_checked(self, learner):
        quiz = quiz_in_every_language(feedback_after="end")["en"]
        attempt, item = begun(learner, quiz), item_of(quiz, "true-false")

        with refuses("feedback_at_the_end"):
            taking.save(learner.id, attempt, Answer(item["id"], "true", 1), checking=True)
        assert stored(attempt) == {}

    def test_the_first_of_two_times_has_no_feedback_to_check(self, learner, quiz):
        """The page offers no such button; whoever sends it all the same learns nothing before the second time."""
        attempt, before = begun(learner, quiz), quiz.item_list[0]
        assert before["moment"] == "before"

        answer = learner.save(attempt, before, "true", check=True)

        assert [sentence for sentence in all_feedback(before) if sentence in answer.json().get("html", "")] == []


class TestSubmitting:
    def answers(self, quiz, *, right=True):
        return [Answer(item["id"], response(item, right=right), 1) for item in quiz.item_list]

    def test_it_stores_and_marks_the_whole(self, learner, quiz):
        attempt = begun(learner, quiz)

        closed, repeated = taking.submit(learner.id, attempt, self.answers(quiz))

        keyed = [item for item in quiz.item_list if item["type"] != "agree-scale" and "moment" not in item]
        assert (closed.state, closed.right, closed.marked, repeated) == (State.SUBMITTED, len(keyed), len(keyed), False)
        assert len(stored(attempt)) == len(quiz.item_list)

    def test_a_repeat_returns_the_same_and_changes_nothing(self, learner, quiz):
        attempt = begun(learner, quiz)
        taking.submit(learner.id, attempt, self.answers(quiz))
        before = kept()

        for answers in ([], self.answers(quiz), self.answers(quiz, right=False)):
            closed, repeated = taking.submit(learner.id, attempt, answers)
            assert (closed.id, repeated) == (attempt, True)

        assert kept() == before

    def test_what_was_stored_before_counts_and_what_is_older_does_not(self, learner, quiz):
        attempt, item = begun(learner, quiz), item_of(quiz, "true-false")
        taking.save(learner.id, attempt, Answer(item["id"], "false", 2))

        closed, _repeated = taking.submit(learner.id, attempt, [Answer(item["id"], "true", 1)])

        assert closed.right == 1

    def test_what_is_left_out_was_skipped(self, learner, quiz):
        closed, _repeated = taking.submit(learner.id, begun(learner, quiz), [])

        assert (closed.right, closed.state) == (0, State.SUBMITTED)

    @pytest.mark.parametrize(
        ("choices", "code"), [({"x": "1"}, "unknown_choice"), ("stop", "unknown_choice"), (None, "unfinished_response")]
    )
    def test_all_or_nothing(self, learner, quiz, choices, code):
        attempt, item, other = begun(learner, quiz), item_of(quiz, "order"), item_of(quiz, "true-false")
        bad = Answer(item["id"], choices or {item["entries"][0]["id"]: "1"}, 1)

        with refuses(code):
            taking.submit(learner.id, attempt, [Answer(other["id"], "true", 1), bad])

        assert stored(attempt) == {}
        assert Attempt.objects.get(id=attempt).state == State.OPEN

    def test_afterwards_nothing_changes(self, learner, quiz):
        attempt, item = begun(learner, quiz), item_of(quiz, "true-false")
        taking.submit(learner.id, attempt, [])
        before = kept()

        for checking in (False, True):
            with refuses("attempt_closed"):
                taking.save(learner.id, attempt, Answer(item["id"], "true", 9), checking=checking)
        with refuses("attempt_closed"):
            taking.save_all(learner.id, attempt, [])
        assert kept() == before

    @pytest.mark.parametrize(("right", "passed"), [(True, True), (False, False)])
    def test_a_pass_mark_is_kept_with_the_attempt(self, learner, right, passed):
        quiz = quiz_in_every_language(pass_mark=80)["en"]

        closed, _repeated = taking.submit(learner.id, begun(learner, quiz), self.answers(quiz, right=right))

        assert closed.passed is passed
        assert list(Attempt.objects.passed().by(learner.id)) == ([closed] if passed else [])

    def test_without_a_pass_mark_nobody_passes_or_fails(self, learner, quiz):
        assert taking.submit(learner.id, begun(learner, quiz), self.answers(quiz))[0].passed is None


class TestSomebodyElses:
    def test_attempt_is_not_there(self, learner, quiz):
        attempt, item, other = begun(learner, quiz), item_of(quiz, "true-false"), Learner()
        before = kept()

        for checking in (False, True):
            with refuses("not_found"):
                taking.save(other.id, attempt, Answer(item["id"], "true", 1), checking=checking)
        with refuses("not_found"):
            taking.submit(other.id, attempt, [])
        assert kept() == before

    def test_attempt_cannot_be_posted_to(self, learner, quiz):
        item = item_of(quiz, "true-false")
        learner.post(quiz, {name(item): "true"}, check=item["id"])
        other, before = Learner(), kept()

        answer = other.post(quiz, {name(item): "false"}, form=fields(learner.page(quiz)), finish="1")

        assert answer.status_code == 401
        assert kept() == before

    def test_answers_do_not_show_when_another_learner_sits_down(self, learner, quiz):
        item = item_of(quiz, "single-choice")
        learner.post(quiz, posted(item, right=True), check=item["id"])
        learner.client.force_login(Learner().user)

        page = learner.page(quiz)

        assert chosen(page, item) == []
        assert verdict(page, item) is None


class TestVersions:
    def change(self, raw):
        """The right answer moves, a word changes, and an item goes."""
        claim = next(block for block in raw if block["type"] == "true_false")
        claim["value"] |= {"right": "true", "prompt": "A new question"}
        raw[:] = [block for block in raw if block["type"] != "order"]

    def test_an_attempt_ends_with_the_questions_that_it_began_with(self, learner, quiz):
        item, gone = item_of(quiz, "true-false"), item_of(quiz, "order")
        attempt = begun(learner, quiz)
        taking.save(learner.id, attempt, Answer(item["id"], "false", 1))

        edited = republish(quiz, self.change)

        page = learner.page(edited)
        assert item["prompt"] in words(page)
        assert "A new question" not in words(page)
        answers = [Answer(gone["id"], response(gone, right=True), 1)]
        closed, _repeated = taking.submit(learner.id, attempt, answers)
        assert closed.right == 2
        assert verdict(learner.page(edited), item) == "is-right"

    def test_the_next_attempt_has_the_new_questions(self, learner, quiz):
        item = item_of(quiz, "true-false")
        first = begun(learner, quiz)
        taking.submit(learner.id, first, [])
        edited = republish(quiz, self.change)

        second = taking.begin(learner.id, edited, after=first)

        assert second.version_id != Attempt.objects.get(id=first).version_id
        closed, _repeated = taking.submit(learner.id, second.id, [Answer(item["id"], "true", 1)])
        assert closed.right == 1

    def test_a_page_from_before_the_edit_cannot_begin_and_says_so(self, learner, quiz):
        version = learner.page(quiz).select_one("form#quiz")["data-version"]
        edited = republish(quiz, self.change)

        answer = learner.begin(edited, version=version)

        assert (answer.status_code, answer.json()["code"]) == (409, "old_version")
        assert learner.begin(edited, version=learner.page(edited).select_one("form#quiz")["data-version"]).json()

    def test_to_publish_the_same_again_makes_no_new_version(self, learner, quiz):
        first = taking.begin(learner.id, quiz)

        again = republish(quiz, lambda raw: None)

        assert taking.begin(Learner().id, again).version_id == first.version_id

    def test_an_unpublished_draft_changes_nothing(self, learner, quiz):
        version = taking.begin(learner.id, quiz).version_id
        quiz.title = "A draft"
        quiz.introduction = "Not yet"
        quiz.save_revision()

        assert taking.begin(Learner().id, quiz).version_id == version

    def test_a_translation_that_is_edited_is_a_new_version_with_the_same_key(self, learner, quizzes):
        item = item_of(quizzes["ta"], "true-false")
        old = taking.begin(learner.id, quizzes["en"])

        republish(quizzes["ta"], lambda raw: raw[2]["value"].update(prompt="A new Tamil question"))

        new = taking.begin(Learner().id, quizzes["en"])
        assert new.version_id != old.version_id
        prompts = [
            next(each["prompt"] for each in attempt.items("ta") if each["id"] == item["id"]) for attempt in (old, new)
        ]
        assert prompts == [item["prompt"], "A new Tamil question"]


class TestOverdue:
    def overdue(self, attempt):
        began = timezone.now() - OPEN_FOR - datetime.timedelta(seconds=1)
        Attempt.objects.filter(id=attempt).update(started_at=began)

    def test_an_attempt_that_nobody_finished_is_over_and_a_new_one_begins(self, learner, quiz):
        first = begun(learner, quiz)
        self.overdue(first)

        second = begun(learner, quiz)

        assert second != first
        assert Attempt.objects.get(id=first).state == State.EXPIRED
        with refuses("attempt_closed"):
            taking.save(learner.id, first, Answer(item_of(quiz, "true-false")["id"], "true", 1))
        with refuses("attempt_closed"):
            taking.submit(learner.id, first, [])

    def test_until_the_last_second_it_is_open(self, learner, quiz):
        first = begun(learner, quiz)
        began = timezone.now() - OPEN_FOR + datetime.timedelta(minutes=1)
        Attempt.objects.filter(id=first).update(started_at=began)

        assert begun(learner, quiz) == first

    def test_the_page_of_an_overdue_attempt_is_empty_again(self, learner, quiz):
        item = item_of(quiz, "true-false")
        learner.post(quiz, {name(item): "true"}, check=item["id"])
        self.overdue(learner.attempts.get().id)

        page = learner.page(quiz)

        assert chosen(page, item) == []
        assert learner.post(quiz, {name(item): "true"}, check=item["id"]).status_code == 302


class TestWithoutScript:
    def test_reading_the_page_begins_nothing(self, learner, quiz):
        learner.page(quiz)

        assert not Attempt.objects.exists()

    def test_checking_leads_back_to_the_item_and_its_feedback_stays(self, learner, quiz):
        item = item_of(quiz, "single-choice")

        answer = learner.post(quiz, posted(item, right=False), check=item["id"])

        page = learner.page(quiz)
        assert answer.status_code == 302
        assert answer.url == f"{quiz.url}#{fieldset(page, item)['id']}"
        assert verdict(page, item) == "is-not-quite"
        assert chosen(page, item) == posted(item, right=False)[name(item)].split()
        assert all(box.has_attr("disabled") for box in fieldset(page, item).select("input:not([type=hidden])"))
        assert learner.attempts.get().chosen() == {item["id"]: response(item, right=False)}

    def test_reading_again_neither_changes_nor_doubles_anything(self, learner, quiz):
        item = item_of(quiz, "match")
        learner.post(quiz, posted(item, right=True), check=item["id"])
        before = kept()

        pages = [learner.client.get(quiz.url).content for _ in range(2)]

        assert kept() == before
        assert [verdict(parse(page), item) for page in pages] == ["is-right"] * 2

    @pytest.mark.parametrize("button", ["check", "skip"])
    def test_the_same_post_twice_is_the_same_as_once(self, learner, quiz, button):
        item = item_of(quiz, "scenario")
        form = fields(learner.page(quiz)) | posted(item, right=True)

        first = learner.post(quiz, form=form, **{button: item["id"]})
        after = kept()
        second = learner.post(quiz, form=form, **{button: item["id"]})

        assert (first.status_code, second.status_code, second.url) == (302, 302, first.url)
        assert kept() == after

    def test_going_back_and_posting_an_old_page_loses_no_newer_answer(self, learner, quiz):
        item, other = item_of(quiz, "true-false"), item_of(quiz, "single-choice")
        learner.post(quiz, {name(item): "true"}, skip=other["id"])
        old = fields(learner.page(quiz))
        learner.post(quiz, {name(item): "false"}, skip=other["id"])
        learner.post(quiz, {name(item): "unsure"}, skip=other["id"])

        learner.post(quiz, form=old, skip=other["id"])

        assert learner.attempts.get().chosen()[item["id"]] == "unsure"

    def test_going_back_after_the_end_shows_the_end(self, learner, quiz):
        form = fields(learner.page(quiz))
        item = item_of(quiz, "true-false")
        learner.post(quiz, {name(item): "false"}, form=form, finish="1")
        before = kept()

        answer = learner.post(quiz, {name(item): "true"}, form=form, finish="1")

        assert answer.status_code in (302, 409)
        assert kept() == before
        assert verdict(learner.page(quiz), item) == "is-right"

    def test_skipping_keeps_what_was_typed_elsewhere(self, learner, quiz):
        item, other = item_of(quiz, "true-false"), item_of(quiz, "multiple-choice")

        learner.post(quiz, posted(other, right=False), skip=item["id"])

        page = learner.page(quiz)
        assert verdict(page, item) == "is-skipped"
        assert chosen(page, other) == posted(other, right=False)[name(other)]
        assert verdict(page, other) is None

    def test_a_skipped_item_can_still_be_answered(self, learner, quiz):
        item = item_of(quiz, "true-false")
        learner.post(quiz, skip=item["id"])

        learner.post(quiz, {name(item): "false"}, check=item["id"])

        assert verdict(learner.page(quiz), item) == "is-right"

    @pytest.mark.parametrize("kind", ["order", "match", "branching"])
    def test_an_unfinished_answer_is_asked_for_and_stays_on_the_page(self, learner, quiz, kind):
        item = item_of(quiz, kind)
        first = dict([*posted(item, right=True).items()][:1])

        answer = learner.post(quiz, first, check=item["id"])

        soup = parse(answer)
        assert answer.status_code == 422
        assert tr("en", "This answer is not finished yet. Finish it, or press Skip.") in words(fieldset(soup, item))
        assert verdict(soup, item) is None

    def test_a_forged_answer_is_refused_and_what_was_typed_stays(self, learner, quiz):
        item, other = item_of(quiz, "single-choice"), item_of(quiz, "true-false")

        answer = learner.post(quiz, {name(item): "forged", name(other): "true"}, check=item["id"])

        soup = parse(answer)
        assert answer.status_code == 422
        assert chosen(soup, other) == ["true"]
        assert fieldset(soup, item).select_one("[role=alert]")
        assert Response.objects.count() == 0

    def test_an_item_of_another_quiz_is_refused(self, learner, quiz):
        foreign = quiz_at("en", SHIPPED).item_list[0]

        answer = learner.post(quiz, {name(foreign): "x"}, check=foreign["id"])

        assert answer.status_code == 422
        assert Response.objects.count() == 0

    @pytest.mark.parametrize("field", ["attempt", "after"])
    def test_a_forged_attempt_is_refused(self, learner, quiz, field):
        form = fields(learner.page(quiz)) | {field: "forged"}

        answer = learner.post(quiz, form=form, finish="1")

        assert answer.status_code in (409, 422)
        assert not Attempt.objects.exists()

    @pytest.mark.parametrize("sequence", ["-1", "x", "", "99999999999999999999", "١", "²", "1.5"])
    def test_a_forged_number_is_no_mistake_of_ours(self, learner, quiz, sequence):
        item = item_of(quiz, "true-false")

        answer = learner.post(quiz, {name(item): "true", f"sequence-{item['id']}": sequence}, check=item["id"])

        assert answer.status_code < 500

    def test_where_feedback_comes_at_the_end_no_button_checks_one(self, learner):
        quiz = quiz_in_every_language(feedback_after="end")["en"]
        item = item_of(quiz, "true-false")
        assert not learner.page(quiz).select("[name=check]")

        answer = learner.post(quiz, {name(item): "true"}, check=item["id"])

        assert answer.status_code == 409
        assert not parse(answer).select(".feedback")


class TestTheEnd:
    def test_all_feedback_is_there_once_it_is_finished(self, learner, quiz):
        data = {}
        for item in quiz.item_list:
            data |= posted(item, right=False)

        answer = learner.post(quiz, data, finish="1")

        page = learner.page(quiz)
        assert answer.url == f"{quiz.url}#quiz-end"
        for item in quiz.item_list:
            if item.get("moment") != "before":
                told = words(fieldset(page, item).select_one(".feedback"))
                assert all(sentence in told for sentence in expected_feedback(item, right=False))
        assert not page.select_one("#quiz-end").has_attr("hidden")

    def test_no_score_unless_the_quiz_asks_for_one(self, learner, quiz):
        learner.post(quiz, finish="1")

        text = words(learner.page(quiz).select_one("#quiz-end"))
        assert not [character for character in text if character.isdigit()]

    def test_a_score_where_the_quiz_asks_for_one(self, learner):
        quiz = quiz_in_every_language(shows_score=True)["en"]
        item = item_of(quiz, "true-false")
        learner.post(quiz, {name(item): "false"}, finish="1")

        assert "You answered 1 of 9 as we would." in words(learner.page(quiz).select_one("#quiz-end"))

    def test_it_says_what_is_left_to_pass_and_when_it_is_enough(self, learner):
        quiz = quiz_in_every_language(pass_mark=50)["en"]
        data = {}
        for item in quiz.item_list:
            data |= posted(item, right=True)

        learner.post(quiz, finish="1")
        left = words(learner.page(quiz).select_one("#quiz-end"))
        learner.post(quiz, again="1")
        learner.post(quiz, data, finish="1")
        enough = words(learner.page(quiz).select_one("#quiz-end"))

        assert "5 more, and you have passed. Try as often as you like." in left
        assert "That is enough: you have passed." in enough

    def test_it_says_how_many_myths_moved(self, learner, quiz):
        data = {}
        for item in quiz.item_list:
            data |= posted(item, right=item.get("moment") != "before")

        learner.post(quiz, data, finish="1")

        end = words(learner.page(quiz).select_one("#quiz-end"))
        assert "Of 2 sayings that you had not seen through at first, you now see through 2." in end

    def test_to_take_it_again_begins_an_empty_one_and_keeps_the_first(self, learner, quiz):
        item = item_of(quiz, "true-false")
        learner.post(quiz, {name(item): "false"}, finish="1")
        first = learner.attempts.get()

        answer = learner.post(quiz, form=fields(learner.page(quiz)), again="1")

        page = learner.page(quiz)
        assert answer.status_code == 302
        assert learner.attempts.count() == 2
        assert learner.attempts.open().get().chosen() == {}
        assert chosen(page, item) == []
        assert verdict(page, item) is None
        assert first.chosen() == {item["id"]: "false"}

    def test_again_pressed_twice_begins_one(self, learner, quiz):
        learner.post(quiz, finish="1")
        form = fields(learner.page(quiz))

        for _ in range(2):
            learner.post(quiz, form=form, again="1")

        assert learner.attempts.count() == 2

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_end_is_in_the_readers_language(self, learner, quizzes, language):
        learner.post(quizzes["en"], finish="1")

        text = words(learner.page(quizzes[language]).select_one("#quiz-end"))

        assert tr(language, "You have reached the end") in text
        assert language == "en" or "Thank you for thinking" not in text


class TestLanguages:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_answers_go_along_when_the_language_is_switched(self, learner, quizzes, language):
        item, checked = item_of(quizzes["ms"], "match"), item_of(quizzes["ms"], "scenario")
        learner.post(quizzes["ms"], posted(item, right=True) | posted(checked, right=True), check=checked["id"])

        page = learner.page(quizzes[language])

        here = item_of(quizzes[language], "scenario")
        assert verdict(page, checked) == "is-right"
        assert expected_feedback(here, right=True)[0] in words(fieldset(page, checked))
        assert chosen(page, item) == posted(item, right=True)
        learner.post(quizzes[language], finish="1")
        assert learner.attempts.get().state == State.SUBMITTED


def counts():
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


class TestVisitors:
    def test_a_visitor_leaves_no_row_anywhere(self, client, quizzes):
        before = counts()

        for quiz in quizzes.values():
            data = {}
            for item in quiz.item_list:
                data |= posted(item, right=False)
            client.get(quiz.url)
            client.post(quiz.url, data | {"check": quiz.item_list[-1]["id"]})
            client.post(quiz.url, data | {"skip": quiz.item_list[-1]["id"]})
            client.post(quiz.url, data | {"check": "all"})
            client.post(quiz.url, data | {"finish": "1"})
            client.post(quiz.url, data | {"again": "1"})

        assert counts() == before
        assert set(client.cookies) == {"c"}

    def test_a_visitor_meets_the_same_questions_as_a_learner(self, client, learner, quiz):
        def shape(soup):
            return [
                (field["data-item"], words(field.legend), [box.get("value") for box in field.select("input, option")])
                for field in soup.select("fieldset")
            ]

        theirs = learner.page(quiz)
        for hidden in theirs.select("input[type=hidden]"):
            hidden.decompose()
        ours = parse(client.get(quiz.url))
        for hidden in ours.select("input[type=hidden]"):
            hidden.decompose()

        assert shape(ours) == shape(theirs)
        assert len(shape(ours)) == 13

    def test_a_visitor_gets_the_same_feedback_as_a_learner(self, client, learner, quiz):
        for item in quiz.item_list:
            if item.get("moment") == "before":
                continue
            data = posted(item, right=False)
            ours = parse(client.post(quiz.url, data | {"check": item["id"]}))
            learner.post(quiz, data, check=item["id"])

            theirs = learner.page(quiz)
            assert words(fieldset(ours, item).select_one(".feedback")) == words(
                fieldset(theirs, item).select_one(".feedback")
            )

    def test_an_answer_is_told_that_it_was_not_kept(self, client, quiz):
        text = words(client.post(quiz.url, {"check": "all"}))

        assert tr("en", "Thank you for thinking about this. What you chose was not kept.") in text
