"""What the tests share: the curriculum in a test database, and a real site in real processes."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from tests.reading import crawl
from tests.site import LANGUAGES, RunningSite


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
def django_db_setup(django_db_setup, django_db_blocker):
    """Every test that uses the database sees the whole curriculum, and changes it for itself alone."""
    with django_db_blocker.unblock():
        call_command("load_curriculum", verbosity=0)


@pytest.fixture(scope="session")
def public_pages(django_db_setup, django_db_blocker):
    """Every page that a visitor can reach by links from the four home pages, by its address."""
    with django_db_blocker.unblock():
        return crawl([f"/{language}/" for language in LANGUAGES])


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The production server with the whole curriculum, in processes and files of its own."""
    running = RunningSite(tmp_path_factory.mktemp("site"))
    running.prepare()
    running.start()
    yield running
    running.stop()
