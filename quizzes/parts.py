"""The quiz of a content file as a page below its lesson."""

from typing import Any

from curriculum.grammar import QUIZ
from curriculum.loading import Loader
from curriculum.models import LessonPage
from curriculum.parts import page_part
from curriculum.source import Unit
from curriculum.streams import raw_blocks
from quizzes.models import QuizPage

SLUG = "quiz"


def load_quiz(loader: Loader, unit: Unit, lesson: LessonPage) -> QuizPage | None:
    """Writes one quiz page in four languages."""
    name = f"lessons/{unit.id}/quiz"

    def fill(page: QuizPage, words: dict[str, Any]) -> None:
        page.title, page.slug, page.introduction = words["title"], SLUG, words["intro"]
        for setting in QUIZ:
            setattr(page, setting, words[setting])
        page.items = raw_blocks(words["items"], name)

    words = {language: value["quiz"] for language, value in unit.words.items()}
    return loader.write(page_part(name, QuizPage, words, lesson, fill))
