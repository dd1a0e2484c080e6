"""What the tests share: the curriculum in a test database, and a real site in real processes."""

import fcntl
import os
import re
import shutil
import sqlite3
from contextlib import closing
from functools import cache

import hypothesis
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import override_settings
from xdist.scheduler import LoadScopeScheduling

from tests.reading import crawl
from tests.site import LANGUAGES, ROOT, RunningSite

hypothesis.settings.register_profile("unhurried", deadline=None)  # a busy machine is no fault
hypothesis.settings.load_profile("unhurried")

GROUP = re.compile(r'xdist_group\("(.+?)"\)')


class Groups(LoadScopeScheduling):
    """Sends the modules of a group to one worker: `--dist loadgroup`, which xdist 3.8 cannot do with pytest 9.2."""

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        return group_of(ROOT / module) or nodeid


@cache
def group_of(module):
    marked = GROUP.search(module.read_text())
    return marked and marked[1]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return Groups(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.fixture(scope="session", autouse=True)
def own_files(tmp_path_factory):
    """Tests write to folders of their own, and pages name static files plainly: nothing has to be collected."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "static").mkdir()
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        STORAGES={**settings.STORAGES, "staticfiles": static},
        CACHES={
            "default": {**settings.CACHES["default"], "LOCATION": folder / "cache"},
            # What a test changes is rolled back behind the cache's back: only its own tests switch it on.
            "pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
        },
        STATIC_ROOT=folder / "static",
        MEDIA_ROOT=folder / "media",
        PRINTABLES_ROOT=folder / "printables",
    ):
        yield


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    """The folder of a site that is made once for all workers: whoever comes second waits for the first. Copy it."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    master = base / "prepared"
    with (base / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (master / "ready").exists():
            shutil.rmtree(master, ignore_errors=True)
            master.mkdir()
            RunningSite(master).prepare()
            (master / "ready").touch()
    return master


@pytest.fixture(scope="session")
def django_db_use_migrations():
    """Tables and rows are copied from the prepared site, where migrations made them."""
    return False


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, prepared):
    """Every test that uses the database sees the whole curriculum, and changes it for itself alone."""
    with django_db_blocker.unblock():
        connection.ensure_connection()
        # Nobody writes to the prepared file: read without a log, another worker copies the folder meanwhile.
        with closing(sqlite3.connect(f"{(prepared / 'setuju.sqlite3').as_uri()}?immutable=1", uri=True)) as file:
            file.backup(connection.connection)
        ContentType.objects.clear_cache()
        get_user_model().objects.all().delete()


@pytest.fixture(scope="session")
def public_pages(django_db_setup, django_db_blocker):
    """Every page that a visitor can reach by links from the four home pages, by its address."""
    with django_db_blocker.unblock():
        return crawl([f"/{language}/" for language in LANGUAGES])


@pytest.fixture(scope="session")
def site(tmp_path_factory, prepared):
    """The production server with the whole curriculum, in processes and files of its own."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(prepared, folder, dirs_exist_ok=True)
    running = RunningSite(folder)
    running.start()
    yield running
    running.stop()
