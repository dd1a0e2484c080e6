"""Two classes, one plug: what pupils were promised is counted, once, and then gone; on SQLite and on PostgreSQL.

Short versions of what `make bench` measures. Those without a protection must fail, or the others prove nothing.
"""

import asyncio
import shutil

import pytest

from tests.endurance import crowded_site
from tests.school import (
    School,
    close_all,
    close_meanwhile,
    findings,
    killed_while_closing,
    lesson,
)

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("classes")]


@pytest.fixture(scope="module", params=["SQLite", "PostgreSQL"])
def school(request, tmp_path_factory, prepared):
    folder = tmp_path_factory.mktemp("school")
    if request.param == "SQLite":  # its tables are there already
        shutil.copy(prepared / "setuju.sqlite3", folder)
    with crowded_site(request.param, folder) as site:
        yield School(site, classes=8, size=20)


def test_two_classes_join_answer_and_are_counted(school):
    school.site.serve()
    classes = school.take(2)
    numbers = asyncio.run(lesson(school, classes, 3))
    before = findings(school, classes)
    asyncio.run(close_all(school, classes))
    after = findings(school, classes)
    assert numbers["odd"] == 0
    assert before.held, before
    assert after.held, after
    assert set(after.statuses) == {200, 302}


def test_who_answers_while_the_teacher_closes_is_counted_or_told(school):
    school.site.serve()
    found = asyncio.run(close_meanwhile(school, school.take(2), 1))
    assert found.held, found
    assert set(found.statuses) <= {200, 302, 404, 410}
    assert found.numbers["saved"] > 100


def test_a_server_killed_in_the_middle_of_closing_has_closed_nothing(school):
    school.site.serve("linger")
    each = school.take(1)[0]
    asyncio.run(killed_while_closing(school, each, 2.5))
    found = findings(school, [each])
    assert found.held, found
    assert found.numbers["closed"] == 0
    school.site.serve()
    asyncio.run(each.close())
    assert findings(school, [each]).held


def test_without_its_transaction_a_session_is_closed_by_half(school):
    school.site.serve("linger", "closing")
    classes = school.take(1)
    asyncio.run(killed_while_closing(school, classes[0], 2.5))
    assert findings(school, classes).account.halved
