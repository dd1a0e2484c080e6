"""From responses to tallies, from tallies to what may be shown. Pure; everything that shows results reads these.

The rules of disclosure (`LEAST` = 5): nothing is shown of fewer than five answers; no number under five is ever shown,
nor follows from what is shown; choices of fewer than five are merged; a scale is shown whole or not at all, and never
split by language or group. A number that must not be exact is an interval.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from quizzes.items import SCALE, TRUE_FALSE, Item, has_key, pairs_asked_twice, path
from quizzes.marking import MARKERS, Response, Verdict, holds_myth, mark

LEAST = 5
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


def parts(item: Item) -> list[str]:
    """Everything that a tally of this item counts."""
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
        return [f"{step['id']}/{choice['id']}" for step in item["steps"] for choice in step["choices"]]
    return [choice["id"] for choice in item["choices"]]


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
    """A count that may be shown: exact where both it and the rest are none or five and more; else an interval.

    None where fewer than five answered. "None" and "all" count as small, for they tell everybody's answer.
    """
    if of < LEAST:
        return None
    if count < LEAST:
        return Share(choices, 0, min(LEAST - 1, of), of)
    if of - count < LEAST:
        return Share(choices, max(of - LEAST + 1, 0), of, of)
    return Share(choices, count, count, of)


def shares(item: Item, counted: Tally) -> list[Share] | None:
    """How the answers spread over the item's parts; None where nothing may be shown."""
    if counted.answered < LEAST:
        return None
    counts = {part: counted.chosen.get(part, 0) for part in parts(item)}
    if item["type"] == "agree-scale":
        whole = min(counts.values()) >= LEAST
        return [Share((part,), count, count, counted.answered) for part, count in counts.items()] if whole else None
    if item["type"] in ONE_OF:
        return _one_of(counts, counted.answered, right_parts(item))
    found = [interval(count, counted.answered, (part,)) for part, count in counts.items()]
    return [share for share in found if share]


def _one_of(counts: dict[str, int], of: int, right: set[str]) -> list[Share]:
    """Each answer is in one part, so that a small one would follow from the rest: parts are merged until five are in.

    Wrong ones are merged first, so that what was right stays to be seen.
    """
    rising = sorted(counts, key=lambda part: (part in right, counts[part]))
    merged = [part for part in rising if counts[part] < LEAST]
    for part in rising:
        if merged and part not in merged and sum(counts[each] for each in merged) < LEAST:
            merged.append(part)
    alone = [part for part in counts if part not in merged]
    together = sum(counts[part] for part in merged)
    if merged and not alone:
        big = max(counts, key=lambda part: counts[part])
        if of - counts[big] < LEAST <= counts[big]:  # all but a few chose the same: say so, and no more
            small = tuple(part for part in counts if part != big)
            return [Share((big,), of - LEAST + 1, of, of), Share(small, 0, LEAST - 1, of)]
    groups = [(part,) for part in alone] + ([tuple(part for part in counts if part in merged)] if merged else [])
    sizes = [counts[part] for part in alone] + ([together] if merged else [])
    return [Share(group, size, size, of) for group, size in zip(groups, sizes, strict=True)]


def right_parts(item: Item) -> set[str]:
    """The parts of a one-of item that are right."""
    if item["type"] == "true-false":
        return {item["right"]}
    if item["type"] == "order":
        return {"right"}
    return {choice["id"] for choice in item["choices"] if choice["right"]}


def right_share(item: Item, counted: Tally) -> Share | None:
    """How many were right, no more exactly than `shares` says; None without a key or with fewer than five answers."""
    if not has_key(item) or counted.answered < LEAST:
        return None
    if item["type"] not in ONE_OF:
        return interval(counted.right, counted.answered)
    right = right_parts(item)
    groups = _one_of({part: counted.chosen.get(part, 0) for part in parts(item)}, counted.answered, right)
    least = sum(group.least for group in groups if right.issuperset(group.choices))
    most = sum(group.most for group in groups if right.intersection(group.choices))
    return Share((), least, min(most, counted.answered), counted.answered)


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
    found: dict[str, Shift] = {}
    for before, after in pairs_asked_twice(items):
        first, second = tallies.get(before["id"], Tally()), tallies.get(after["id"], Tally())
        share, later = interval(first.held, first.answered), interval(second.held, second.answered)
        if not share or not later:
            continue
        outcome = after["outcome"]
        known = found.get(outcome)
        found[outcome] = Shift(
            outcome,
            _sum(known.before, share) if known else share,
            _sum(known.after, later) if known else later,
        )
    return list(found.values())


def _sum(one: Share, other: Share) -> Share:
    return Share((), one.least + other.least, one.most + other.most, one.of + other.of)
