"""The site on SQLite and on PostgreSQL, with nothing changed but `DATABASE_URL`."""

import json
import re
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.postgresql import Cluster
from tests.site import LANGUAGES, ROOT, RunningSite

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("databases")]  # one worker: the databases are made once
HEALTH = """
from collections import Counter
from wagtail.models import Page
from curriculum.models import LessonPage
assert not any(Page.find_problems()), Page.find_problems()
places = Counter(LessonPage.objects.values_list("translation_key", "locale__language_code"))
print(len(places), max(places.values()))
"""


EDITING = """
import json
from django.test import Client
from curriculum.models import LessonPage
from tests.factories import EditorFactory
editor = Client(SERVER_NAME="127.0.0.1")
editor.force_login(EditorFactory(), backend="allauth.account.auth_backends.AuthenticationBackend")
lesson = LessonPage.objects.get(url_path="/ta/student/s3/4/")
found = editor.get("/admin/pages/search/", {"q": "Deepfakes"})
places = ["", "edit/", "history/", "usage/", "move/", "copy/"]
pages = [editor.get(f"/admin/pages/{lesson.pk}/{place}") for place in places]
lists = [editor.get(f"/admin/{place}") for place in ("", "reports/site-history/", "images/", "reports/locked/")]
closed = [page.request["PATH_INFO"] for page in pages + lists if page.status_code != 200]
print(json.dumps({"found": "Deepfakes" in found.content.decode(), "closed": closed}))
"""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request, tmp_path_factory):
    """A migrated site on one of the two databases, its curriculum loaded twice at the same time."""
    folder = tmp_path_factory.mktemp(request.param)
    cluster = Cluster() if request.param == "postgresql" else None
    if cluster:
        cluster.start()
    site = RunningSite(folder / "site", database_url=cluster.url if cluster else "")
    site.cluster = cluster
    site.folder.mkdir()
    site.manage("migrate", "-v0")
    site.manage("collectstatic", "--noinput", "-v0")
    site.loads = [
        subprocess.Popen(
            [sys.executable, "manage.py", "load_curriculum", "-v0"],
            cwd=ROOT, env=site.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    for load in site.loads:
        load.output, load.errors = load.communicate(timeout=300)
    yield site
    if cluster:
        cluster.stop()


def test_two_loads_at_once_leave_one_curriculum(database):
    outcomes = [load.returncode for load in database.loads]
    assert 0 in outcomes, [load.errors[-500:] for load in database.loads]
    assert database.manage("shell", "-v0", "-c", HEALTH).stdout.split() == ["12", "1"]


def test_a_load_that_meets_another_says_so_in_one_line(database):
    for load in database.loads:
        assert "Traceback" not in load.errors
        assert load.returncode == 0 or "Another load" in load.errors


def test_loading_again_changes_nothing(database):
    assert database.manage("load_curriculum", "-v0").stdout.strip().endswith("55 unchanged.")


def test_lessons_and_quizzes_are_served_in_four_languages(database):
    database.start()
    try:
        for language in LANGUAGES:
            for page in ("", "quiz/", "slides/", "print/worksheet/"):
                address = f"{database.url}/{language}/student/s3/4/{page}"
                with urllib.request.urlopen(address, timeout=60) as answer:
                    assert answer.status == 200, address
            assert feedback_of(f"{database.url}/{language}/student/s3/4/quiz/") == 10
    finally:
        database.stop()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_database_that_was_restarted_is_noticed_by_nobody(database):
    def joined(_number):
        with urllib.request.urlopen(f"{database.url}/ta/join/", timeout=60) as answer:
            return answer.status

    database.start()
    try:
        with ThreadPoolExecutor(8) as visitors:
            assert set(visitors.map(joined, range(32))) == {200}
            database.cluster.restart()
            assert set(visitors.map(joined, range(32))) == {200}
    finally:
        database.stop()


def test_editors_find_and_open_pages(database):
    printed = database.manage("shell", "-v0", input=EDITING).stdout.strip().splitlines()[-1]
    assert json.loads(printed) == {"found": True, "closed": []}


def feedback_of(address) -> int:
    """Posts a quiz as a visitor's browser does, everything skipped; how many items answer."""
    visitor = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    page = visitor.open(address, timeout=60).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    posted = urlencode({"csrfmiddlewaretoken": token, "check": "all"}).encode()
    with visitor.open(address, data=posted, timeout=60) as answer:
        return answer.read().decode().count('class="feedback ')


def test_sqlite_waits_in_line_and_survives_a_power_cut(tmp_path):
    site = RunningSite(tmp_path)
    site.manage("migrate", "-v0", "contenttypes")
    code = "from django.db import connection as c; x = c.cursor(); print(c.transaction_mode, "
    code += "*[x.execute(f'PRAGMA {name}').fetchone()[0] for name in ('journal_mode', 'synchronous')])"
    assert site.manage("shell", "-v0", "-c", code).stdout.split() == ["IMMEDIATE", "wal", "2"]
    assert Path(site.folder, "setuju.sqlite3").exists()
