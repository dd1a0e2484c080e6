"""What a class shows over time: its sessions side by side and together, made of what each of them may tell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce

from audiences.models import ClassSession
from audiences.results import ItemResult, Move, SessionResults, Told, hardest_first, is_hard, of_session
from curriculum.models import LessonPage
from curriculum.models.plan import LearningOutcome
from quizzes.tallies import total


@dataclass(frozen=True)
class Line:
    """One session: its results, and how many of all its answers were right."""

    session: ClassSession
    lesson: LessonPage | None  # None where it is gone
    results: SessionResults
    right: Told | None


@dataclass(frozen=True)
class AskedItem:
    """An item of one lesson in every session that asked it, the newest first."""

    lesson: LessonPage | None
    newest: ItemResult
    right: Told  # in all of them
    times: tuple[tuple[ClassSession, ItemResult], ...]

    @property
    def is_hard(self) -> bool:
        return is_hard(self.right.share)


@dataclass(frozen=True)
class LessonMove:
    """How the myths of an outcome moved in all sessions of its lesson."""

    lesson: LessonPage | None
    move: Move


@dataclass(frozen=True)
class ClassResults:
    """Everything that may be told of some sessions of a class. Sums are of what may be shown, never shown of sums."""

    lines: tuple[Line, ...]
    items: tuple[AskedItem, ...]  # the hardest first
    moves: tuple[LessonMove, ...]

    @property
    def hardest(self) -> list[AskedItem]:
        return [item for item in self.items if item.is_hard]


def of_sessions(sessions: Iterable[ClassSession], lessons: Mapping[str, LessonPage], language: str) -> ClassResults:
    """The results of closed sessions, the newest first; see `lines_of`."""
    lines = lines_of(sessions, lessons, language)
    return ClassResults(tuple(lines), tuple(hardest_first(items_over(lines))), tuple(moves_over(lines)))


def lines_of(sessions: Iterable[ClassSession], lessons: Mapping[str, LessonPage], language: str) -> list[Line]:
    """Sessions side by side, in their order. Each is asked for its tallies: prefetch them.

    `lessons` are by translation key as text. One query more, for the outcomes.
    """
    outcomes = outcomes_of(lessons.values())
    lines = []
    for session in sessions:
        lesson = lessons.get(str(session.lesson))
        results = of_session(session, language, outcomes.get(lesson.id) if lesson else None)
        lines.append(Line(session, lesson, results, summed(item.right for item in results.items)))
    return lines


def outcomes_of(lessons: Iterable[LessonPage]) -> dict[int, dict[str, str]]:
    """The texts of the outcomes of lessons: `{lesson's id: {key: text}}`."""
    found: dict[int, dict[str, str]] = {}
    rows = LearningOutcome.objects.filter(lesson__in=[lesson.id for lesson in lessons])
    for id, key, text in rows.values_list("lesson", "key", "text"):
        found.setdefault(id, {})[key] = text
    return found


def summed(shares: Iterable[Told | None]) -> Told | None:
    known = [told.share for told in shares if told]
    return Told(reduce(total, known)) if known else None


def items_over(lines: Iterable[Line]) -> list[AskedItem]:
    found: dict[tuple, list[tuple[Line, ItemResult]]] = {}
    for line in lines:
        for result in line.results.items:
            if result.right:
                found.setdefault((line.session.lesson, result.item["id"]), []).append((line, result))
    return [
        AskedItem(
            asked[0][0].lesson,
            asked[0][1],
            summed(result.right for _line, result in asked),
            tuple((line.session, result) for line, result in asked),
        )
        for asked in found.values()
    ]


def moves_over(lines: Iterable[Line]) -> list[LessonMove]:
    found: dict[tuple, LessonMove] = {}
    for line in lines:
        for move in line.results.moves:
            key = (line.session.lesson, move.key)
            found[key] = LessonMove(line.lesson, together(found[key].move, move) if key in found else move)
    return list(found.values())


def together(one: Move, other: Move) -> Move:
    before, after = (Told(total(a.share, b.share)) for a, b in ((one.before, other.before), (one.after, other.after)))
    return Move(one.key, one.outcome, before, after)
