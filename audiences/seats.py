"""A pupil's seat: taken with the code on the wall, known by a token that only the pupil's device holds."""

import hashlib
import random
import re
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac

from audiences import limits, pictures
from audiences.class_sessions import close_if_overdue
from audiences.models import ClassSession, Seat
from audiences.models.classes import CODE_LENGTH
from audiences.models.codes import LETTERS
from quizzes.models import Attempt

COOKIE = "seat"
SHAPE = re.compile(r"[0-9a-f]{32}\.[0-9a-f]{64}")
WRONG_TRIES = 10  # of one device, and then it waits
TRIES_A_CODE = 200  # refused ones, in a session that is locked or full: no class comes near it
WAIT = 10 * 60  # seconds
LARGEST = pictures.COUNT  # seats of one session


class NoSeat(Exception):
    """The code opens no seat now: wrong, closed, locked or full. A pupil is told no difference."""


class TooManyTries(Exception):
    """This device, or everybody with this code, tried too often."""


@dataclass(frozen=True)
class Taken:
    """A seat and what the device is to hold of it."""

    seat: Seat
    cookie: str


def take(code: str, device: str) -> Taken:
    """A seat in the open session of a code; the same one again for the same device. Raises `NoSeat`, `TooManyTries`.

    `device` is a secret of the browser's: two presses of a button, or a lost answer, do not take two seats.
    """
    code = "".join(code.split()).replace("-", "").upper()
    if limits.tried(wrong := f"wrong:{digest_of(device)}") >= WRONG_TRIES:
        raise TooManyTries
    session = ClassSession.objects.open().filter(code=code).first() if is_code(code) else None
    try:
        if session is None or close_if_overdue(session):
            raise NoSeat
        token = salted_hmac("audiences.seat", f"{session.id}{device}", algorithm="sha256").hexdigest()
        return Taken(admit(session, digest_of(token)), f"{session.id.hex}.{token}")
    except NoSeat:
        limits.count(wrong, WAIT)
        raise


def admit(session: ClassSession, digest: str) -> Seat:
    """Guesses are slowed by device and by code, never by address: forty share one. No lock waits for the counting."""
    refused = f"code:{session.id}"
    if limits.tried(refused) >= TRIES_A_CODE and not session.seats.filter(token=digest).exists():
        raise TooManyTries
    try:
        return sit(session.id, digest)
    except NoSeat:
        limits.count(refused, WAIT)
        raise


def is_code(text: str) -> bool:
    return len(text) == CODE_LENGTH and set(text) <= set(LETTERS)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def sit(session_id: UUID, digest: str) -> Seat:
    """The seat of a device's token, or a new one; pupils of one session come one after the other."""
    open_now = ClassSession.objects.open().annotate(quiz=F("version__quiz")).select_for_update(of=("self",))
    session = open_now.filter(id=session_id).first()
    if session is None:
        raise NoSeat
    if seated := session.seats.filter(token=digest).first():
        return seated
    taken = set(session.seats.values_list("picture", flat=True))
    if session.is_locked or len(taken) >= LARGEST:
        raise NoSeat
    seat = Seat(session=session, token=digest)
    seat.picture = random.choice([number for number in range(LARGEST) if number not in taken])  # noqa: S311 - no secret
    if session.version_id:
        seat.attempt = Attempt.objects.create(learner=seat.learner, quiz=session.quiz, version_id=session.version_id)
    seat.save()
    return seat


def seat_of(cookie: str) -> Seat | None:
    """The seat that a device holds, while its session runs."""
    if not SHAPE.fullmatch(cookie):
        return None
    digest = digest_of(cookie.partition(".")[2])
    seat = Seat.objects.select_related("session", "attempt").filter(token=digest).first()
    return None if seat is None or close_if_overdue(seat.session) else seat


def session_of(cookie: str) -> ClassSession | None:
    """The session that a device sat in, open or closed."""
    return ClassSession.objects.filter(id=UUID(cookie[:32])).first() if SHAPE.fullmatch(cookie) else None
