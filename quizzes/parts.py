"""The quiz of a content file as a page below its lesson."""

from typing import Any

from curriculum.grammar import QUIZ
from curriculum.loading import Loader
from curriculum.models import LessonPage
from curriculum.parts import page_part
from curriculum.source import Unit
from curriculum.streams import key_for, raw_blocks
from quizzes.models import QuizPage

SLUG = "quiz"


def load_quiz(loader: Loader, unit: Unit, lesson: LessonPage) -> QuizPage | None:
    """Writes one quiz page in four languages."""
    name = f"lessons/{unit.id}/quiz"

    def fill(page: QuizPage, words: dict[str, Any]) -> None:
        page.title, page.slug, page.introduction = words["title"], SLUG, words["intro"]
        for setting in QUIZ:
            setattr(page, setting, words[setting])
        page.items = raw_quiz_items(words["items"], unit.id)

    words = {language: value["quiz"] for language, value in unit.words.items()}
    return loader.write(page_part(name, QuizPage, words, lesson, fill))


def raw_quiz_items(items: list[dict[str, Any]], lesson: str) -> list[dict[str, Any]]:
    """Composed items as the raw data of a quiz; the block where one is taught goes by the id that the page prints."""
    raw = raw_blocks(items, f"lessons/{lesson}/quiz")
    for item in raw:
        if name := item["value"].get("block"):
            item["value"]["block"] = str(key_for(f"lessons/{lesson}/body/{name}"))
    return raw
