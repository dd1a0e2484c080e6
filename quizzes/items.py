"""What an item is: a dict, the same in the browser's page, on paper and in a tally. Pure.

Every item has `{"id", "type", "prompt", "rationale", "outcome", "myth", "block", "asked"}`, where `block` is the id of
the block on the lesson's page that teaches it, or ""; and by its type:

- single-choice, multiple-choice, scenario, picture-choice: `choices: [{"id", "text", "right", "feedback"}]`
- true-false: `right: "true" | "false"`, `feedback: {"true", "false", "unsure"}`
- agree-scale: `feedback: {"all"}`, and no key
- order: `entries: [{"id", "text"}]` in the right order, `feedback: {"right", "other"}`
- match: `pairs: [{"id", "left", "right", "feedback"}]`
- branching: `steps: [{"id", "name", "situation", "prompt", "choices": [{..., "leads_to": name of a step or ""}]}]`
"""

from typing import Any

Item = dict[str, Any]

BEFORE = "-before"  # the id of an item that is asked twice, where it is asked first, ends so
TWICE = "before-and-after"
TRUE_FALSE = ("true", "false", "unsure")
SCALE = ("agree", "unsure", "disagree")


def asked(items: list[Item]) -> list[Item]:
    """The items in the order in which a learner meets them: those asked twice come first, and again in their place."""
    before = [
        item | {"id": f"{item['id']}{BEFORE}", "moment": "before"} for item in items if item.get("asked") == TWICE
    ]
    return before + items


def pairs_asked_twice(items: list[Item]) -> list[tuple[Item, Item]]:
    """Each item that is asked before and after, as `(before, after)`."""
    by_id = {item["id"]: item for item in items}
    return [(item, by_id[item["id"].removesuffix(BEFORE)]) for item in items if item.get("moment") == "before"]


def offered(choices: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The choices that a learner may still choose: retired ones stay for old attempts' sake only."""
    return [choice for choice in choices if not choice.get("retired")]


def read_the_same(texts: list[str]) -> bool:
    """Whether two of them differ by nothing that a reader sees: letter case and spaces are nothing."""
    return len({" ".join(text.casefold().split()) for text in texts}) < len(texts)


def has_key(item: Item) -> bool:
    """Whether a response to it is marked at all."""
    return item["type"] != "agree-scale" and item.get("moment") != "before"


def path(item: Item, response: dict[str, str]) -> list[tuple[dict[str, Any], str]]:
    """The steps of a branching item that a response walks through, with what was chosen: `[(step, choice id or "")]`.

    The last has no choice where the response stops half-way. Choices beside the path are not on it.
    """
    steps = {step["name"]: step for step in item["steps"]}
    walked: list[tuple[dict[str, Any], str]] = []
    step = item["steps"][0]
    while step is not None:
        chosen = response.get(step["id"], "")
        walked.append((step, chosen))
        leads = {choice["id"]: choice.get("leads_to", "") for choice in offered(step["choices"])}
        step = steps.get(leads.get(chosen, ""))
        if len(walked) > len(steps):
            raise ValueError(f"the steps of {item['id']} go round in a circle")
    return walked
