"""What a teacher may know of a class: shares that say nothing about one pupil. Screen, CSV, XLSX and PDF read this."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from string import ascii_uppercase

from django.utils.translation import gettext as _

from audiences.class_sessions import how_many, items_of
from audiences.models import ClassSession
from audiences.models.classes import Source
from quizzes import tallies
from quizzes.forms import ItemForm
from quizzes.items import Item, has_key
from quizzes.tallies import LEAST, Share

HARD = 0.8  # of the answers right: below it, Kolibri calls an item difficult, and so do we


@dataclass(frozen=True)
class Told:
    """A share as a chart draws it and a sentence says it."""

    share: Share

    @property
    def number(self) -> str:
        return in_words(self.share)

    @property
    def least_percent(self) -> int:
        return 100 * self.share.least // self.share.of

    @property
    def most_percent(self) -> int:
        return -(-100 * self.share.most // self.share.of)

    @property
    def doubt(self) -> int:
        """The width of what is not told, in percent."""
        return 0 if self.share.is_exact else self.most_percent - self.least_percent


@dataclass(frozen=True)
class Bar(Told):
    """One line of a chart: the choices that it stands for, how many, and what a wrong one gets wrong."""

    texts: tuple[str, ...]
    is_right: bool | None  # None where there is nothing to tell apart
    misconception: str = ""


@dataclass(frozen=True)
class Chart:
    """The bars of one item from one source; none, and why, where they may not be shown."""

    source: str
    answered: str
    bars: tuple[Bar, ...]

    @property
    def hidden(self) -> str:
        """Why there are no bars."""
        return "" if self.bars else _("Too few answers, or too alike, to show them safely.")


@dataclass(frozen=True)
class ItemResult:
    """An item with its charts."""

    item: Item
    number: int
    charts: tuple[Chart, ...]
    right: Told | None
    outcome: str  # what it asks about, in words

    @property
    def prompt(self) -> str:
        if self.item.get("moment") == "before":
            return _("%(prompt)s (before)") % {"prompt": self.item["prompt"]}
        return self.item["prompt"]

    @property
    def is_hard(self) -> bool:
        return self.right is not None and is_hard(self.right.share)


@dataclass(frozen=True)
class Move:
    """How many held the myths of one outcome, before and after."""

    key: str
    outcome: str  # in words
    before: Told
    after: Told

    @property
    def sentence(self) -> str:
        return _("Before: %(before)s held it. After: %(after)s.") % {
            "before": self.before.number,
            "after": self.after.number,
        }


@dataclass(frozen=True)
class SessionResults:
    """Everything that may be told of a session."""

    joined: int
    finished: int
    items: tuple[ItemResult, ...]
    hardest: tuple[ItemResult, ...]
    moves: tuple[Move, ...]
    waiting: int  # items that too few answered, or that are not revealed yet


def of_session(session: ClassSession, language: str, outcomes: Mapping[str, str] | None = None) -> SessionResults:
    """The results of a session; while it is open, of what was revealed or typed. At most three queries.

    `outcomes` are the texts of its lesson's outcomes, by key.
    """
    outcomes = outcomes or {}
    items = items_of(session, language)
    counted: dict[str, dict[str, tallies.Tally]] = {Source.SEATS: {}, Source.PAPER: {}}
    for tally in session.tallies.all():
        counted[tally.source][tally.item] = tally.counts
    joined, finished = how_many(session)
    rows = tuple(item_result(item, number, counted, outcomes) for number, item in enumerate(items, 1))
    shifts = tallies.by_outcome(shift for source in Source for shift in tallies.shifts(items, counted[source]))
    return SessionResults(
        joined,
        finished,
        tuple(row for row in rows if row.charts),
        tuple(hardest_first(row for row in rows if row.is_hard)),
        tuple(
            Move(shift.outcome, outcomes.get(shift.outcome, ""), Told(shift.before), Told(shift.after))
            for shift in shifts
        ),
        sum(not row.charts for row in rows),
    )


def is_hard(right: Share) -> bool:
    return right.most < HARD * right.of


def hardest_first(rows):
    """Rows that have a `right`, those with the smallest share of it first."""
    return sorted(rows, key=lambda row: (row.right.share.least + row.right.share.most) / (2 * row.right.share.of))


def item_result(item: Item, number: int, counted, outcomes: Mapping[str, str]) -> ItemResult:
    """Devices and paper stand side by side: added up, the teacher's own numbers would tell the others."""
    charts, rights = [], []
    for source in Source:
        tally = counted[source].get(item["id"])
        if tally is None:
            continue
        charts.append(chart(item, tally, source.label))
        rights.append(tallies.right_share(item, tally))
    shown = [right for right in rights if right]
    right = Told(reduce(tallies.total, shown)) if shown else None
    return ItemResult(item, number, tuple(charts), right, outcomes.get(item["outcome"], ""))


def chart(item: Item, tally: tallies.Tally, source: str) -> Chart:
    shares = tallies.shares(item, tally)
    if shares is None:
        answered = _("fewer than %(least)s") % {"least": LEAST} if tally.answered < LEAST else str(tally.answered)
        return Chart(source, answered, ())
    texts, wrong = part_texts(item), misconceptions(item)
    key = right_keys(item)
    bars = [
        Bar(
            share,
            tuple(texts[part] for part in share.choices),
            None if key is None else share.choices[0] in key,
            next((wrong[part] for part in share.choices if part in wrong), "") if len(share.choices) == 1 else "",
        )
        for share in shares
    ]
    return Chart(source, str(tally.answered), tuple(bars))


def right_keys(item: Item) -> set[str] | None:
    """The parts that are right; None for an item without a key, and for pairs: each part is a right one."""
    kind = item["type"]
    if not has_key(item) or kind == "match":
        return None
    if kind == "branching":
        return {
            f"{step['id']}/{choice['id']}" for step in item["steps"] for choice in step["choices"] if choice["right"]
        }
    return tallies.right_parts(item)


def part_texts(item: Item) -> dict[str, str]:
    """What each part that a tally counts is called."""
    kind = item["type"]
    if kind == "order":
        return {"right": _("In the right order"), "other": _("In another order")}
    if kind == "match":
        return {pair["id"]: f"{pair['left']} → {pair['right']}" for pair in item["pairs"]}
    if kind == "branching":
        return {f"{step['id']}/{choice['id']}": choice["text"] for step in item["steps"] for choice in step["choices"]}
    if "choices" in item:
        return {choice["id"]: choice["text"] for choice in item["choices"]}
    return {option["id"]: option["text"] for option in ItemForm(item, 1).options}


def labels(item: Item) -> dict[str, str]:
    """What each part is called where it is counted by hand: with the letter that the wall and the cards give it."""
    texts = {part: part_texts(item)[part] for part in tallies.parts(item)}
    if item["type"] in ("order", "match", "branching"):
        return texts
    return {part: f"{letter}. {text}" for letter, (part, text) in zip(ascii_uppercase, texts.items(), strict=False)}


def misconceptions(item: Item) -> dict[str, str]:
    """What stands behind each wrong choice: its feedback was written to answer just that."""
    kind = item["type"]
    if kind == "true-false":
        return {part: text for part, text in item["feedback"].items() if part != item["right"]}
    if kind == "branching":
        told = {f"{step['id']}/{choice['id']}": choice for step in item["steps"] for choice in step["choices"]}
    else:
        told = {choice["id"]: choice for choice in item.get("choices", [])}
    return {part: choice["feedback"] for part, choice in told.items() if not choice["right"]}


def in_words(share: Share) -> str:
    """ "18 of 30", or as much of it as may be told."""
    if share.is_exact:
        return _("%(count)s of %(of)s") % {"count": share.most, "of": share.of}
    if share.least == 0 and share.most == share.of:
        return _("not told, of %(of)s") % {"of": share.of}
    if share.least == 0:
        return _("at most %(most)s of %(of)s") % {"most": share.most, "of": share.of}
    if share.most == share.of:
        return _("at least %(least)s of %(of)s") % {"least": share.least, "of": share.of}
    return _("%(least)s to %(most)s of %(of)s") % {"least": share.least, "most": share.most, "of": share.of}
