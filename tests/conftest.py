"""What the tests share: the curriculum in a test database, and a real site in real processes."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-tests")

import pytest
from django.core.management import call_command

from tests.site import RunningSite


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Every test that uses the database sees the whole curriculum, and changes it for itself alone."""
    with django_db_blocker.unblock():
        call_command("load_curriculum", verbosity=0)


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The production server with the whole curriculum, in processes and files of its own."""
    running = RunningSite(tmp_path_factory.mktemp("site"))
    running.prepare()
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    from tests.site import CHROMIUM, install_fonts

    install_fonts()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser, site):
    """Opens an address of the running site: `open_page("/ms/", width=360)`; closes it after the test."""
    contexts = []

    def opener(path, *, width=1280, height=800, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.problems = []
        page.on("console", lambda message: page.problems.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.goto(f"{site.url}{path}")
        return page

    yield opener
    for context in contexts:
        context.close()
