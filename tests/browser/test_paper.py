"""What the browser's own Print gives: the page as it stands, and no answer that nobody opened."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.server]
WORKSHEET = "/en/student/s2/4/worksheet/"


def on_paper(page):
    page.emulate_media(media="print")
    return page


def test_answers_stay_shut_on_paper(open_page):
    page = on_paper(open_page(WORKSHEET))
    answers = page.locator(".answer-reveal")
    assert answers.count() > 3
    assert [answers.nth(number).is_visible() for number in range(answers.count())] == [False] * answers.count()
    assert page.locator(".sort-text").first.is_visible()


def test_an_answer_that_a_teacher_opened_is_printed(open_page):
    page = open_page(WORKSHEET)
    page.locator(".answer-reveal summary").first.click()
    on_paper(page)
    assert page.locator(".answer-reveal").first.locator("p").first.is_visible()
    assert page.locator(".answer-reveal").nth(1).is_hidden()


def test_a_pupil_who_prints_the_lesson_prints_no_response_and_no_notes_for_teachers(open_page):
    page = on_paper(open_page("/en/student/s2/4/"))
    for hidden in (".scenario .reveal > p", ".fold-body"):
        found = page.locator(hidden)
        assert found.count() > 0
        assert not any(found.nth(number).is_visible() for number in range(found.count()))
