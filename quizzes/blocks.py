"""Quiz items as typed blocks. Ids are the same in every language; the key is not a text, so no translation has one.

Field names are those of `curriculum.grammar.ITEMS`. Each block's value says `as_item(id)`: see `quizzes/marking.py`.
"""

from django.core.exceptions import ValidationError
from wagtail import blocks


class ItemValue(blocks.StructValue):
    """What every item has; the subclasses add choices, entries or pairs."""

    kind = ""

    def as_item(self, id):
        item = {"id": id, "type": self.kind, "prompt": self["prompt"], "situation": self.get("situation", "")}
        return item | {"rationale": self["rationale"], "outcome": self["outcome"]} | self.answers()

    def answers(self):
        return {
            "choices": [
                {
                    "id": child.id,
                    "text": child.value["text"],
                    "right": bool(child.value["right"]),
                    "feedback": child.value["feedback"],
                }
                for child in self["choices"].bound_blocks
            ]
        }


class SingleChoiceValue(ItemValue):
    kind = "single-choice"


class MultipleChoiceValue(ItemValue):
    kind = "multiple-choice"


class ScenarioValue(ItemValue):
    kind = "scenario"


class TrueFalseValue(ItemValue):
    kind = "true-false"

    def answers(self):
        feedback = {name: self[f"feedback_{name}"] for name in ("true", "false", "unsure")}
        return {"right": self["right"], "feedback": feedback}


class OrderValue(ItemValue):
    kind = "order"

    def answers(self):
        entries = [{"id": child.id, "text": child.value} for child in self["entries"].bound_blocks]
        return {"entries": entries, "feedback": {name: self[f"feedback_{name}"] for name in ("right", "other")}}


class MatchValue(ItemValue):
    kind = "match"

    def answers(self):
        return {"pairs": [{"id": child.id, **child.value} for child in self["pairs"].bound_blocks]}


class ItemBlock(blocks.StructBlock):
    prompt = blocks.CharBlock(help_text="Under 20 words, one idea.")
    rationale = blocks.CharBlock(help_text="For teachers: why this is asked, and what each wrong choice stands for.")
    outcome = blocks.RegexBlock(
        regex=r"^[a-z0-9-]+$",
        error_messages={"invalid": "Write the short name of one of the lesson's outcomes."},
        help_text="The short name of the learning outcome that this item is about.",
    )


class ChoiceBlock(blocks.StructBlock):
    text = blocks.CharBlock()
    right = blocks.BooleanBlock(required=False)
    feedback = blocks.CharBlock(help_text="Respects the effort, tells the fact, says what to do next.")


class ChoicesBlock(ItemBlock):
    choices = blocks.ListBlock(ChoiceBlock(), min_num=2, max_num=6)
    one_right = False

    def clean(self, value):
        value = super().clean(value)
        right = [bool(choice["right"]) for choice in value["choices"]]
        texts = [choice["text"].casefold().strip() for choice in value["choices"]]
        problem = None
        if not any(right):
            problem = "Mark the right answer."
        elif all(right):
            problem = "Leave at least one choice that is not right."
        elif self.one_right and sum(right) > 1:
            problem = "A single choice has one right answer. Use multiple choice for more."
        elif len(set(texts)) < len(texts):
            problem = "Two choices read the same."
        if problem:
            raise blocks.StructBlockValidationError(block_errors={"choices": ValidationError(problem)})
        return value


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


class TrueFalseBlock(ItemBlock):
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
