"""What a school of classes costs, on both databases at full size: rows for the table of `tests.bench`.

The one "without" its protection has to fail; where it holds all the same, its cell says so.
"""

import asyncio
import random
import statistics
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path

from config.serve import WORKERS
from tests.bench_quiz import DATABASES, MISSED, fails, goal
from tests.endurance import Findings, crowded_site
from tests.school import (
    School,
    SchoolClass,
    close_all,
    close_meanwhile,
    findings,
    killed_while_closing,
    lesson,
    polling,
    screens,
)

SIZE = 40  # pupils of a class
JOINING = 60  # seconds in which all sit down
PAUSE = 15  # seconds from one answer to the next, on average
KILLS = 10
BEHIND = 1000  # sessions of the same class
MOST_QUERIES, MOST_SECONDS, MOST_OF_A_CORE = 10, 0.1, 0.05


def class_rows(*, number_of_classes: int):
    """Rows of `(measure, on SQLite, on PostgreSQL)`. A thousand pupils join in a minute, fewer in as much less time."""
    columns = [measured(database, number_of_classes) for database in DATABASES]
    for name in dict.fromkeys([*columns[0], *columns[1]]):
        yield name, columns[0].get(name, ""), columns[1].get(name, "")


def measured(database: str, number: int) -> dict[str, str]:
    """One column, at a whole site with its curriculum."""
    with tempfile.TemporaryDirectory() as folder, crowded_site(database, Path(folder), workers=int(WORKERS)) as site:
        site.prepare()
        school = School(site, number + 4 + KILLS + 1, SIZE, has_pages=True)
        site.serve()
        asyncio.run(screens(school.classes[:4], 2))  # the first requests of a worker read what later ones remember
        cells = {}
        for measure in (whole_lesson, meanwhile, killed, unprotected):
            start = time.monotonic()
            cells |= measure(school, number)
            print(f"{database}, {measure.__name__}: {time.monotonic() - start:.0f} s, {cells}", file=sys.stderr)
        return cells


def whole_lesson(school: School, number: int) -> dict[str, str]:
    """All join and answer; the screens ask on; all close; one teacher reads the results."""
    classes, pupils = school.take(number), number * SIZE
    seconds = JOINING * pupils / 1000
    numbers = asyncio.run(lesson(school, classes, seconds, PAUSE))
    answered = findings(school, classes, odd=numbers["odd"])
    screens_cost = asyncio.run(polling(school, classes, 60))
    closing = asyncio.run(close_all(school, classes))
    closed = findings(school, classes)
    school.has_pages = False  # what follows is about answers
    size = f"{number} classes of {SIZE}"
    saves = f"save p50 {numbers['save 0.5'] * 1000:.0f} ms, p95 {numbers['save 0.95'] * 1000:.0f} ms"
    seats = f"seat p95 {numbers['join 0.95'] * 1000:.0f} ms"
    return {
        f"{size} join in {seconds:.0f} s, 10 answers each (goal: 0 lost, 0 refused, p95 0.5 s a save)": (
            f"{seats}; {saves}; CPU {numbers['cpu'] * 1000:.0f} ms a pupil; "
            f"{goal(answered, also=numbers['save 0.95'] <= 0.5 and refused(answered) == 0)}"
        ),
        "closing them all (goal: each answer counted once, nothing left)": (
            f"p95 {closing['p95'] * 1000:.0f} ms; {goal(closed, also=closed.numbers['closed'] == number)}"
        ),
        f"{number} walls and {number} teachers' screens that ask (goal: {MOST_OF_A_CORE:.0%} of a core)": (
            f"{screens_cost['share']:.1%} for {screens_cost['a second']:.1f} requests a second, "
            f"{screens_cost['each'] * 1000:.1f} ms each{missed(screens_cost['share'] > MOST_OF_A_CORE)}"
        ),
        f"results, {BEHIND:,} sessions behind them (goal: {MOST_QUERIES} queries, {MOST_SECONDS * 1000:.0f} ms)": (
            results(school, classes[0])
        ),
    }


def refused(found: Findings) -> int:
    """Requests that were answered with anything but what a pupil needs; a broken connection is no answer yet."""
    return sum(count for status, count in found.statuses.items() if status not in (200, 302, "broken"))


def missed(is_missed: bool) -> str:
    return MISSED if is_missed else ""


def results(school: School, each: SchoolClass) -> str:
    key = each.teacher.line.cookies["s"]
    found = school.ledger(f"copy_session({each.id!r}, {key!r}, {BEHIND})")
    empty, cells = seconds(school, "POST", "/x/"), []
    for name, (address, queries) in zip(("the session", "the class"), found["pages"].items(), strict=True):
        page = seconds(school, "GET", address, Cookie=f"s={key}")
        verdict = missed(queries > MOST_QUERIES or page > MOST_SECONDS)
        cells.append(f"{name}: {queries} queries, {page * 1000:.0f} ms: {page / empty:.0f} empty views{verdict}")
    return "; ".join(cells)


def seconds(school: School, method: str, path: str, **headers: str) -> float:
    """How long an answer takes that nobody else waits for: the median of thirty."""
    connection, times = HTTPConnection("127.0.0.1", school.port, timeout=30), []
    for _ in range(30):
        start = time.perf_counter()
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        times.append(time.perf_counter() - start)
        if answer.status not in (200, 204):
            raise RuntimeError(f"{path}: {answer.status}")
    connection.close()
    return statistics.median(times)


def meanwhile(school: School, number: int) -> dict[str, str]:
    classes = school.take(4)
    found = asyncio.run(close_meanwhile(school, classes, 3))
    name = f"4 sessions closed while {4 * SIZE} answer without a pause (goal: all that was saved is counted)"
    return {name: f"{found.numbers['saved']:,} answers; {goal(found)}"}


def killed(school: School, number: int) -> dict[str, str]:
    """The server is killed at a random point of closing: the session is open with every answer, or closed with all."""
    classes = school.take(KILLS)
    for each in classes:
        school.site.serve()
        asyncio.run(killed_while_closing(school, each, random.uniform(0.003, 0.05)))
    found = findings(school, classes)
    closed = found.numbers["closed"]
    text = f"{closed} were closed, {KILLS - closed} were not; {goal(found)}"
    return {f"{KILLS} × `kill -9` while a session closes (goal: whole or not at all)": text}


def unprotected(school: School, number: int) -> dict[str, str]:
    school.site.serve("linger", "closing")
    classes = school.take(1)
    asyncio.run(killed_while_closing(school, classes[0], 2.5))
    return {"`kill -9` while a session closes without its transaction": fails(findings(school, classes))}
