"""Editing a quiz: a mistake is refused where it is made, and a choice that has answers is retired, not deleted."""

import json
from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.blocks import StructBlockValidationError

from quizzes import taking
from quizzes.blocks import QuizBlocks
from quizzes.models import QuizPage
from quizzes.taking import Answer
from tests.editing import edit_url, posted
from tests.factories import EditorFactory
from tests.quizzes.answering import fieldset, verdict
from tests.quizzes.items import every_item, quiz_in_every_language, republish
from tests.quizzes.learners import Learner
from tests.reading import parse, words
from tests.site import LANGUAGES

in_every_language = pytest.mark.parametrize("language", LANGUAGES)
PLACES = {block["type"]: place for place, block in reversed([*enumerate(every_item("en"))])}
CHOOSING = ["single_choice", "multiple_choice", "scenario", "picture_choice"]


def value_of(kind, change=lambda value: None):
    """A block of a type and its value, after a change to the raw data."""
    raw = json.loads(json.dumps(every_item("en")[PLACES[kind]]))
    change(raw["value"])
    block = QuizBlocks().child_blocks[kind]
    return block, block.to_python(raw["value"])


def refusal(kind, change):
    """What the editor is told who makes this change; the whole error, with the places that it stands at."""
    block, value = value_of(kind, change)
    with pytest.raises((StructBlockValidationError, ValidationError)) as caught:
        block.clean(value)
    return str(getattr(caught.value, "block_errors", "")) + str(caught.value)


def set_choices(steps=False, **changes):
    """A change to choices: `set_choices(right=[True, False])` gives the first two these values."""

    def change(value):
        choices = value["steps"][0]["value"]["choices"] if steps else value["choices"]
        for name, values in changes.items():
            for choice, new in zip(choices, values, strict=False):
                choice["value"][name] = new

    return change


class TestKeys:
    @pytest.mark.parametrize("kind", sorted(PLACES))
    def test_what_is_right_is_let_through(self, kind):
        block, value = value_of(kind)

        assert block.clean(value)

    @pytest.mark.parametrize("kind", CHOOSING)
    def test_no_right_answer(self, kind):
        assert "Mark the right answer." in refusal(kind, set_choices(right=[False] * 6))

    @pytest.mark.parametrize("kind", CHOOSING)
    def test_only_right_answers(self, kind):
        assert "Leave at least one choice that is not right." in refusal(kind, set_choices(right=[True] * 6))

    @pytest.mark.parametrize("kind", ["single_choice", "picture_choice"])
    def test_two_right_answers_where_one_can_be_chosen(self, kind):
        assert "has one right answer" in refusal(kind, set_choices(right=[True, True, False]))

    @pytest.mark.parametrize("kind", CHOOSING)
    def test_the_only_right_answer_is_retired(self, kind):
        change = set_choices(right=[True, False, False, False], retired=[True, False, False, False])

        assert "Mark the right answer." in refusal(kind, change)

    @pytest.mark.parametrize("kind", CHOOSING)
    def test_one_choice_is_left(self, kind):
        change = set_choices(right=[True] + [False] * 3, retired=[False, True, True, True])

        assert "Leave at least two choices" in refusal(kind, change)

    @pytest.mark.parametrize("kind", CHOOSING)
    @pytest.mark.parametrize(
        "texts", [("Wait", "Wait"), ("Wait", "wait "), ("Straße", "STRASSE"), ("Tunggu  dulu", "Tunggu dulu")]
    )
    def test_two_choices_that_read_the_same(self, kind, texts):
        assert "Two choices read the same." in refusal(kind, set_choices(text=texts))

    @pytest.mark.parametrize("kind", CHOOSING)
    def test_a_retired_choice_may_read_like_the_one_that_took_its_place(self, kind):
        block, value = value_of(
            kind,
            set_choices(text=["Wait", "Wait"], right=[False, True, False, False], retired=[True, False, False, False]),
        )

        assert block.clean(value)

    @pytest.mark.parametrize("field", ["right", "choices", "feedback_true", "pass_mark"])
    def test_a_scale_has_no_field_for_a_key(self, field):
        assert field not in QuizBlocks().child_blocks["agree_scale"].child_blocks

    def test_a_claim_is_true_or_false_and_nothing_else(self):
        assert "right" in refusal("true_false", lambda value: value.update(right="unsure"))

    @pytest.mark.parametrize("kind", sorted(PLACES))
    @pytest.mark.parametrize("field", ["prompt", "rationale", "outcome"])
    def test_what_every_item_needs(self, kind, field):
        assert field in refusal(kind, lambda value: value.update({field: ""}))

    @pytest.mark.parametrize("kind", CHOOSING)
    def test_feedback_on_every_choice(self, kind):
        assert refusal(kind, set_choices(feedback=["Yes.", ""]))


class TestOrderAndMatch:
    def test_two_entries_are_too_few(self):
        assert refusal("order", lambda value: value["entries"].__delitem__(slice(2, None)))

    @pytest.mark.django_db
    @in_every_language
    @pytest.mark.parametrize("side", ["left", "right"])
    def test_two_partners_that_read_the_same_cannot_be_matched(self, language, side):
        def change(raw):
            pairs = raw[PLACES["match"]]["value"]["pairs"]
            pairs[1]["value"][side] = pairs[0]["value"][side]

        with pytest.raises(ValidationError, match="read the same"):
            republish(quiz_in_every_language()[language], change)

    @pytest.mark.django_db
    def test_two_entries_that_read_the_same_cannot_be_put_in_order(self):
        def change(raw):
            entries = raw[PLACES["order"]]["value"]["entries"]
            entries[1]["value"] = entries[0]["value"].upper()

        with pytest.raises(ValidationError, match="read the same"):
            republish(quiz_in_every_language()["en"], change)


class TestStories:
    def leads(self, **ways):
        """A change to where choices lead: `leads(one=["two", ""])`."""

        def change(value):
            for step in value["steps"]:
                for choice, target in zip(step["value"]["choices"], ways.get(step["value"]["name"], []), strict=False):
                    choice["value"]["leads_to"] = target

        return change

    def test_a_step_that_leads_back_is_named(self):
        fault = refusal("branching", self.leads(two=["one"]))

        assert "leads back to itself" in fault

    def test_a_step_that_leads_to_itself_is_named(self):
        assert "two" in refusal("branching", self.leads(two=["two"]))

    def test_a_choice_that_leads_nowhere_is_named(self):
        fault = refusal("branching", self.leads(two=["attic"]))

        assert "two" in fault
        assert "attic" in fault

    def test_a_step_that_nobody_reaches_is_named(self):
        assert "two" in refusal("branching", self.leads(one=["three", "three", ""]))

    def test_a_step_that_only_a_retired_choice_leads_to_is_named(self):
        def change(value):
            value["steps"][0]["value"]["choices"][0]["value"]["retired"] = True

        assert "two" in refusal("branching", change)

    def test_two_steps_of_one_name_are_named(self):
        def change(value):
            value["steps"][2]["value"]["name"] = "two"
            for choice in (choice for step in value["steps"] for choice in step["value"]["choices"]):
                choice["value"]["leads_to"] = choice["value"]["leads_to"].replace("three", "two")

        assert 'Two steps are called "two".' in refusal("branching", change).replace("&quot;", '"')

    def test_the_name_of_a_step_is_short_and_plain(self):
        assert refusal("branching", lambda value: value["steps"][1]["value"].update(name="Step Two"))

    @pytest.mark.parametrize(
        ("right", "told"), [([False] * 3, "Mark the right answer."), ([True] * 3, "Leave at least one choice")]
    )
    def test_a_step_without_a_right_choice_or_with_nothing_else_is_named(self, right, told):
        fault = refusal("branching", set_choices(steps=True, right=right))

        assert told in fault
        assert "one" in fault

    def test_two_choices_of_a_step_that_read_the_same(self):
        assert "Two choices read the same." in refusal("branching", set_choices(steps=True, text=["Wait", "wait"]))


@pytest.fixture
def editor():
    client = Client()
    client.force_login(EditorFactory())
    return client


@pytest.mark.django_db
class TestInTheAdmin:
    def publish(self, editor, page, changes):
        return editor.post(edit_url(page), {**posted(editor, page), **changes, "action-publish": "1"})

    def field(self, kind, *names):
        return "-".join(["items", str(PLACES[kind]), "value", *map(str, names)])

    def assert_refused(self, answer, page, told=""):
        assert answer.status_code == 200
        assert answer.context["form"].errors
        assert told in unescape(answer.content.decode())
        before = [block["id"] for block in page.items.raw_data], page.latest_revision_id
        now = QuizPage.objects.get(pk=page.pk)
        assert ([block["id"] for block in now.items.raw_data], now.latest_revision_id) == before

    @in_every_language
    def test_to_save_without_a_change_is_let_through(self, editor, language):
        page = quiz_in_every_language()[language]
        before = page.item_list

        assert self.publish(editor, page, {}).status_code == 302
        assert QuizPage.objects.get(pk=page.pk).item_list == before

    @in_every_language
    def test_two_choices_that_read_the_same_in_any_language(self, editor, language):
        page = quiz_in_every_language()[language]
        texts = [self.field("single_choice", "choices", place, "value", "text") for place in (0, 1)]

        answer = self.publish(editor, page, {texts[0]: "同じ", texts[1]: "同じ"})

        self.assert_refused(answer, page, "read the same")

    def test_an_item_may_name_the_block_that_teaches_it_or_none(self, editor):
        page, id = quiz_in_every_language()["en"], "5e7b0b54-6e6a-4f0e-9d0b-3a4c1d9f2e61"
        assert {item["block"] for item in page.item_list} == {""}

        assert self.publish(editor, page, {self.field("order", "block"): id}).status_code == 302

        blocks = {item["type"]: item["block"] for item in QuizPage.objects.get(pk=page.pk).item_list}
        assert {kind: block for kind, block in blocks.items() if block} == {"order": id}

    @pytest.mark.parametrize(
        "written", ["four-steps", "#block-5e7b0b54-6e6a-4f0e-9d0b-3a4c1d9f2e61-section", "5e7b0b54"]
    )
    def test_what_is_no_id_of_a_block(self, editor, written):
        page = quiz_in_every_language()["en"]

        answer = self.publish(editor, page, {self.field("single_choice", "block"): written})

        self.assert_refused(answer, page, "Write the id of one block of the lesson, or nothing.")

    def test_no_right_answer(self, editor):
        page = quiz_in_every_language()["en"]
        data = posted(editor, page)
        for place in range(3):
            data.pop(self.field("single_choice", "choices", place, "value", "right"), None)

        answer = editor.post(edit_url(page), {**data, "action-publish": "1"})

        self.assert_refused(answer, page, "Mark the right answer.")

    def test_a_story_that_goes_in_a_circle(self, editor):
        page = quiz_in_every_language()["en"]
        way = self.field("branching", "steps", 1, "value", "choices", 0, "value", "leads_to")

        self.assert_refused(self.publish(editor, page, {way: "one"}), page, "leads back to itself")

    def chosen_choice(self, page, learner):
        """A learner chooses the first choice of the single choice; its place in the form."""
        item = next(item for item in page.item_list if item["type"] == "single-choice")
        attempt = taking.begin(learner.id, page)
        taking.save(learner.id, attempt.id, Answer(item["id"], item["choices"][0]["id"], 1))
        return item

    @in_every_language
    def test_a_choice_that_has_answers_is_not_deleted(self, editor, language):
        quizzes = quiz_in_every_language()
        page = quizzes[language]
        self.chosen_choice(quizzes["en"], Learner())

        answer = self.publish(editor, page, {self.field("single_choice", "choices", 0, "deleted"): "1"})

        self.assert_refused(answer, page, "a choice that is gone has answers")

    def test_a_choice_of_a_story_that_has_answers_is_not_deleted(self, editor):
        page, learner = quiz_in_every_language()["en"], Learner()
        item = next(item for item in page.item_list if item["type"] == "branching")
        attempt = taking.begin(learner.id, page)
        first, _between, last = item["steps"]
        way = {first["id"]: first["choices"][1]["id"], last["id"]: last["choices"][0]["id"]}
        taking.save(learner.id, attempt.id, Answer(item["id"], way, 1))
        chosen = self.field("branching", "steps", 0, "value", "choices", 1, "deleted")

        self.assert_refused(self.publish(editor, page, {chosen: "1"}), page, "a choice that is gone has answers")

    def test_a_choice_that_nobody_chose_is_deleted(self, editor):
        page = quiz_in_every_language()["en"]
        item = self.chosen_choice(page, Learner())

        answer = self.publish(editor, page, {self.field("single_choice", "choices", 2, "deleted"): "1"})

        assert answer.status_code == 302
        left = next(each for each in QuizPage.objects.get(pk=page.pk).item_list if each["id"] == item["id"])
        assert [choice["id"] for choice in left["choices"]] == [choice["id"] for choice in item["choices"][:2]]

    def test_an_item_that_has_answers_is_not_deleted_from_under_them(self, editor):
        """Its attempt keeps its own version: the answer is still marked, whatever becomes of the page."""
        page, learner = quiz_in_every_language()["en"], Learner()
        item = self.chosen_choice(page, learner)

        answer = self.publish(editor, page, {f"items-{PLACES['single_choice']}-deleted": "1"})

        assert answer.status_code == 302
        learner.post(page, finish="1")
        assert verdict(learner.page(page), item) == "is-not-quite"

    def test_a_retired_choice_is_offered_to_nobody_new_and_stays_where_it_was_chosen(self, editor):
        page, learner = quiz_in_every_language()["en"], Learner()
        item = self.chosen_choice(page, learner)
        retired = item["choices"][0]

        answer = self.publish(editor, page, {self.field("single_choice", "choices", 0, "value", "retired"): "on"})

        assert answer.status_code == 302
        newcomer = parse(Learner().client.get(page.url))
        assert retired["text"] not in words(newcomer)
        assert retired["text"] in words(fieldset(learner.page(page), item))
        learner.post(page, finish="1")
        assert verdict(learner.page(page), item) == "is-not-quite"
