"""Forty phones, one bell, one plug: what learners were promised is kept, on SQLite and on PostgreSQL.

Short versions of what `make bench` measures; those without a protection must fail, or the others prove nothing.
"""

import asyncio
import shutil
import sqlite3
import threading
import time
from http.client import HTTPConnection

import pytest

from tests.crowd import Crowd
from tests.endurance import bell, crowded_site, echoes, few_at_a_time, kills, two_tabs

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("crowd")]


@pytest.fixture(scope="module", params=["SQLite", "PostgreSQL"])
def crowd(request, tmp_path_factory, prepared):
    folder = tmp_path_factory.mktemp("crowd")
    if request.param == "SQLite":  # its tables are there already
        shutil.copy(prepared / "setuju.sqlite3", folder)
    with crowded_site(request.param, folder) as site:
        crowd = Crowd(site, 300)
        crowd.database = request.param
        yield crowd


@pytest.fixture
def on_sqlite(crowd):
    if crowd.database != "SQLite":
        pytest.skip("SQLite alone has one writer")


def test_sixty_submit_within_two_seconds(crowd):
    crowd.site.serve()
    found = asyncio.run(bell(crowd, 60, 2))
    assert found.held, found
    assert found.statuses == {200: 60}


def test_two_tabs_at_the_same_moment_keep_the_newest_answer(crowd):
    crowd.site.serve()
    found = asyncio.run(two_tabs(crowd, 30))
    assert found.held, found
    assert set(found.statuses) <= {200, 409}


def test_twenty_equal_requests_begin_and_submit_one_attempt(crowd):
    crowd.site.serve()
    found = asyncio.run(echoes(crowd, 2))
    assert found.held, found
    assert found.statuses == {200: 80}


def test_what_was_acknowledged_outlives_every_kill(crowd):
    crowd.site.serve()
    found = asyncio.run(kills(crowd, 5))
    assert found.held, found
    assert found.numbers["acknowledged"] > 10


def test_without_the_lock_two_tabs_fall_out(crowd):
    """On PostgreSQL the lock keeps them in line; on SQLite, that every transaction asks for its turn at once."""
    crowd.site.serve(*(["lock"] if crowd.database == "PostgreSQL" else ["immediate", "busy"]))
    found = asyncio.run(two_tabs(crowd, 30))
    assert found.statuses[200] > 60  # it is not that nothing worked
    assert found.account or any(asyncio.run(two_tabs(crowd, 30)).account for _ in range(2)), found


def test_answers_acknowledged_before_they_are_stored_are_lost(crowd):
    crowd.site.serve("commit")
    assert any(asyncio.run(kills(crowd, 2)).account.lost for _ in range(3))


@pytest.mark.usefixtures("on_sqlite")
def test_whoever_meets_a_busy_database_comes_back_and_loses_nothing(crowd):
    crowd.site.serve(busy_timeout=0.3)
    learners = crowd.take(40)
    asyncio.run(few_at_a_time(keep_line(learner) for learner in learners))
    crowd.forget()
    found = asyncio.run(while_locked(crowd, learners))
    assert crowd.statuses[503] >= crowd.site.workers * crowd.site.threads  # at least one for each thread
    assert set(crowd.codes) == {"busy"}
    assert not found, found


async def keep_line(learner):
    await learner.begin()
    learner.line.hang_up()


async def while_locked(crowd, learners):
    """All save an answer while somebody else holds the one right to write, for longer than the site waits."""
    other = sqlite3.connect(crowd.site.folder / "setuju.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    asyncio.get_running_loop().call_later(3, other.rollback)
    item = next(iter(crowd.items))
    await asyncio.gather(*(learner.save(item, crowd.choices(item)) for learner in learners))
    other.close()
    return crowd.account(learners)


@pytest.mark.usefixtures("on_sqlite")
def test_every_connection_of_every_worker_writes_to_the_disk_before_it_answers(crowd):
    crowd.site.serve("silence")
    seen, until = set(), time.monotonic() + 60

    def ask():
        while (
            len({process for process, _thread, _written in list(seen)}) < crowd.site.workers
            and time.monotonic() < until
        ):
            for _ in range(10):
                connection = HTTPConnection("127.0.0.1", crowd.port, timeout=30)
                connection.request("GET", "/ms/api/1/attempts/")
                seen.add(tuple(connection.getresponse().headers["X-Written"].split()))
                connection.close()

    threads = [threading.Thread(target=ask) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({process for process, _thread, _written in seen}) == crowd.site.workers
    assert {written for _process, _thread, written in seen} == {"2"}  # FULL


def test_without_its_constraint_one_learner_has_many_attempts(crowd):
    """The last of all: the constraint does not come back."""
    crowd.site.sql("DROP INDEX one_open_attempt")
    crowd.site.serve()
    assert any(asyncio.run(echoes(crowd, 4)).account.doubled for _ in range(8))
