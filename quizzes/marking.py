"""What a right answer is: pure functions over an item, as `quizzes/items.py` describes it.

A response is what the learner chose:

- single-choice, scenario, picture-choice: the id of one choice
- multiple-choice: a list of choice ids
- true-false: "true", "false" or "unsure"; agree-scale: "agree", "unsure" or "disagree"
- order: `{entry id: position from 1}`
- match: `{pair id of the left side: pair id of the right side}`
- branching: `{step id: choice id}`

An empty response is a skip, and never wrong.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from quizzes.items import SCALE, TRUE_FALSE, Item, has_key, offered, pairs_asked_twice, path

Response = str | list[str] | dict[str, str]


class Verdict(Enum):
    RIGHT = "right"
    NOT_QUITE = "not-quite"
    NOTED = "noted"  # there is no key, or it is asked again later
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
    marked = MARKERS[item["type"]](item, response)
    return Mark(Verdict.NOTED) if item.get("moment") == "before" else marked


def check_known(item: Item, response: Response) -> None:
    """Raises `UnknownChoice` for a response that names what this item does not have; a half-finished one passes."""
    try:
        mark(item, response)
    except UnfinishedResponse:
        return


@dataclass(frozen=True)
class Result:
    """How a whole attempt went: items right, of the items that have a key."""

    right: int
    marked: int

    def passes(self, pass_mark: int | None) -> bool | None:
        """Whether it reaches a pass mark in percent; None where the quiz has none."""
        return None if pass_mark is None else self.missing(pass_mark) == 0

    def missing(self, pass_mark: int) -> int:
        """How many more right answers a pass would have needed."""
        return max(0, -(-self.marked * pass_mark // 100) - self.right)


def result(items: Iterable[Item], responses: Mapping[str, Response]) -> Result:
    """Counts an attempt: `responses` is `{item id: response}`; what is not in it was skipped."""
    keyed = [item for item in items if has_key(item)]
    verdicts = [mark(item, responses.get(item["id"], "")).verdict for item in keyed]
    return Result(verdicts.count(Verdict.RIGHT), len(keyed))


def holds_myth(item: Item, response: Response) -> bool:
    """Whether somebody who answers so does not see through the myth (yet).

    The statement of a scale is the myth itself, so only "disagree" sees through it; elsewhere, the right answer does.
    """
    if item["type"] == "agree-scale":
        return response != "disagree"
    return MARKERS[item["type"]](item, response).verdict is not Verdict.RIGHT


def myths_moved(items: list[Item], responses: Mapping[str, Response]) -> tuple[int, int]:
    """Of the myths asked before and after and answered twice: `(seen through now and not before, held before)`."""
    moved = held = 0
    for before, after in pairs_asked_twice(items):
        first, second = responses.get(before["id"], ""), responses.get(after["id"], "")
        if first and second and holds_myth(after, first):
            held += 1
            moved += not holds_myth(after, second)
    return moved, held


def _verdict(right: bool) -> Verdict:
    return Verdict.RIGHT if right else Verdict.NOT_QUITE


def _known(chosen: Iterable[str], known: Iterable[str]) -> None:
    known = list(known)
    for choice in chosen:
        if choice not in known:
            raise UnknownChoice(choice)


def _text(response: Response) -> str:
    if not isinstance(response, str):
        raise UnknownChoice(str(response)[:80])
    return response


def _rows(response: Response) -> dict[str, str]:
    if not isinstance(response, dict):
        raise UnknownChoice(str(response)[:80])
    return response


def _mark_one(item: Item, response: Response) -> Mark:
    choices = {choice["id"]: choice for choice in offered(item["choices"])}
    _known([_text(response)], choices)
    chosen = choices[_text(response)]
    return Mark(_verdict(chosen["right"]), ((chosen["id"], chosen["feedback"]),))


def _mark_several(item: Item, response: Response) -> Mark:
    """Right when exactly the right ones are chosen; feedback on each chosen one, then on each that was missed."""
    choices = offered(item["choices"])
    if not isinstance(response, list):
        raise UnknownChoice(str(response)[:80])
    _known(response, [choice["id"] for choice in choices])
    chosen = [choice for choice in choices if choice["id"] in response]
    missed = [choice for choice in choices if choice["right"] and choice["id"] not in response]
    right = not missed and all(choice["right"] for choice in chosen)
    return Mark(_verdict(right), tuple((choice["id"], choice["feedback"]) for choice in chosen + missed))


def _mark_true_false(item: Item, response: Response) -> Mark:
    _known([_text(response)], TRUE_FALSE)
    return Mark(_verdict(response == item["right"]), ((_text(response), item["feedback"][_text(response)]),))


def _note_scale(item: Item, response: Response) -> Mark:
    _known([_text(response)], SCALE)
    return Mark(Verdict.NOTED, (("", item["feedback"]["all"]),))


def _mark_order(item: Item, response: Response) -> Mark:
    rows, ids = _rows(response), [entry["id"] for entry in item["entries"]]
    positions = [str(number) for number in range(1, len(ids) + 1)]
    _known(rows, ids)
    _known(rows.values(), positions)
    if set(rows) != set(ids) or len(set(rows.values())) != len(ids):
        raise UnfinishedResponse
    right = [rows[name] for name in ids] == positions
    return Mark(_verdict(right), (("", item["feedback"]["right" if right else "other"]),))


def _mark_match(item: Item, response: Response) -> Mark:
    """Right when every pair is; feedback on each pair, in order."""
    rows, ids = _rows(response), [pair["id"] for pair in item["pairs"]]
    _known([*rows, *rows.values()], ids)
    if set(rows) != set(ids):
        raise UnfinishedResponse
    right = all(left == chosen for left, chosen in rows.items())
    return Mark(_verdict(right), tuple((pair["id"], pair["feedback"]) for pair in item["pairs"]))


def _mark_branching(item: Item, response: Response) -> Mark:
    """Right when every step of the way was; feedback on each step."""
    rows = _rows(response)
    _known(rows, [step["id"] for step in item["steps"]])
    choices = {step["id"]: {choice["id"]: choice for choice in offered(step["choices"])} for step in item["steps"]}
    for step, chosen in rows.items():
        _known([chosen], choices[step])
    walked = path(item, rows)
    if not walked[-1][1]:
        raise UnfinishedResponse
    taken = [choices[step["id"]][chosen] for step, chosen in walked]
    right = all(choice["right"] for choice in taken)
    return Mark(_verdict(right), tuple((choice["id"], choice["feedback"]) for choice in taken))


MARKERS = {
    "single-choice": _mark_one,
    "scenario": _mark_one,
    "picture-choice": _mark_one,
    "multiple-choice": _mark_several,
    "true-false": _mark_true_false,
    "agree-scale": _note_scale,
    "order": _mark_order,
    "match": _mark_match,
    "branching": _mark_branching,
}
