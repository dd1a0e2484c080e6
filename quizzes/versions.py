"""Freezing a quiz, so that an attempt ends with the questions that it began with."""

import hashlib
import json
from collections.abc import Iterable
from functools import lru_cache

from quizzes.items import BEFORE, Item, offered, read_the_same
from quizzes.models.attempts import QuizVersion, Response


def current_version(quiz) -> QuizVersion:
    """The version of a quiz as it is published now, in every language; made when somebody first needs it."""
    pages = type(quiz).objects.translations_of(quiz.translation_key)
    published = tuple(pages.order_by("pk").values_list("pk", "live_revision_id", "last_published_at"))
    digest, content = _freeze(quiz.translation_key, published, type(quiz))
    return _kept(digest, quiz.translation_key, content)


def without(version: QuizVersion, dropped: Iterable[str]) -> QuizVersion:
    """The version of a quiz that leaves out some items; one that is asked twice goes twice."""
    gone = {*dropped, *(f"{item}{BEFORE}" for item in dropped)}
    if not gone:
        return version
    whole = version.content["items"]
    words = {language: [item for item in items if item["id"] not in gone] for language, items in whole.items()}
    content = version.content | {"items": words}
    return _kept(_digest(version.quiz, content), version.quiz, content)


def _kept(digest: str, key, content: dict) -> QuizVersion:
    return QuizVersion.objects.get_or_create(digest=digest, defaults={"quiz": key, "content": content})[0]


def _digest(key, content: dict) -> str:
    return hashlib.sha256(json.dumps([str(key), content], sort_keys=True).encode()).hexdigest()


@lru_cache(maxsize=64)
def _freeze(key, published, model) -> tuple[str, dict]:
    """Digest and content; remembered for as long as nothing is published anew (`published` changes then)."""
    pages = list(model.objects.translations_of(key).order_by("locale__language_code"))
    content = {"settings": pages[0].settings, "items": {page.locale.language_code: page.item_list for page in pages}}
    return _digest(key, content), content


def fault_in_page(quiz) -> str:
    """What makes a quiz page refuse to be saved, in any language, or "": equal choices, and answered choices gone."""
    items = [block.value.as_item(block.id) for block in quiz.items]
    for number, item in enumerate(items, 1):
        for texts in lists_of_texts(item):
            if read_the_same(texts):
                return f'Item {number}: two choices read the same. Make them differ: "{item["prompt"]}"'
        there = {choice["id"] for choices in lists_of_choices(item) for choice in choices}
        if there and answered_choices(quiz.translation_key, item["id"]) - there:
            return f"Item {number}: a choice that is gone has answers. Bring it back, and retire it."
    return ""


def lists_of_texts(item: Item) -> list[list[str]]:
    """The lists of texts in an item of which a learner must be able to tell one from another."""
    found = [[choice["text"] for choice in offered(choices)] for choices in lists_of_choices(item)]
    found += [[pair[side] for pair in item.get("pairs", [])] for side in ("left", "right")]
    return [*found, [entry["text"] for entry in item.get("entries", [])]]


def lists_of_choices(item: Item) -> list[list[dict]]:
    """The lists of choices in an item: one, or one a step."""
    if item["type"] == "branching":
        return [step["choices"] for step in item["steps"]]
    return [item["choices"]] if "choices" in item else []


def answered_choices(quiz_key, item_id: str) -> set[str]:
    """The ids of the choices of an item that somebody chose."""
    given = Response.objects.filter(attempt__quiz=quiz_key, item=item_id).values_list("choices", flat=True)
    found: set[str] = set()
    for choices in given.distinct():
        if isinstance(choices, str):
            choices = [choices] if choices else []
        found |= set(choices.values() if isinstance(choices, dict) else choices)
    return found
