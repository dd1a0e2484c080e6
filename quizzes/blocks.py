"""Quiz items as typed blocks. Ids are the same in every language; the key is not a text, so no translation has one.

Field names are those of `curriculum.grammar.ITEMS`. Each block's value says `as_item(id)`: see `quizzes/items.py`.
"""

from django.core.exceptions import ValidationError
from wagtail import blocks

from curriculum.block_base import DrawingBlock
from curriculum.branches import fault_in_steps
from quizzes.item_values import (
    AgreeScaleValue,
    BranchingValue,
    MatchValue,
    MultipleChoiceValue,
    OrderValue,
    PictureChoiceValue,
    ScenarioValue,
    SingleChoiceValue,
    TrueFalseValue,
)
from quizzes.items import TWICE, offered, read_the_same


class ItemBlock(blocks.StructBlock):
    prompt = blocks.CharBlock(help_text="Under 20 words, one idea.")
    rationale = blocks.CharBlock(help_text="For teachers: why this is asked, and what each wrong choice stands for.")
    outcome = blocks.RegexBlock(
        regex=r"^[a-z0-9-]+$",
        error_messages={"invalid": "Write the short name of one of the lesson's outcomes."},
        help_text="The short name of the learning outcome that this item is about.",
    )
    myth = blocks.RegexBlock(
        regex=r"^[a-z0-9-]+$",
        required=False,
        error_messages={"invalid": "Write the short name of a myth: small letters, digits and hyphens."},
        help_text="The short name of the myth that this item is about, if there is one.",
    )
    block = blocks.RegexBlock(
        regex=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        required=False,
        error_messages={"invalid": "Write the id of one block of the lesson, or nothing."},
        help_text="Where in the lesson this is taught; results lead teachers there. In the lesson's editor, copy the "
        'link beside the name of the block in its body: the id is between "#block-" and "-section". It may be empty.',
    )


class AskedBlock(blocks.ChoiceBlock):
    """Whether an item is asked once, or at the beginning and again in its place."""

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", "Before and after shows the learner whether a myth moved.")
        super().__init__(choices=[("once", "Once"), (TWICE, "Before and after")], default="once", **kwargs)


class ChoiceBlock(blocks.StructBlock):
    text = blocks.CharBlock()
    right = blocks.BooleanBlock(required=False)
    feedback = blocks.CharBlock(help_text="Respects the effort, tells the fact, says what to do next.")
    retired = blocks.BooleanBlock(
        required=False, help_text="No longer offered. A choice that has answers is retired, not deleted."
    )


class PictureBlock(ChoiceBlock):
    picture = DrawingBlock()
    text = blocks.CharBlock(help_text="What the drawing shows; it stands below it and is read aloud.")


class BranchBlock(ChoiceBlock):
    leads_to = blocks.RegexBlock(
        regex=r"^[a-z0-9-]+$",
        required=False,
        error_messages={"invalid": "Write the name of a step, or nothing."},
        help_text="The name of the next step. Nothing: the story ends here.",
    )


class ChoicesBlock(ItemBlock):
    choices = blocks.ListBlock(ChoiceBlock(), min_num=2, max_num=6)
    one_right = False

    def clean(self, value):
        value = super().clean(value)
        problem = fault_in_choices(value["choices"], one_right=self.one_right)
        if problem:
            raise blocks.StructBlockValidationError(block_errors={"choices": ValidationError(problem)})
        return value


def fault_in_choices(choices, *, one_right=False):
    """What is wrong with a list of choices, in the editor's words, or ""; retired ones do not count."""
    left = offered(choices)
    right = [bool(choice["right"]) for choice in left]
    if len(left) < 2:
        return "Leave at least two choices that are not retired."
    if not any(right):
        return "Mark the right answer."
    if all(right):
        return "Leave at least one choice that is not right."
    if one_right and sum(right) > 1:
        return "A single choice has one right answer. Use multiple choice for more."
    return "Two choices read the same." if read_the_same([choice["text"] for choice in left]) else ""


class SingleChoiceBlock(ChoicesBlock):
    one_right = True

    class Meta:
        icon = "radio-full"
        value_class = SingleChoiceValue


class MultipleChoiceBlock(ChoicesBlock):
    class Meta:
        icon = "tick-inverse"
        value_class = MultipleChoiceValue


class ScenarioBlock(ChoicesBlock):
    situation = blocks.CharBlock(help_text="What happens, in one or two sentences.")

    class Meta:
        icon = "group"
        value_class = ScenarioValue


class PictureChoiceBlock(ChoicesBlock):
    choices = blocks.ListBlock(PictureBlock(), min_num=2, max_num=4)
    one_right = True

    class Meta:
        icon = "image"
        value_class = PictureChoiceValue


class StepBlock(blocks.StructBlock):
    name = blocks.RegexBlock(
        regex=r"^[a-z0-9-]+$",
        error_messages={"invalid": "Write a short name: small letters, digits and hyphens."},
        help_text="What choices call this step. Readers never see it.",
    )
    situation = blocks.CharBlock(help_text="What happens, in one or two sentences.")
    prompt = blocks.CharBlock(help_text="Under 20 words, one idea.")
    choices = blocks.ListBlock(BranchBlock(), min_num=2, max_num=4)


class BranchingBlock(ItemBlock):
    steps = blocks.ListBlock(StepBlock(), min_num=2, max_num=8, help_text="The first step begins the story.")

    def clean(self, value):
        value = super().clean(value)
        branches = [
            {"name": step["name"], "leads_to": [choice["leads_to"] or "" for choice in offered(step["choices"])]}
            for step in value["steps"]
        ]
        problem = fault_in_steps(branches)
        for step in value["steps"]:
            if not problem and (fault := fault_in_choices(step["choices"])):
                problem = f'The step "{step["name"]}": {fault}'
        if problem:
            raise blocks.StructBlockValidationError(block_errors={"steps": ValidationError(problem)})
        return value

    class Meta:
        icon = "arrow-right"
        label = "Scenario with branches"
        value_class = BranchingValue


class AgreeScaleBlock(ItemBlock):
    """Has no key, on purpose: a scale is never marked."""

    prompt = blocks.CharBlock(help_text="The statement, as people say it. With a myth's name, it is the myth itself.")
    asked = AskedBlock()
    feedback_all = blocks.CharBlock(help_text="To everybody: respects every answer, then tells the fact.")

    class Meta:
        icon = "sliders"
        label = "Agree / not sure / disagree"
        value_class = AgreeScaleValue


class TrueFalseBlock(ItemBlock):
    asked = AskedBlock()
    right = blocks.ChoiceBlock(choices=[("true", "True"), ("false", "False")], default="true")
    feedback_true = blocks.CharBlock(help_text="To a learner who says true.")
    feedback_false = blocks.CharBlock(help_text="To a learner who says false.")
    feedback_unsure = blocks.CharBlock(help_text="To a learner who is not sure.")

    class Meta:
        icon = "success"
        label = "True / false / not sure"
        value_class = TrueFalseValue


class OrderBlock(ItemBlock):
    entries = blocks.ListBlock(blocks.CharBlock(), min_num=3, max_num=8, help_text="In the right order.")
    feedback_right = blocks.CharBlock()
    feedback_other = blocks.CharBlock()

    class Meta:
        icon = "list-ol"
        label = "Put in order"
        value_class = OrderValue


class PairBlock(blocks.StructBlock):
    left = blocks.CharBlock()
    right = blocks.CharBlock()
    feedback = blocks.CharBlock()


class MatchBlock(ItemBlock):
    pairs = blocks.ListBlock(PairBlock(), min_num=2, max_num=8)

    class Meta:
        icon = "link"
        value_class = MatchValue


class QuizBlocks(blocks.StreamBlock):
    single_choice = SingleChoiceBlock()
    multiple_choice = MultipleChoiceBlock()
    true_false = TrueFalseBlock()
    order = OrderBlock()
    match = MatchBlock()
    scenario = ScenarioBlock()
    branching = BranchingBlock()
    picture_choice = PictureChoiceBlock()
    agree_scale = AgreeScaleBlock()
