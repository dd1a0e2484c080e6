"""The site's settings with one protection or another taken away: a measure that holds all the same proves nothing.

`UNPROTECTED` names what goes, `BUSY_TIMEOUT` how many seconds SQLite waits for its turn. For tests and the bench only.
"""

import os
import queue
import threading
import time
from contextlib import nullcontext, suppress
from types import SimpleNamespace

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from config.settings import *  # noqa: F403
from config.settings import DATABASES, MIDDLEWARE

LINGERING = 5  # seconds
REMOVED = os.environ.get("UNPROTECTED", "").split()
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"]["timeout"] = float(os.environ.get("BUSY_TIMEOUT", "20"))
    if "immediate" in REMOVED:
        DATABASES["default"]["OPTIONS"]["transaction_mode"] = "DEFERRED"
if "busy" in REMOVED:
    MIDDLEWARE.remove("config.middleware.BusyDatabase")
MIDDLEWARE.append("tests.unprotected.weaken")


def weaken(get_response):
    """Takes away what is not a setting, as soon as the models are there; answers as if nothing had happened."""
    from audiences import class_sessions
    from quizzes import taking

    if "lock" in REMOVED:
        taking.locked = lambda learner, attempt: taking.Attempt.objects.by(learner).get(id=attempt)
    if "commit" in REMOVED:
        taking.save = acknowledged_early(taking.save)
    if "linger" in REMOVED:
        class_sessions.timezone = SimpleNamespace(now=late)
    if "closing" in REMOVED:
        class_sessions.transaction = SimpleNamespace(atomic=nullcontext, on_commit=lambda act: act())
        QuerySet.select_for_update = lambda queryset, **_: queryset  # PostgreSQL holds no row without a transaction
    return telling(get_response) if "silence" in REMOVED else get_response


def late():
    """The time, in a while: a session that is about to close stands still before its last step."""
    time.sleep(LINGERING)
    return timezone.now()


def telling(get_response):
    """Each answer says which process and thread gave it, and how its SQLite connection writes to the disk."""

    def middleware(request):
        response = get_response(request)
        with connection.cursor() as cursor:
            written = cursor.execute("PRAGMA synchronous").fetchone()[0]
        response.headers["X-Written"] = f"{os.getpid()} {threading.get_ident()} {written}"
        return response

    return middleware


def acknowledged_early(save):
    """Says that an answer is stored, and stores it a little later."""
    from quizzes.taking import Saved

    waiting: queue.Queue = queue.Queue()

    def store_later():
        while True:
            arguments = waiting.get()
            time.sleep(0.1)
            with suppress(Exception):
                save(*arguments)

    def save_early(learner, attempt, answer, *, checking=False):
        waiting.put((learner, attempt, answer))
        return Saved(answer.item, answer.choices, answer.sequence, checked=checking, stale=False)

    threading.Thread(target=store_later, daemon=True).start()
    return save_early
