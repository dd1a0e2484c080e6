"""A quiz: marked on the server, feedback for every choice, nothing kept, nothing given away."""

import logging
import re

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import gettext

from quizzes.items import has_key
from quizzes.models import QuizPage
from tests.quizzes.answering import (
    all_feedback,
    answer,
    chosen,
    expected_feedback,
    fieldset,
    name,
    verdict,
)
from tests.reading import page_at, parse, words
from tests.site import LANGUAGES

pytestmark = pytest.mark.django_db
PATHS = ("student/s2/4", "student/s3/4", "caregiver/p/4")
KINDS = ("single-choice", "multiple-choice", "true-false", "order", "match", "scenario", "branching")
in_every_language = pytest.mark.parametrize("language", LANGUAGES)
of_every_quiz = pytest.mark.parametrize("path", PATHS)
of_every_kind = pytest.mark.parametrize("kind", KINDS)


def quiz_at(language, path):
    return page_at(f"/{language}/{path}/quiz/", QuizPage)


def item_of(kind, language):
    """A quiz with an item of that kind, and the item."""
    for path in PATHS:
        quiz = quiz_at(language, path)
        for item in quiz.item_list:
            if item["type"] == kind:
                return quiz, item
    raise LookupError(kind)


def tr(language, text):
    with translation.override(language):
        return gettext(text)


@in_every_language
@of_every_kind
class TestMarking:
    @pytest.mark.parametrize("right", [True, False], ids=["right", "not-quite"])
    def test_an_answer_gets_its_verdict_and_its_feedback(self, client, language, kind, right):
        quiz, item = item_of(kind, language)
        data = answer(item, parse(client.get(quiz.url)), right=right)

        response = client.post(quiz.url, {**data, "check": item["id"]})

        soup = parse(response)
        assert response.status_code == 200
        assert verdict(soup, item) == ("is-right" if right else "is-not-quite")
        text = words(fieldset(soup, item).select_one(".feedback"))
        assert tr(language, "Correct" if right else "Not quite") in text
        for sentence in expected_feedback(item, right=right):
            assert " ".join(sentence.split()) in text

    def test_only_the_checked_item_gets_feedback(self, client, language, kind):
        quiz, item = item_of(kind, language)
        page = parse(client.get(quiz.url))
        data = {}
        for each in quiz.item_list:
            data |= answer(each, page, right=False)

        soup = parse(client.post(quiz.url, {**data, "check": item["id"]}))

        others = [other for other in quiz.item_list if other["id"] != item["id"]]
        assert verdict(soup, item) == "is-not-quite"
        assert [other for other in others if verdict(soup, other)] == []
        assert all(chosen(soup, other) for other in others)
        text = words(soup)
        told = expected_feedback(item, right=False)
        assert [s for other in others for s in all_feedback(other) if s in text and s not in told] == []

    def test_skipping_is_fine_and_tells_nothing(self, client, language, kind):
        quiz, item = item_of(kind, language)
        data = answer(item, parse(client.get(quiz.url)), right=True)

        soup = parse(client.post(quiz.url, {**data, "skip": item["id"]}))

        assert verdict(soup, item) == "is-skipped"
        assert tr(language, "Skipped. That is fine.") in words(fieldset(soup, item))
        assert [sentence for sentence in all_feedback(item) if sentence in words(soup)] == []
        assert not chosen(soup, item)

    def test_checking_without_an_answer_asks_for_one(self, client, language, kind):
        quiz, item = item_of(kind, language)

        response = client.post(quiz.url, {"check": item["id"]})

        field = fieldset(parse(response), item)
        assert response.status_code < 500
        assert tr(language, "Choose an answer, or press Skip.") in words(field.select_one("[role=alert]"))
        assert field["aria-describedby"] == field.select_one("[role=alert]")["id"]
        assert not field.select_one(".feedback")

    def test_a_forged_choice_is_refused_and_the_other_answers_stay(self, client, language, kind):
        quiz, item = item_of(kind, language)
        page = parse(client.get(quiz.url))
        others = [other for other in quiz.item_list if other["id"] != item["id"]]
        data = {key: value for other in others for key, value in answer(other, page, right=False).items()}
        names = {field["name"] for field in fieldset(page, item).select("[name]:not(button)")}

        response = client.post(quiz.url, {**data, **dict.fromkeys(names, "forged"), "check": item["id"]})

        soup = parse(response)
        assert response.status_code == 400
        assert soup.html["lang"] == language
        message = tr(language, "That answer does not belong to this question. Choose one from the list.")
        assert message in words(fieldset(soup, item).select_one("[role=alert]"))
        assert verdict(soup, item) is None
        assert all(chosen(soup, other) for other in others)
        assert "forged" not in response.content.decode()


@pytest.mark.parametrize("kind", ["order", "match"])
@in_every_language
class TestRows:
    def test_an_unfinished_answer_is_asked_for_and_kept(self, client, language, kind):
        quiz, item = item_of(kind, language)
        data = answer(item, parse(client.get(quiz.url)), right=True)
        first = next(iter(data))

        soup = parse(client.post(quiz.url, {first: data[first], "check": item["id"]}))

        text = {"order": "Give every line its own number.", "match": "Choose a partner for every line."}[kind]
        assert tr(language, text) in words(fieldset(soup, item).select_one("[role=alert]"))
        assert chosen(soup, item) == {first: data[first]}
        assert verdict(soup, item) is None

    def test_the_values_offered_are_not_the_names_of_the_rows(self, client, language, kind):
        quiz, item = item_of(kind, language)

        selects = fieldset(parse(client.get(quiz.url)), item).select("select")

        rows = {select["name"].removeprefix(f"{name(item)}-") for select in selects}
        values = [option["value"] for option in selects[0].select("option") if option["value"]]
        assert len(rows) == len(values) == len(selects)
        assert not rows & set(values)
        for select in selects:
            assert [option["value"] for option in select.select("option") if option["value"]] == values


def test_one_number_for_two_lines_is_asked_for_again(client):
    quiz, item = item_of("order", "en")
    data = {name(item, entry): "1" for entry in item["entries"]}

    soup = parse(client.post(quiz.url, {**data, "check": item["id"]}))

    assert "Give every line its own number." in words(fieldset(soup, item))


def test_the_name_of_a_row_is_not_taken_for_its_partner(client):
    quiz, item = item_of("match", "en")
    data = {name(item, pair): pair["id"] for pair in item["pairs"]}

    response = client.post(quiz.url, {**data, "check": item["id"]})

    assert verdict(parse(response), item) is None
    assert response.status_code == 400


def test_one_partner_for_every_line_is_never_right(client):
    quiz, item = item_of("match", "en")
    data = answer(item, parse(client.get(quiz.url)), right=True)

    response = client.post(quiz.url, {**dict.fromkeys(data, next(iter(data.values()))), "check": item["id"]})

    assert verdict(parse(response), item) != "is-right"


@pytest.mark.parametrize("kind", ["order", "match"])
def test_the_order_on_the_page_comes_from_the_sites_key_and_not_from_the_answer(client, settings, kind):
    quiz, item = item_of(kind, "en")
    seen = set()
    for key in range(12):
        settings.SECRET_KEY = f"another site {key}"
        field = fieldset(parse(client.get(quiz.url)), item)
        rows = [option.get_text() for option in field.select_one("select").select("option") if option["value"]]
        seen.add(tuple(label.get_text() for label in field.select("label")) if kind == "order" else tuple(rows))

    assert len(seen) >= 3


class TestWholeQuiz:
    @in_every_language
    @of_every_quiz
    def test_all_at_once_gives_feedback_on_all(self, client, language, path):
        quiz = quiz_at(language, path)
        page = parse(client.get(quiz.url))
        data = {}
        for item in quiz.item_list:
            data |= answer(item, page, right=True)

        soup = parse(client.post(quiz.url, {**data, "check": "all"}))

        for item in quiz.item_list:
            assert verdict(soup, item) == ("is-right" if has_key(item) else "is-noted")
        assert not soup.select_one("#quiz-end").has_attr("hidden")

    def test_what_was_left_out_counts_as_skipped(self, client):
        quiz = quiz_at("en", "student/s2/4")

        soup = parse(client.post(quiz.url, {"check": "all"}))

        assert {verdict(soup, item) for item in quiz.item_list} == {"is-skipped"}

    def test_the_end_is_hidden_until_every_item_was_seen(self, client):
        quiz, item = item_of("true-false", "en")
        assert parse(client.get(quiz.url)).select_one("#quiz-end").has_attr("hidden")

        soup = parse(client.post(quiz.url, {name(item): "true", "check": item["id"]}))

        assert soup.select_one("#quiz-end").has_attr("hidden")

    def test_feedback_seen_before_stays_while_going_on(self, client):
        quiz, item = item_of("true-false", "en")
        first = {name(item): item["right"], "check": item["id"]}
        seen = parse(client.post(quiz.url, first)).select_one('input[name="seen"]')["value"]
        other = next(each for each in quiz.item_list if each["type"] == "single-choice")

        soup = parse(client.post(quiz.url, {**first, "seen": seen, "check": "", "skip": other["id"]}))

        assert verdict(soup, item) == "is-right"
        assert verdict(soup, other) == "is-skipped"

    def test_a_lesson_leads_to_it_and_it_leads_back(self, client):
        soup = parse(client.get("/ta/caregiver/p/4/quiz/"))

        assert soup.select_one('#quiz-end a[href="/ta/caregiver/p/4/"]')
        assert soup.select_one('nav.trail a[href="/ta/caregiver/p/4/"]')


@in_every_language
@of_every_quiz
class TestBeforeChecking:
    def test_no_feedback_and_no_rationale_is_in_the_page(self, public_pages, language, path):
        quiz = quiz_at(language, path)
        html = public_pages[quiz.url].html
        text = words(html)

        assert all(item["prompt"] in text for item in quiz.item_list)
        secrets = [" ".join(sentence.split()) for item in quiz.item_list for sentence in all_feedback(item)]
        assert len(secrets) > 2 * len(quiz.item_list)
        assert [secret for secret in secrets if secret in text or secret in html] == []

    def test_nothing_tells_a_right_choice_from_another(self, public_pages, language, path):
        quiz = quiz_at(language, path)
        soup = public_pages[quiz.url].soup

        for box in soup.select("fieldset input"):
            assert set(box.attrs) - {"data-next"} == {"type", "name", "value"}  # a story says where it goes on
            assert set(box.parent.attrs) == {"class"}
            assert box.parent["class"] == ["choice-label"]
        for option in soup.select("fieldset option"):
            assert set(option.attrs) == {"value"}

    def test_ids_and_choices_are_the_same_in_every_language(self, public_pages, language, path):
        def shape(soup):
            return [
                (field.get("type"), field["name"], field.get("value"), [o["value"] for o in field.select("option")])
                for field in soup.select("fieldset [name]")
            ]

        here = shape(public_pages[f"/{language}/{path}/quiz/"].soup)

        assert here == shape(public_pages[f"/en/{path}/quiz/"].soup)
        assert len(here) > 20

    def test_an_answer_in_one_language_is_the_same_in_another(self, client, language, path):
        english, quiz = quiz_at("en", path), quiz_at(language, path)
        page = parse(client.get(english.url))
        data = {}
        for item in english.item_list:
            data |= answer(item, page, right=True)

        soup = parse(client.post(quiz.url, {**data, "check": "all"}))

        for item in quiz.item_list:
            assert verdict(soup, item) == ("is-right" if has_key(item) else "is-noted")


def test_no_two_items_share_an_id():
    ids = [item["id"] for path in PATHS for item in quiz_at("en", path).item_list]

    assert len(ids) == len(set(ids))


@in_every_language
class TestBadPosts:
    """Each is answered by a page in the reader's language, with a message, and never by a 500."""

    ADDRESS = "student/s2/4/quiz/"

    def refused(self, response, language, status):
        soup = parse(response)
        assert response.status_code == status
        assert soup.html["lang"] == language
        assert len(soup.select("h1")) == 1
        assert soup.select_one(f'a[href="/{language}/help/"]')
        return words(soup)

    def test_an_item_of_another_quiz(self, client, language):
        foreign = quiz_at(language, "student/s3/4").item_list[0]

        response = client.post(f"/{language}/{self.ADDRESS}", {name(foreign): "x", "check": foreign["id"]})

        message = "One of these answers belongs to another quiz. Please start again here."
        assert tr(language, message) in self.refused(response, language, 422)

    def test_a_choice_of_another_quiz(self, client, language):
        _quiz, item = item_of("single-choice", language)
        foreign = next(each for each in quiz_at(language, "student/s3/4").item_list if "choices" in each)

        data = {name(item): foreign["choices"][0]["id"], "check": item["id"]}
        response = client.post(f"/{language}/{self.ADDRESS}", data)

        message = "That answer does not belong to this question. Choose one from the list."
        assert tr(language, message) in self.refused(response, language, 400)

    def test_a_megabyte_of_text(self, client, language):
        _quiz, item = item_of("single-choice", language)

        response = client.post(f"/{language}/{self.ADDRESS}", {name(item): "a" * 1_000_000, "check": item["id"]})

        text = self.refused(response, language, 413)
        assert tr(language, "That was too much text. Choose from the answers on this page.") in text
        assert "aaaaaaaaaa" not in text

    def test_more_text_than_the_site_ever_reads(self, client, language):
        response = client.post(f"/{language}/{self.ADDRESS}", {"note": "a" * 6_000_000})

        assert tr(language, "We could not read that") in self.refused(response, language, 400)

    def test_too_many_fields(self, client, language):
        response = client.post(f"/{language}/{self.ADDRESS}", {f"field-{n}": "x" for n in range(1001)})

        assert tr(language, "We could not read that") in self.refused(response, language, 400)

    def test_too_many_files(self, client, language):
        body = "".join(
            f'--b\r\nContent-Disposition: form-data; name="f{n}"; filename="f"\r\n\r\nx\r\n' for n in range(101)
        )

        response = client.post(
            f"/{language}/{self.ADDRESS}", f"{body}--b--\r\n", content_type="multipart/form-data; boundary=b"
        )

        assert tr(language, "We could not read that") in self.refused(response, language, 400)

    @pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary=é"])
    def test_a_broken_multipart_body(self, client, language, content_type):
        response = client.post(f"/{language}/{self.ADDRESS}", b"--x\r\nnonsense", content_type=content_type)

        assert tr(language, "We could not read that") in self.refused(response, language, 400)

    def test_a_body_in_an_unknown_encoding(self, client, language):
        kind = "application/x-www-form-urlencoded; charset=koi8-r"

        response = client.post(f"/{language}/{self.ADDRESS}", b"check=all", content_type=kind)

        assert tr(language, "We could not read that") in self.refused(response, language, 400)

    @pytest.mark.parametrize("value", ["\x00", "💥" * 50, "<script>alert(1)</script>", "../../etc/passwd", "-1", "0"])
    def test_a_strange_value(self, client, language, value):
        _quiz, item = item_of("order", language)
        data = {name(item, entry): value for entry in item["entries"]}

        response = client.post(f"/{language}/{self.ADDRESS}", {**data, "check": item["id"]})

        assert parse(response).html["lang"] == language
        assert response.status_code == 400
        assert b"<script>alert" not in response.content

    @pytest.mark.parametrize("data", [{"check": "nonsense"}, {"skip": "nonsense"}, {"seen": "nonsense", "check": "x"}])
    def test_a_button_that_is_not_there(self, client, language, data):
        response = client.post(f"/{language}/{self.ADDRESS}", data)

        assert response.status_code < 500
        assert not parse(response).select(".feedback")


class TestNothingIsKept:
    def test_reading_and_answering_write_nothing(self, client):
        quiz = quiz_at("ms", "student/s3/4")
        data = {}
        with CaptureQueriesContext(connection) as queries:
            page = parse(client.get(quiz.url))
            for item in quiz.item_list:
                data |= answer(item, page, right=False)
                client.post(quiz.url, {**data, "check": item["id"]})
            client.post(quiz.url, {**data, "check": "all"})

        written = [query["sql"] for query in queries if re.match(r"\s*(INSERT|UPDATE|DELETE|REPLACE)", query["sql"])]
        assert len(queries) > 10
        assert written == []
        assert Session.objects.count() == 0

    @in_every_language
    @of_every_quiz
    def test_the_only_cookie_is_the_one_against_forged_forms(self, language, path):
        client = Client()
        url = f"/{language}/{path}/quiz/"

        client.get(url)
        client.post(url, {"check": "all"})

        assert list(client.cookies) == ["c"]
        assert client.cookies["c"]["httponly"]
        assert client.cookies["c"]["samesite"] == "Lax"
        assert not client.cookies["c"]["max-age"]

    def test_no_browser_fills_in_what_the_last_reader_chose(self, public_pages):
        assert public_pages["/en/student/s2/4/quiz/"].soup.select_one("form#quiz")["autocomplete"] == "off"

    def test_no_browser_or_proxy_keeps_an_answer(self, client):
        url = "/en/student/s2/4/quiz/"

        for response in (client.get(url), client.post(url, {"check": "all"})):
            assert "no-store" in response.headers["Cache-Control"]
            assert "private" in response.headers["Cache-Control"]

    def test_no_log_holds_an_answer(self, client, caplog):
        caplog.set_level(logging.DEBUG)
        _quiz, item = item_of("single-choice", "en")

        client.post("/en/student/s2/4/quiz/", {name(item): "canary-forged", "check": item["id"]})
        client.post("/en/student/s2/4/quiz/", {f"canary-{n}": "canary" for n in range(1001)})
        client.post("/en/student/s2/4/quiz/", {"note": "canary" * 200_000})

        assert "canary" not in caplog.text


def test_the_quiz_of_an_unpublished_lesson_is_not_there(client):
    page_at("/en/student/s2/4/").unpublish()

    assert client.get("/en/student/s2/4/quiz/").status_code == 404
    assert client.post("/en/student/s2/4/quiz/", {"check": "all"}).status_code == 404


def test_markup_in_an_item_is_shown_and_not_run(client):
    quiz = quiz_at("en", "student/s2/4")
    item = quiz.items[0]
    item.value["prompt"] = "<script>alert(1)</script>"
    quiz.save()

    html = client.get(quiz.url).content.decode()

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_it_costs_few_queries(client, django_assert_max_num_queries):
    client.get("/en/student/s2/4/quiz/")

    with django_assert_max_num_queries(12):
        client.get("/en/student/s2/4/quiz/")
