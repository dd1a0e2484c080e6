"""From responses to tallies, from tallies to what may be shown. Pure; everything that shows results reads these.

The rules of disclosure (`LEAST` = 5): nothing is shown of fewer than five answers; no number under five is ever shown,
nor follows from all that is shown, even for somebody who knows these rules. Where a choice is small, all are merged to
right and not right; where counts bind each other (several may be chosen, or one leads to the next), the parts are shown
whole, where no difference to each other or to who was right is small, or not at all. So is a scale, never split by
language or group. A number that must not be exact is an interval.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from quizzes.items import SCALE, TRUE_FALSE, Item, has_key, offered, pairs_asked_twice, path
from quizzes.marking import MARKERS, Response, Verdict, holds_myth, mark

LEAST = 5
TELLING = 2 * LEAST  # answers: of fewer, one side is always small, and nothing is said
ONE_OF = ("single-choice", "scenario", "picture-choice", "true-false", "order")


@dataclass(frozen=True)
class Tally:
    """Counts of one item: how many answered, skipped, were right, held the myth, and chose each of its `parts`."""

    answered: int = 0
    skipped: int = 0
    right: int = 0
    held: int = 0
    chosen: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: "Tally") -> "Tally":
        chosen = Counter(self.chosen) + Counter(other.chosen)
        return Tally(
            self.answered + other.answered,
            self.skipped + other.skipped,
            self.right + other.right,
            self.held + other.held,
            dict(chosen),
        )


@dataclass(frozen=True)
class Share:
    """How many answers chose one of `choices`: at least, at most, of all. The same twice where it may be exact."""

    choices: tuple[str, ...]
    least: int
    most: int
    of: int

    @property
    def is_exact(self) -> bool:
        return self.least == self.most


def chooses_one(item: Item) -> bool:
    """Whether every answer is one of the item's parts, so that their counts add up to the answers."""
    return item["type"] in ("agree-scale", *ONE_OF)


def parts(item: Item) -> list[str]:
    """Everything that a tally of this item counts; a retired choice only where somebody chose it."""
    kind = item["type"]
    if kind == "true-false":
        return list(TRUE_FALSE)
    if kind == "agree-scale":
        return list(SCALE)
    if kind == "order":
        return ["right", "other"]
    if kind == "match":
        return [pair["id"] for pair in item["pairs"]]
    if kind == "branching":
        return [f"{step['id']}/{choice['id']}" for step in item["steps"] for choice in offered(step["choices"])]
    return [choice["id"] for choice in offered(item["choices"])]


def parts_of(item: Item, response: Response) -> list[str]:
    """What one response counts for: chosen ids, pairs that were matched rightly, steps that were walked."""
    kind = item["type"]
    if isinstance(response, list):
        return sorted(set(response))
    if isinstance(response, str):
        return [response]
    if kind == "order":
        return ["right" if MARKERS[kind](item, response).verdict is Verdict.RIGHT else "other"]
    if kind == "match":
        return [left for left, right in response.items() if left == right]
    return [f"{step['id']}/{chosen}" for step, chosen in path(item, response)]


def tally(item: Item, responses: Iterable[Response]) -> Tally:
    """Counts the responses to one item; an empty response is a skip."""
    total = Tally()
    for response in responses:
        if not response:
            total += Tally(skipped=1)
            continue
        total += Tally(
            answered=1,
            right=int(mark(item, response).verdict is Verdict.RIGHT),
            held=int(bool(item.get("myth")) and holds_myth(item, response)),
            chosen=dict.fromkeys(parts_of(item, response), 1),
        )
    return total


def interval(count: int, of: int, choices: tuple[str, ...] = ()) -> Share | None:
    """A count that may be shown: exact where five and more are in it and in the rest; else an interval.

    "None" and "all" are small, too, for they tell everybody's answer. Of fewer than ten answers one side is always
    small, so nothing is said. None where fewer than five answered.
    """
    if of < LEAST:
        return None
    if of < TELLING:
        return Share(choices, 0, of, of)
    if count < LEAST:
        return Share(choices, 0, LEAST - 1, of)
    if of - count < LEAST:
        return Share(choices, of - LEAST + 1, of, of)
    return Share(choices, count, count, of)


def shares(item: Item, counted: Tally) -> list[Share] | None:
    """How the answers spread over the item's parts; None where that may not be shown."""
    of = counted.answered
    if of < LEAST:
        return None
    counts = dict.fromkeys(parts(item), 0) | dict(counted.chosen)
    bound = [] if chooses_one(item) else _bound(item, counts, of, counted.right)
    if min(*counts.values(), *bound) >= LEAST:
        return [Share((part,), count, count, of) for part, count in counts.items()]
    return _right_or_not(item, counts, of) if item["type"] in ONE_OF else None


def _bound(item: Item, counts: dict[str, int], of: int, right: int) -> list[int]:
    """What else is known where the counts of parts bind each other."""
    follows = _from_steps if item["type"] == "branching" else _from_parts
    return [right, *(of - count for count in (*counts.values(), right)), *follows(item, counts, of, right)]


def _from_parts(item: Item, counts: dict[str, int], of: int, right: int) -> list[int]:
    """Who was right about a part but not about all, and of those not right, what they had wrong or chose beyond one.

    All of them had one wrong and chose one; where only one choice is right, they chose a wrong one.
    """
    several = item["type"] == "multiple-choice"
    key = right_parts(item) & counts.keys() if several else counts.keys()
    well = {part: count if part in key else of - count for part, count in counts.items()}
    wrong = sum(of - count for part, count in well.items() if key != {part})
    found = [*(count - right for count in well.values()), wrong - (of - right)]
    return [*found, sum(counts.values()) - len(key) * right - (of - right)] if several else found


def _from_steps(item: Item, counts: dict[str, int], of: int, right: int) -> list[int]:
    """Across each line that one can draw between the steps of the right way: who crossed it and was not right after
    all, and who went wrong before it or crossed it, beyond those who were not right.
    """
    first = item["steps"][0]["name"]
    choices = [
        (step["name"], choice.get("leads_to", ""), choice["right"], counts[f"{step['id']}/{choice['id']}"])
        for step in item["steps"]
        for choice in offered(step["choices"])
    ]
    way = _reached({first}, [(step, to) for step, to, is_right, _count in choices if is_right])
    astray = {to for step, to, is_right, _count in choices if step in way and not is_right}
    if not way & _reached(astray, [(step, to) for step, to, _is_right, _count in choices]):
        return []  # nobody comes back to the way, so the counts alone tell who was right
    found = []
    for size in range(len(way)):
        for others in combinations(way - {first}, size):
            before = {first, *others}
            left = [(to, is_right, count) for step, to, is_right, count in choices if step in before]
            on = sum(count for to, is_right, count in left if is_right and to not in before)
            off = sum(count for to, is_right, count in left if not is_right or (to and to not in before))
            found += [on - right, off - (of - right)]
    return found


def _reached(found: set[str], leads: list[tuple[str, str]]) -> set[str]:
    """The steps to which these lead, one after another, and those found before."""
    while more := {to for step, to in leads if step in found and to} - found:
        found = found | more
    return found - {""}


def _right_or_not(item: Item, counts: dict[str, int], of: int) -> list[Share] | None:
    """The parts merged to two. Which are merged must not depend on how small they are: it would tell."""
    right = tuple(part for part in counts if part in right_parts(item))
    wrong = tuple(part for part in counts if part not in right)
    share = interval(sum(counts[part] for part in right), of, right)
    return [share, Share(wrong, of - share.most, of - share.least, of)] if share else None


def right_parts(item: Item) -> set[str]:
    """The parts that are right, of an item whose parts are not pairs or steps."""
    if item["type"] == "true-false":
        return {item["right"]}
    if item["type"] == "order":
        return {"right"}
    return {choice["id"] for choice in item["choices"] if choice["right"]}


def right_share(item: Item, counted: Tally) -> Share | None:
    """How many were right, no more exactly than `shares` says; None without a key or with fewer than five answers."""
    return interval(counted.right, counted.answered) if has_key(item) else None


def held_share(item: Item, counted: Tally) -> Share | None:
    """How many held the item's myth, no more exactly than `shares` says; None where nothing may be shown."""
    if not item["myth"] or not shares(item, counted):
        return None
    return interval(counted.held, counted.answered)


def hardest(items: list[Item], tallies: Mapping[str, Tally]) -> list[tuple[Item, Share]]:
    """The items whose right share may be shown, hardest first; by id of the item."""
    found = []
    for item in items:
        share = right_share(item, tallies.get(item["id"], Tally()))
        if share:
            found.append((item, share))
    return sorted(found, key=lambda pair: (pair[1].least + pair[1].most) / (2 * pair[1].of))


@dataclass(frozen=True)
class Shift:
    """How many held the myths of one outcome, before and after."""

    outcome: str
    before: Share
    after: Share


def shifts(items: list[Item], tallies: Mapping[str, Tally]) -> list[Shift]:
    """For each outcome with items asked twice: who held a myth before and after, no more exactly than item by item."""
    found = []
    for before, after in pairs_asked_twice(items):
        share = held_share(before, tallies.get(before["id"], Tally()))
        later = held_share(after, tallies.get(after["id"], Tally()))
        if share and later:
            found.append(Shift(after["outcome"], share, later))
    return by_outcome(found)


def by_outcome(shifts: Iterable[Shift]) -> list[Shift]:
    """One shift for each outcome, of all that are about it."""
    found: dict[str, Shift] = {}
    for shift in shifts:
        known = found.get(shift.outcome)
        if known:
            shift = Shift(shift.outcome, total(known.before, shift.before), total(known.after, shift.after))
        found[shift.outcome] = shift
    return list(found.values())


def total(one: Share, other: Share) -> Share:
    """What two shares that may be shown come to: a sum of the shown, never the shown of a sum."""
    return Share((), one.least + other.least, one.most + other.most, one.of + other.of)
