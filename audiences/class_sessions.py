"""Running a lesson with a class: opening, revealing, closing. What is kept of the pupils in the end are counts."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db import IntegrityError, connection, transaction
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils import timezone

from audiences.models import ClassSession, Seat, Tally
from audiences.models.classes import Source
from quizzes import tallies
from quizzes.items import Item
from quizzes.marking import Response as Choices
from quizzes.marking import UnfinishedResponse, mark
from quizzes.models import Attempt, Response, State
from quizzes.models.attempts import items_in
from quizzes.versions import current_version, without

logger = logging.getLogger(__name__)
LENGTHS = (30, 40, 60)  # minutes: a primary school's period, a secondary school's, and two


def fit(activities: list, minutes: int) -> tuple[list, list, int]:
    """What a lesson plan keeps and drops to fit a period: `(kept, dropped, minutes over)`.

    Optional steps go, the last first.
    """
    kept, dropped = list(activities), []
    while sum(activity.minutes for activity in kept) > minutes:
        optional = [activity for activity in kept if activity.optional]
        if not optional:
            break
        kept.remove(optional[-1])
        dropped.insert(0, optional[-1])
    return kept, dropped, max(0, sum(activity.minutes for activity in kept) - minutes)


def open_session(classroom, lesson, *, quiz=None, dropped: Iterable[str] = (), minutes: int) -> ClassSession:
    """A running session of a lesson, with a code of its own."""
    version = without(current_version(quiz), set(dropped)) if quiz else None
    for _try in range(20):
        try:
            with transaction.atomic():
                return ClassSession.objects.create(
                    classroom=classroom, lesson=lesson.translation_key, version=version, minutes=minutes
                )
        except IntegrityError:  # another class has that code
            continue
    raise RuntimeError("no free code in twenty tries")


def items_of(session: ClassSession, language: str) -> list[Item]:
    """The items that a session asks, in a language; none where its lesson has no quiz."""
    return items_in(session.version_id, language) if session.version_id else []


def item_of(session: ClassSession, item_id: str, language: str) -> Item | None:
    return next((item for item in items_of(session, language) if item["id"] == item_id), None)


def how_many(session: ClassSession) -> tuple[int, int]:
    """How many are in, and how many of them have finished the quiz."""
    if not session.is_open:
        return session.joined, session.finished
    states = list(session.seats.values_list("attempt__state", flat=True))
    return len(states), states.count(State.SUBMITTED)


def reveal(session: ClassSession, item_id: str) -> Tally | None:
    """The counts of one item as the class may see them now and for good; None while too few have answered.

    They are taken once: whoever watches a bar grow by one knows whose answer it was. Later answers are not counted.
    """
    item = item_of(session, item_id, "en")
    if item is None:
        return None
    with transaction.atomic():
        held = ClassSession.objects.open().select_for_update().filter(id=session.id).first()
        known = session.tallies.filter(item=item_id, source=Source.SEATS).first()
        if known or held is None:
            return known
        counted = counts(item, responses_of(session).get(item_id, []))
        if counted.answered < tallies.TELLING:
            return None
        return Tally.objects.create(session=session, item=item_id, source=Source.SEATS, **vars(counted))


def responses_of(session: ClassSession) -> Mapping[str, list[Choices]]:
    """What the seats of a session have answered in the go that counts: `{item: [choices, ...]}`."""
    found = defaultdict(list)
    for item, choices in Response.objects.filter(attempt__seat__session=session).values_list("item", "choices"):
        found[item].append(choices)
    return found


def counts(item: Item, responses: Iterable[Choices]) -> tallies.Tally:
    """A tally of the responses that are whole; half of a pair or of an order is no answer yet."""
    return tallies.tally(item, [response for response in responses if is_whole(item, response)])


def is_whole(item: Item, response: Choices) -> bool:
    try:
        mark(item, response)
    except UnfinishedResponse:
        return False
    return True


def close(session: ClassSession) -> None:
    """Folds the answers into tallies and deletes every seat, all or nothing. Closing again changes nothing."""
    with transaction.atomic():
        held = ClassSession.objects.open().select_for_update().filter(id=session.id).first()
        if held:
            fold(held)
    session.refresh_from_db()
    scrub()


def fold(session: ClassSession) -> None:
    # Who saves just now comes first, and counts.
    list(Attempt.objects.select_for_update().filter(seat__session=session).values_list("id"))
    session.joined, session.finished = how_many(session)
    known = set(session.tallies.filter(source=Source.SEATS).values_list("item", flat=True))
    given = responses_of(session)
    for item in items_of(session, "en"):
        counted = counts(item, given.get(item["id"], []))
        if item["id"] not in known and (counted.answered or counted.skipped):
            Tally.objects.create(session=session, item=item["id"], source=Source.SEATS, **vars(counted))
    learners = list(session.seats.values_list("learner", flat=True))
    Seat.objects.filter(session=session).delete()
    Attempt.objects.filter(learner__in=learners).delete()  # of any quiz, with every response
    session.code, session.closed_at = None, timezone.now()
    session.save(update_fields=["code", "closed_at", "joined", "finished"])


def scrub() -> None:
    """Empties SQLite's write-ahead log, where what was deleted would stand until it is written over; after the commit.

    The database file itself holds nothing deleted: `secure_delete` in the settings writes zeros over it.
    """
    transaction.on_commit(empty_log)


def empty_log() -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy, _pages, _written = cursor.fetchone()
        if busy:
            logger.warning("somebody reads the write-ahead log: the next close, or close_sessions, empties it")


def close_if_overdue(session: ClassSession) -> bool:
    """Closes a session that has been open too long; says whether it is closed."""
    if session.is_overdue:
        close(session)
    return not session.is_open


def close_overdue() -> int:
    """Closes every session that has been open too long; says how many."""
    overdue = list(ClassSession.objects.overdue())
    for session in overdue:
        close(session)
    return len(overdue)


@receiver(pre_delete, sender=ClassSession)
def close_before_deletion(instance: ClassSession, **_kwargs) -> None:
    """Whatever deletes a session, a class or a teacher: nobody answers meanwhile, and no answer is left behind."""
    if instance.is_open:
        close(instance)
