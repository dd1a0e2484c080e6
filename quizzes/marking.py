"""What a right answer is: pure functions over an item, as `quizzes/items.py` describes it.

An item is a dict: `{"id", "type", "choices" | "entries" | "pairs", ...}`. A response is what the learner chose:

- single-choice, scenario: the id of one choice
- multiple-choice: a list of choice ids
- true-false: "true", "false" or "unsure"
- order: `{entry id: position from 1}`
- match: `{pair id of the left side: pair id of the right side}`

An empty response is a skip, and never wrong.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

Item = dict[str, Any]
Response = str | list[str] | dict[str, str]


class Verdict(Enum):
    RIGHT = "right"
    NOT_QUITE = "not-quite"
    SKIPPED = "skipped"


class UnknownChoice(ValueError):
    """The response names something that this item does not have."""


class UnfinishedResponse(ValueError):
    """The response leaves out a part, or uses one twice."""


@dataclass(frozen=True)
class Mark:
    """The verdict on one response, and what to say: `[(choice id or "", feedback), ...]`."""

    verdict: Verdict
    feedback: tuple[tuple[str, str], ...] = ()


def mark(item: Item, response: Response) -> Mark:
    """Marks one response. Raises `UnknownChoice` or `UnfinishedResponse` where it cannot be marked."""
    if not response:
        return Mark(Verdict.SKIPPED)
    return MARKERS[item["type"]](item, response)


def _verdict(right: bool) -> Verdict:
    return Verdict.RIGHT if right else Verdict.NOT_QUITE


def _known(chosen: list[str], known: list[str]) -> None:
    for choice in chosen:
        if choice not in known:
            raise UnknownChoice(choice)


def _mark_one(item: Item, response: Response) -> Mark:
    choices = {choice["id"]: choice for choice in item["choices"]}
    _known([str(response)], list(choices))
    chosen = choices[str(response)]
    return Mark(_verdict(chosen["right"]), ((chosen["id"], chosen["feedback"]),))


def _mark_several(item: Item, response: Response) -> Mark:
    """Right when exactly the right ones are chosen; feedback on each chosen one, then on each that was missed."""
    _known(list(response), [choice["id"] for choice in item["choices"]])
    chosen = [choice for choice in item["choices"] if choice["id"] in response]
    missed = [choice for choice in item["choices"] if choice["right"] and choice["id"] not in response]
    right = not missed and all(choice["right"] for choice in chosen)
    return Mark(_verdict(right), tuple((choice["id"], choice["feedback"]) for choice in chosen + missed))


def _mark_true_false(item: Item, response: Response) -> Mark:
    _known([str(response)], ["true", "false", "unsure"])
    return Mark(_verdict(response == item["right"]), ((str(response), item["feedback"][str(response)]),))


def _mark_order(item: Item, response: Response) -> Mark:
    ids = [entry["id"] for entry in item["entries"]]
    assert isinstance(response, dict)  # noqa: S101
    positions = [str(number) for number in range(1, len(ids) + 1)]
    _known(list(response), ids)
    _known(list(response.values()), positions)
    if set(response) != set(ids) or len(set(response.values())) != len(ids):
        raise UnfinishedResponse
    right = [response[name] for name in ids] == positions
    return Mark(_verdict(right), (("", item["feedback"]["right" if right else "other"]),))


def _mark_match(item: Item, response: Response) -> Mark:
    """Right when every pair is; feedback on each pair, in order."""
    assert isinstance(response, dict)  # noqa: S101
    ids = [pair["id"] for pair in item["pairs"]]
    _known([*response, *response.values()], ids)
    if set(response) != set(ids):
        raise UnfinishedResponse
    right = all(left == chosen for left, chosen in response.items())
    return Mark(_verdict(right), tuple((pair["id"], pair["feedback"]) for pair in item["pairs"]))


MARKERS = {
    "single-choice": _mark_one,
    "scenario": _mark_one,
    "multiple-choice": _mark_several,
    "true-false": _mark_true_false,
    "order": _mark_order,
    "match": _mark_match,
}
