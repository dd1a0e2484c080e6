import pytest
from django.test import Client

from tests.factories import TeacherFactory


@pytest.fixture
def teacher():
    return TeacherFactory()


@pytest.fixture
def desk(teacher):
    """The teacher's own browser, signed in."""
    browser = Client()
    browser.force_login(teacher)
    return browser
