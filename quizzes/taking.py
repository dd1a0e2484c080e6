"""Beginning, answering and submitting an attempt: each a transaction that may be repeated without harm.

A learner is an opaque UUID. Every function raises `Refused`, and then nothing has changed.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac

from quizzes.items import Item
from quizzes.marking import Response as Choices
from quizzes.marking import UnfinishedResponse, UnknownChoice, check_known, mark, result
from quizzes.models.attempts import Attempt, Response, State
from quizzes.refusals import Refused
from quizzes.versions import current_version


@dataclass(frozen=True)
class Answer:
    """What a learner's device says about one item. A higher sequence is newer, whatever arrives first."""

    item: str
    choices: Choices
    sequence: int


@dataclass(frozen=True)
class Saved:
    """What is stored now. It is `stale` where something newer was there already."""

    item: str
    choices: Choices
    sequence: int
    checked: bool
    stale: bool


def learner_of(request, quiz=None) -> UUID | None:
    """Who is learning, as an opaque id; None for a visitor, of whom nothing is stored.

    Whoever came for one quiz only (`request.only_quiz`, its key) is a visitor to every other.
    """
    only = only_quiz(request)
    if quiz is not None and only and quiz.translation_key != only:
        return None
    return getattr(request, "learner", None) or getattr(request.user, "learner", None)


def only_quiz(request) -> UUID | None:
    """The one quiz that this learner came for and takes once; None for who may take all as often as they like."""
    return getattr(request, "only_quiz", None)


def mark_of(learner: UUID | None) -> str:
    """What a page knows its learner by: tells one from another, and nobody who it is. Empty for a visitor."""
    return salted_hmac("quizzes.learner", str(learner)).hexdigest()[:16] if learner else ""


def uuid_of(text: str) -> UUID | None:
    """An id as a page sends it; None where there is none."""
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Refused("invalid_request") from None


def latest(learner: UUID, quiz) -> Attempt | None:
    """The learner's open attempt at a quiz, or else the last one."""
    attempts = Attempt.objects.by(learner).of(quiz.translation_key).exclude(state=State.EXPIRED)
    found = list(attempts.order_by("-started_at")[:2])
    for attempt in [attempt for attempt in found if attempt.is_overdue]:
        Attempt.objects.open().filter(id=attempt.id).update(state=State.EXPIRED)
        found.remove(attempt)
    return next((attempt for attempt in found if attempt.state == State.OPEN), found[0] if found else None)


def begin(learner: UUID, quiz, *, after: UUID | None = None, version: str = "", anew: bool = True) -> Attempt:
    """The learner's open attempt; begun now if there is none.

    `after` is the last finished attempt that the learner's page knows, `version` the version that it shows. Without
    `anew` none is begun.
    """
    current = current_version(quiz)
    known = latest(learner, quiz)
    if known and known.state == State.OPEN:
        return known
    if not anew or (known and known.id != after):
        raise Refused("attempt_closed")
    if version and version != current.digest:
        raise Refused("old_version")
    return Attempt.objects.get_or_create(
        learner=learner, quiz=quiz.translation_key, state=State.OPEN, defaults={"version": current}
    )[0]


def save(learner: UUID, attempt_id: UUID, answer: Answer, *, checking: bool = False) -> Saved:
    """Stores one answer; with `checking`, for good: the learner is about to see the feedback."""
    if checking and not answer.choices:
        raise Refused("nothing_chosen", answer.item)
    with transaction.atomic():
        attempt = locked(learner, attempt_id)
        if attempt.state != State.OPEN:
            raise Refused("attempt_closed")
        if checking and attempt.content["settings"]["feedback_after"] == "end":
            raise Refused("feedback_at_the_end", answer.item)
        return store(attempt, items_by_id(attempt), answer, checking=checking)


def save_all(learner: UUID, attempt_id: UUID, answers: list[Answer]) -> None:
    """Stores several answers, all or none; what was checked before stays as it was."""
    with transaction.atomic():
        attempt = locked(learner, attempt_id)
        if attempt.state != State.OPEN:
            raise Refused("attempt_closed")
        checked = set(attempt.responses.filter(checked=True).values_list("item", flat=True))
        store_all(attempt, items_by_id(attempt), [answer for answer in answers if answer.item not in checked])


def submit(learner: UUID, attempt_id: UUID, answers: list[Answer]) -> tuple[Attempt, bool]:
    """Stores what is newer, marks the whole and closes the attempt; says whether it was closed before already."""
    with transaction.atomic():
        attempt = locked(learner, attempt_id)
        if attempt.state == State.SUBMITTED:
            return attempt, True
        if attempt.state != State.OPEN:
            raise Refused("attempt_closed")
        items = items_by_id(attempt)
        chosen = store_all(attempt, items, answers)
        for id, item in items.items():
            complete(item, chosen.get(id, ""))
        outcome = result(items.values(), chosen)
        attempt.right, attempt.marked = outcome.right, outcome.marked
        attempt.passed = outcome.passes(attempt.content["settings"]["pass_mark"])
        attempt.state = State.SUBMITTED
        attempt.save(update_fields=["right", "marked", "passed", "state"])
        return attempt, False


def locked(learner: UUID, attempt_id: UUID) -> Attempt:
    """The learner's own attempt, held until the transaction ends; anybody else's is not found."""
    attempt = Attempt.objects.by(learner).select_for_update().filter(id=attempt_id).first()
    if attempt is None:
        raise Refused("not_found")
    return attempt


def items_by_id(attempt: Attempt) -> dict[str, Item]:
    return {item["id"]: item for item in attempt.items("en")}


def store(attempt: Attempt, items: dict[str, Item], answer: Answer, *, checking: bool = False) -> Saved:
    """Stores an answer in an attempt that is held, unless the stored one is newer or was checked."""
    stored = attempt.responses.filter(item=answer.item).first() or Response(
        attempt=attempt, item=answer.item, choices=answer.choices, sequence=0
    )
    saved, has_changed = weigh(items, stored, answer, checking=checking)
    if has_changed:
        stored.save()
    return saved


def store_all(attempt: Attempt, items: dict[str, Item], answers: list[Answer]) -> dict[str, Choices]:
    """Stores answers as `store` does, in one statement whatever their number; returns all that is stored then.

    At the bell a whole school submits at once, and every statement keeps the next learner waiting.
    """
    fields = ("item", "choices", "sequence", "checked")
    rows = attempt.responses.values(*fields)
    responses = {row["item"]: Response(attempt=attempt, **row) for row in rows}
    changed = {}
    for answer in answers:
        stored = responses.get(answer.item) or Response(
            attempt=attempt, item=answer.item, choices=answer.choices, sequence=0
        )
        if weigh(items, stored, answer)[1]:
            responses[answer.item] = changed[answer.item] = stored
    Response.objects.bulk_create(
        changed.values(),
        update_conflicts=True,
        unique_fields=["attempt", "item"],
        update_fields=["choices", "sequence"],
    )
    return {item: response.choices for item, response in responses.items()}


def weigh(items: dict[str, Item], stored: Response, answer: Answer, *, checking: bool = False) -> tuple[Saved, bool]:
    """Puts an answer into the stored response if it is newer; what stands there then, and whether that is a change."""
    item = items.get(answer.item)
    if item is None:
        raise Refused("unknown_item", answer.item)
    known(item, answer.choices)
    same = stored.choices == answer.choices
    if stored.checked and not same and answer.sequence > stored.sequence:
        raise Refused("already_checked", answer.item)
    newer = answer.sequence > stored.sequence and not stored.checked
    if checking and not (newer or same):  # something newer is stored: the learner sees that first
        return Saved(stored.item, stored.choices, stored.sequence, stored.checked, stale=True), False
    if checking:
        complete(item, answer.choices)
    has_changed = newer or (checking and not stored.checked)
    if newer:
        stored.choices, stored.sequence = answer.choices, answer.sequence
    stored.checked = stored.checked or checking
    saved = Saved(stored.item, stored.choices, stored.sequence, stored.checked, stale=not (newer or same))
    return saved, has_changed


def known(item: Item, choices: Choices) -> None:
    try:
        check_known(item, choices)
    except UnknownChoice:
        raise Refused("unknown_choice", item["id"]) from None


def complete(item: Item, choices: Choices) -> None:
    try:
        mark(item, choices)
    except UnfinishedResponse:
        raise Refused("unfinished_response", item["id"]) from None
