"""How far an adult is: the courses that are for them, and what is left of each."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import get_language

from curriculum.models import CoursePage, LessonPage
from curriculum.models.access import reachable
from curriculum.models.choices import Audience
from quizzes.models import Attempt, QuizPage, State

OPEN_TO = {  # a teacher may take the caregivers' courses, too
    Audience.TEACHER: (Audience.TEACHER, Audience.CAREGIVER),
    Audience.CAREGIVER: (Audience.CAREGIVER,),
}


@dataclass(frozen=True)
class Step:
    """A lesson that has a quiz."""

    lesson: LessonPage
    quiz: QuizPage
    passed: bool


@dataclass(frozen=True)
class CourseProgress:
    course: CoursePage
    steps: tuple[Step, ...]

    @property
    def left(self) -> list[Step]:
        return [step for step in self.steps if not step.passed]

    @property
    def done(self) -> int:
        return len(self.steps) - len(self.left)

    @property
    def is_complete(self) -> bool:
        return bool(self.steps) and not self.left


def courses_of(user) -> list[CourseProgress]:
    """The adults' courses in the active language with this user's progress. Four queries."""
    language = get_language()
    here = {"locale__language_code": language}
    courses = reachable(CoursePage.objects.filter(tier="", **here)).order_by("path")
    lessons = list(reachable(LessonPage.objects.filter(**here)).order_by("path"))
    quizzes = list(reachable(QuizPage.objects.filter(**here)).defer("items"))
    passed = passed_by(user.learner)
    return [
        CourseProgress(course, tuple(steps_of(course, lessons, quizzes, passed)))
        for course in courses
        if course.audience in OPEN_TO[user.audience]
    ]


def steps_of(course, lessons, quizzes, passed):
    for lesson in lessons:
        if lesson.path.startswith(course.path):
            for quiz in quizzes:
                if quiz.path.startswith(lesson.path):
                    yield Step(lesson, quiz, quiz.translation_key in passed)


def passed_by(learner) -> set:
    """Translation keys of the quizzes passed; one without a pass mark is passed when it is handed in."""
    handed_in = Attempt.objects.by(learner).filter(state=State.SUBMITTED)
    return set(handed_in.filter(Q(passed=True) | Q(passed=None)).values_list("quiz", flat=True))
