"""Wagtail's values of item blocks as the plain dicts of `quizzes/items.py`."""

from wagtail import blocks


class ItemValue(blocks.StructValue):
    """What every item has; the subclasses add choices, entries or pairs."""

    kind = ""

    def as_item(self, id):
        item = {"id": id, "type": self.kind, "prompt": self["prompt"], "situation": self.get("situation", "")}
        item |= {"rationale": self["rationale"], "outcome": self["outcome"], "myth": self.get("myth") or ""}
        item |= {"block": self.get("block") or ""}
        return item | {"asked": self.get("asked") or "once"} | self.answers()

    def answers(self):
        return {"choices": choices_of(self["choices"])}


def choices_of(choices):
    """The choices of a list block as plain dicts."""
    found = []
    for child in choices.bound_blocks:
        value = child.value
        choice = {"id": child.id, "text": value["text"], "right": bool(value["right"]), "feedback": value["feedback"]}
        choice |= {key: value[key] for key in ("retired", "picture", "leads_to") if value.get(key)}
        found.append(choice)
    return found


class SingleChoiceValue(ItemValue):
    kind = "single-choice"


class MultipleChoiceValue(ItemValue):
    kind = "multiple-choice"


class ScenarioValue(ItemValue):
    kind = "scenario"


class PictureChoiceValue(ItemValue):
    kind = "picture-choice"


class AgreeScaleValue(ItemValue):
    kind = "agree-scale"

    def answers(self):
        return {"feedback": {"all": self["feedback_all"]}}


class BranchingValue(ItemValue):
    kind = "branching"

    def answers(self):
        words = ("name", "situation", "prompt")
        return {
            "steps": [
                {
                    "id": child.id,
                    **{key: child.value[key] for key in words},
                    "choices": choices_of(child.value["choices"]),
                }
                for child in self["steps"].bound_blocks
            ]
        }


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
