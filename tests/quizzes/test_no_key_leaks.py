"""No answer key reaches a browser before it should: not as words, not as an order, not as a single byte."""

import html
import json
import re

import pytest

from quizzes.blocks import QuizBlocks
from quizzes.models import Attempt
from tests.quizzes.answering import all_feedback, expected_feedback, fieldset, posted, sent, verdict
from tests.quizzes.items import every_item, id_of, quiz_in_every_language, republish
from tests.quizzes.learners import Learner
from tests.quizzes.test_quiz_page import PATHS, quiz_at
from tests.reading import parse, words
from tests.site import LANGUAGES

pytestmark = pytest.mark.django_db
in_every_language = pytest.mark.parametrize("language", LANGUAGES)
in_both_modes = pytest.mark.parametrize("mode", ["each", "end"])


def plain(text):
    return " ".join(text.split())


def secrets(items):
    """Every sentence that stands for a right answer, a wrong one, or why it is asked."""
    return sorted({plain(sentence) for item in items for sentence in all_feedback(item)})


def told(answer, items):
    """The secrets in an answer of the server, as they stand there or escaped; and the names of the key's fields."""
    body = answer.content.decode()
    texts = {plain(body), plain(html.unescape(body))}
    if answer.headers["Content-Type"] == "application/json":
        texts.add(plain(html.unescape(json.dumps(answer.json(), ensure_ascii=False))))
    return [secret for secret in secrets(items) if any(secret in text for text in texts)]


def again(items):
    """The items as they are asked the second time, or the only one."""
    return [item for item in items if item.get("moment") != "before"]


@in_every_language
@pytest.mark.parametrize("path", PATHS)
class TestShippedQuizzes:
    def test_a_visitor_reads_nothing_of_the_key(self, client, language, path):
        quiz = quiz_at(language, path)

        assert told(client.get(quiz.url), quiz.item_list) == []

    def test_a_learner_who_answered_everything_and_checked_nothing_does_not_either(self, language, path):
        quiz, learner = quiz_at(language, path), Learner()
        data = {}
        for item in quiz.item_list:
            data |= posted(item, right=True)
        learner.post(quiz, data)

        assert Attempt.objects.get(learner=learner.id).responses.count() == len(quiz.item_list)
        assert told(learner.client.get(quiz.url), quiz.item_list) == []


@in_every_language
@in_both_modes
class TestEveryType:
    def test_no_answer_before_the_check_tells_anything(self, language, mode):
        quiz, learner = quiz_in_every_language(feedback_after=mode)[language], Learner()
        items = quiz.item_list

        answers = [learner.client.get(quiz.url), learner.begin(quiz)]
        attempt = answers[-1].json()["attempt"]
        for number, item in enumerate(items, 1):
            answers.append(learner.save(attempt, item, sent(item, right=number % 2 == 0), language=language))
            answers.append(learner.save(attempt, item, "forged", 2, language=language))
            answers.append(learner.save(attempt, item, "", 3, check=True, language=language))
        answers += [learner.client.get(quiz.url), learner.api("GET", f"attempts/{attempt}/", language=language)]

        assert [secret for answer in answers for secret in told(answer, items)] == []
        for answer in answers:
            assert not re.search(r'"(right|feedback|rationale|verdict)"', answer.content.decode())

    def test_a_visitor_reads_nothing_either(self, client, language, mode):
        quiz = quiz_in_every_language(feedback_after=mode)[language]

        answers = [client.get(quiz.url), client.post(quiz.url, {"skip": quiz.item_list[-1]["id"]})]

        assert [secret for answer in answers for secret in told(answer, quiz.item_list)] == []


@in_every_language
class TestAfterOneCheck:
    def test_a_learner_is_told_of_that_item_alone(self, language):
        quiz, learner = quiz_in_every_language()[language], Learner()
        seen = []
        for item in again(quiz.item_list):
            learner.post(quiz, posted(item, right=False), check=item["id"])
            seen += expected_feedback(item, right=False)

            answer = learner.client.get(quiz.url)

            assert set(told(answer, quiz.item_list)) == {plain(sentence) for sentence in seen}

    def test_a_visitor_is_told_of_that_item_alone(self, client, language):
        quiz = quiz_in_every_language()[language]
        data = {}
        for item in quiz.item_list:
            data |= posted(item, right=False)

        for item in again(quiz.item_list):
            answer = client.post(quiz.url, data | {"check": item["id"]})

            assert set(told(answer, quiz.item_list)) == {plain(s) for s in expected_feedback(item, right=False)}

    def test_the_first_of_two_times_tells_nothing_however_it_is_asked(self, client, language):
        quiz, learner = quiz_in_every_language()[language], Learner()
        attempt = learner.begin(quiz).json()["attempt"]
        for item in quiz.item_list:
            if item.get("moment") == "before":
                answers = [
                    learner.save(attempt, item, sent(item, right=True), check=True, language=language),
                    learner.client.get(quiz.url),
                    client.post(quiz.url, posted(item, right=True) | {"check": item["id"]}),
                ]
                assert [secret for answer in answers for secret in told(answer, quiz.item_list)] == []
                assert verdict(parse(answers[-1]), item) in ("is-noted", None)


def test_with_feedback_at_the_end_it_comes_with_the_submission_and_not_before():
    quiz, learner = quiz_in_every_language(feedback_after="end")["en"], Learner()
    data = {}
    for item in quiz.item_list:
        data |= posted(item, right=False)

    for item in again(quiz.item_list):
        assert told(learner.post(quiz, data, check=item["id"]), quiz.item_list) == []
    learner.post(quiz, data, finish="1")

    expected = [sentence for item in again(quiz.item_list) for sentence in expected_feedback(item, right=False)]
    assert set(told(learner.client.get(quiz.url), quiz.item_list)) == {plain(sentence) for sentence in expected}


def test_the_rationale_is_for_teachers_and_never_in_a_quiz():
    quiz, learner = quiz_in_every_language()["en"], Learner()
    learner.post(quiz, finish="1")

    text = words(learner.page(quiz))
    assert [item["rationale"] for item in quiz.item_list if item["rationale"] in text] == []


def test_a_row_and_its_partner_have_no_name_in_common(client):
    quiz = quiz_in_every_language()["en"]
    page = parse(client.get(quiz.url))
    item = next(item for item in quiz.item_list if item["type"] == "match")

    selects = fieldset(page, item).select("select")

    values = {option["value"] for select in selects for option in select.select("option")}
    ids = {pair["id"] for pair in item["pairs"]}
    assert len(values) == len(ids) + 1
    assert not [value for value in values for id in ids if value and (value in id or id in value)]


class TestAnotherKey:
    """The same questions with another key look the same to the last byte, before anything is checked."""

    def other_key(self, raw):
        """Other choices are right, the entries stand in another order, and every sentence of feedback differs."""
        for block in raw:
            value = block["value"]
            value["rationale"] = "Because of the moon."
            for key in [key for key in value if key.startswith("feedback_")]:
                value[key] = "Look at the moon."
            if block["type"] == "true_false":
                value["right"] = "true"
            if block["type"] == "order":
                value["entries"].reverse()
            for choices in (value.get("choices"), *(step["value"]["choices"] for step in value.get("steps", []))):
                for choice in choices or []:
                    choice["value"] |= {"right": not choice["value"]["right"], "feedback": "The moon."}
            if block["type"] in ("single_choice", "picture_choice"):
                rights = [choice for choice in value["choices"] if choice["value"]["right"]]
                rights[0]["value"]["right"] = False
            for pair in value.get("pairs", []):
                pair["value"]["feedback"] = "The moon is round."

    def seen(self, quiz):
        """What a visitor and a learner are sent, but for what is new with every visit."""
        learner, visitor = Learner(), Learner()
        visitor.client.logout()
        attempt = learner.begin(quiz).json()["attempt"]
        answers = [visitor.client.get(quiz.url), learner.client.get(quiz.url)]
        answers += [learner.save(attempt, item, given) for item, given in self.given(quiz)]
        answers += [learner.client.get(quiz.url), learner.api("GET", f"attempts/{attempt}/")]
        answers.append(visitor.client.post(quiz.url, {"skip": quiz.item_list[-1]["id"]}))
        return [self.without_chance(answer.content.decode(), attempt) for answer in answers]

    def given(self, quiz):
        """The same answers whatever the key is."""
        for item in quiz.item_list:
            if "choices" in item:
                first = item["choices"][0]["id"]
                yield item, [first] if item["type"] == "multiple-choice" else first
            elif item["type"] == "order":
                yield item, {id_of("order", name): str(place) for place, name in enumerate("dbac", 1)}

    def without_chance(self, text, attempt):
        text = text.replace(attempt, "ATTEMPT")
        text = re.sub(r'(data-learner=|name="learner" value=)"\w+"', "", text)
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
        return re.sub(r'data-(learner|version)="\w+"', "", text)

    @in_both_modes
    def test_is_not_told_from_this_one(self, mode):
        quiz = quiz_in_every_language(feedback_after=mode)["en"]
        first, right = self.seen(quiz), [item for item in quiz.item_list if "right" in item]

        edited = republish(quiz, self.other_key)

        assert [item["right"] for item in edited.item_list if "right" in item] != [item["right"] for item in right]
        assert self.seen(edited) == first

    def test_this_test_would_see_a_single_letter(self):
        quiz = quiz_in_every_language()["en"]
        first = self.seen(quiz)

        edited = republish(quiz, lambda raw: raw[0]["value"].update(prompt=raw[0]["value"]["prompt"] + "."))

        assert all(one != other for one, other in zip(self.seen(edited)[:2], first[:2], strict=True))


def test_every_type_of_item_is_read_here():
    assert {block["type"] for block in every_item("en")} == set(QuizBlocks().child_blocks)
