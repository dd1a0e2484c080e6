"""The quiz engine's measures, on both databases at full size: rows for the table of `tests.bench`.

Those "without" a protection have to fail; where one holds all the same, its cell says so.
"""

import asyncio
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

from config.serve import WORKERS
from tests.crowd import Crowd
from tests.endurance import Findings, bell, crowded_site, echoes, kills, pace, two_tabs

DATABASES = ("SQLite", "PostgreSQL")
SCHOOL = 1000  # learners
BACK_WITHIN = 5  # seconds
MISSED = " **goal missed**"


def quiz_rows(*, number_of_kills: int):
    """Rows of `(measure, on SQLite, on PostgreSQL)`."""
    with ExitStack() as stack:
        crowds = [stack.enter_context(crowd_on(database)) for database in DATABASES]
        kept = [protected(crowd) for crowd in crowds]
        found = asyncio.run(kill_both(crowds, number_of_kills))
        for cells, one in zip(kept, found, strict=True):
            cells[f"{number_of_kills} × `kill -9` (both sites at once, one worker each)"] = killed(one)
        broken = [unprotected(crowd) for crowd in crowds]
    for columns in (kept, broken):
        for name in dict.fromkeys([*columns[0], *columns[1]]):
            yield name, columns[0].get(name, ""), columns[1].get(name, "")


@contextmanager
def crowd_on(database: str):
    """Everybody signed in at a site of their own on one of the two databases."""
    with tempfile.TemporaryDirectory() as folder, crowded_site(database, Path(folder), workers=int(WORKERS)) as site:
        crowd = Crowd(site, 3 * SCHOOL + 1000)
        crowd.database = database
        yield crowd


def run(crowd: Crowd, measure) -> Findings:
    start = time.monotonic()
    found = asyncio.run(measure)
    print(f"{crowd.database}, {measure.__name__}: {time.monotonic() - start:.0f} s, {found}", file=sys.stderr)
    return found


def protected(crowd: Crowd) -> dict[str, str]:
    """What the site does as it is, all but the kills."""
    crowd.site.serve()
    asyncio.run(pace(crowd, 16, 1))  # the first requests of a worker read what later ones remember
    saves = run(crowd, pace(crowd, 8, 10)).numbers
    minute = run(crowd, bell(crowd, SCHOOL, 60))
    rush = run(crowd, bell(crowd, SCHOOL, 2))
    tabs = run(crowd, two_tabs(crowd, 300))
    echo = run(crowd, echoes(crowd, 10))
    crowd.site.stop()
    return {
        "answers saved a second, 8 learners": f"{saves['rate']:,.0f}; p95 {saves['p95'] * 1000:.0f} ms",
        "CPU per saved answer, database included": f"{saves['cpu'] * 1000:.1f} ms",
        f"{SCHOOL:,} submits in 60 s (goal: 0 lost, p95 0.5 s)": submits(minute, 0.5),
        f"{SCHOOL:,} submits in 2 s (goal: 0 lost, p95 5 s)": submits(rush, 5),
        "300 rounds of two tabs (goal: the newest kept, no 5xx)": goal(tabs),
        "20 equal requests at once, 10 × (goal: one attempt)": goal(echo),
    }


def goal(found: Findings, *, also: bool = True) -> str:
    return f"{found}{'' if found.held and also else MISSED}"


def submits(found: Findings, within: float) -> str:
    p50, p95, cpu = (found.numbers[name] for name in ("p50", "p95", "cpu"))
    verdict = goal(found, also=p95 <= within)
    return f"p50 {p50:.2f} s, p95 {p95:.2f} s, CPU {cpu * 1000:.0f} ms each; {verdict}"


async def kill_both(crowds: list[Crowd], number: int) -> list[Findings]:
    """With one worker each, the two sites start again side by side on two cores."""
    for crowd in crowds:
        crowd.site.workers = 1
        crowd.site.serve()
    found = await asyncio.gather(*(kills(crowd, number) for crowd in crowds))
    for crowd in crowds:
        crowd.site.stop()
        crowd.site.workers = int(WORKERS)
    return found


def killed(found: Findings) -> str:
    numbers = found.numbers
    verdict = goal(found, also=numbers["back"] <= BACK_WITHIN)
    back = f"back in {numbers['usually']:.1f} s, {numbers['back']:.1f} s at most"
    return f"{numbers['acknowledged']:,} answers acknowledged; {back}; {verdict}"


def unprotected(crowd: Crowd) -> dict[str, str]:
    """The same with its protection off. The constraint goes last: it does not come back."""
    cells = {}
    if crowd.database == "SQLite":
        crowd.site.serve("immediate", "busy")
        found = run(crowd, bell(crowd, SCHOOL, 2))
        cells[f"{SCHOOL:,} submits in 2 s, without IMMEDIATE and 503"] = fails(found)
        cells["two tabs, without IMMEDIATE and 503"] = fails(run(crowd, two_tabs(crowd, 100)))
    else:
        crowd.site.serve("lock")
        cells["two tabs, without the row lock"] = fails(run(crowd, two_tabs(crowd, 100)))
    crowd.site.serve("commit")
    cells["10 × `kill -9`, acknowledged before the commit"] = fails(run(crowd, kills(crowd, 10)))
    crowd.site.sql("DROP INDEX one_open_attempt")
    crowd.site.serve()
    cells["20 equal requests, without the constraint"] = fails(run(crowd, echoes(crowd, 10)))
    return cells


def fails(found: Findings) -> str:
    return f"{found}" + (" **held all the same**" if found.held else "")
