"""A quiz with an item of every type, in every language, with words that stand nowhere else."""

import json
import uuid

from quizzes.models import QuizPage
from tests.factories import LessonPageFactory
from tests.reading import page_at
from tests.site import LANGUAGES

SPACE = uuid.UUID("0c4e1f0a-3b7d-4c55-9d5b-6e1f2a3b4c5d")
COURSE = "student/s3"
TRUE_FALSE, SCALE = ("true", "false", "unsure"), "all"


def id_of(*names):
    """The lasting id of a part of an item: it says nothing of what it is."""
    return str(uuid.uuid5(SPACE, "/".join(names)))


class Words:
    """Every text of an item, each like no other: `words("feedback", "a")` in Tamil is "feedback a of single, in ta"."""

    def __init__(self, language, item):
        self.language, self.item = language, item

    def __call__(self, *about):
        return f"{' '.join(about)} of {self.item}, in {self.language}"


def block(kind, words, *, twice=None, **value):
    described = {"prompt": words("prompt"), "rationale": words("rationale"), "outcome": "explain", "myth": "harmless"}
    if twice is not None:
        described["asked"] = "before-and-after" if twice else "once"
    return {"type": kind, "id": id_of(words.item), "value": described | value}


def listed(words, values):
    """The items of a list block: `{name: value}`."""
    return [{"type": "item", "id": id_of(words.item, name), "value": value} for name, value in values.items()]


def choices(words, names, right, step="", **more):
    return listed(
        words,
        {
            f"{step}{name}": {
                "text": words("choice", f"{step}{name}"),
                "right": name in right,
                "feedback": words("feedback", f"{step}{name}"),
            }
            | {key: values.get(name, "") for key, values in more.items()}
            for name in names
        },
    )


def story(words):
    ways = {"one": {"a": "two", "b": "three"}, "two": {"a": "three"}, "three": {}}
    return listed(
        words,
        {
            name: {
                "name": name,
                "situation": words("situation", name),
                "prompt": words("prompt", name),
                "choices": choices(words, "abc", "ab", step=f"{name}-", leads_to=leads_to),
            }
            for name, leads_to in ways.items()
        },
    )


def every_item(language):
    """The raw data of a quiz: nine types of item, two of them once more, asked twice."""

    def words(item):
        return Words(language, item)

    def true_false(name, *, twice):
        feedback = {f"feedback_{view}": words(name)("feedback", view) for view in TRUE_FALSE}
        return block("true_false", words(name), twice=twice, right="false", **feedback)

    def scale(name, *, twice):
        return block("agree_scale", words(name), twice=twice, feedback_all=words(name)("feedback", SCALE))

    single, several, scenario, pictures = words("single"), words("several"), words("scenario"), words("pictures")
    order, match = words("order"), words("match")
    drawings = {"a": "cat-crown", "b": "chain-open", "c": "tell-adult"}
    return [
        block("single_choice", single, choices=choices(single, "abc", "b")),
        block("multiple_choice", several, choices=choices(several, "abcd", "ac")),
        true_false("claim", twice=False),
        block(
            "order",
            order,
            entries=listed(order, {name: order("entry", name) for name in "abcd"}),
            feedback_right=order("feedback", "right"),
            feedback_other=order("feedback", "other"),
        ),
        block(
            "match",
            match,
            pairs=listed(
                match,
                {name: {side: match(side, name) for side in ("left", "right", "feedback")} for name in ("a", "b", "c")},
            ),
        ),
        block(
            "scenario",
            scenario,
            situation=scenario("situation"),
            choices=choices(scenario, "abc", "bc"),
        ),
        block("branching", words("story"), steps=story(words("story"))),
        block("picture_choice", pictures, choices=choices(pictures, "abc", "c", picture=drawings)),
        scale("view", twice=False),
        true_false("saying", twice=True),
        scale("feeling", twice=True),
    ]


def quiz_in_every_language(**fields):
    """A published quiz below a published lesson, in four languages that belong together: `{language: QuizPage}`."""
    lesson_key, quiz_key, quizzes = uuid.uuid4(), uuid.uuid4(), {}
    slug = f"9{lesson_key.int % 10**8}"
    for language in LANGUAGES:
        course = page_at(f"/{language}/{COURSE}/")
        lesson = LessonPageFactory(parent=course, slug=slug, locale=course.locale, translation_key=lesson_key)
        quiz = QuizPage(
            title=f"A quiz in {language}",
            slug="quiz",
            introduction="Think aloud.",
            locale=course.locale,
            translation_key=quiz_key,
            **fields,
        )
        quiz.items = json.dumps(every_item(language))
        lesson.add_child(instance=quiz)
        quiz.save_revision().publish()
        quizzes[language] = QuizPage.objects.get(pk=quiz.pk)
    return quizzes


def republish(quiz, change):
    """Edits a quiz page as an editor does: `change(raw items)`, and publishes it."""
    raw = json.loads(json.dumps(list(quiz.items.raw_data)))
    change(raw)
    quiz.items = json.dumps(raw)
    quiz.save_revision().publish()
    return QuizPage.objects.get(pk=quiz.pk)
