"""A real Chromium for each module, on one running site; every page is watched for errors and for other hosts."""

import pytest

from tests.browser.watching import watch
from tests.site import launched_browser


@pytest.fixture(scope="module")
def browser():
    """For a module, not for the session: while Playwright runs, Django refuses its database to the whole process."""
    with launched_browser() as launched:
        yield launched


@pytest.fixture
def new_context(browser):
    """Makes browser contexts, each with cookies and storage of its own; closes them after the test."""
    contexts = []

    def maker(*, width=1280, height=800, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(30_000)
        contexts.append(context)
        return context

    yield maker
    for context in contexts:
        context.close()


@pytest.fixture
def open_page(new_context, site):
    """Opens an address of the running site in a context of its own: `open_page("/ms/", width=360)`."""

    def opener(path, **options):
        page = watch(new_context(**options).new_page())
        page.goto(f"{site.url}{path}")
        return page

    return opener
