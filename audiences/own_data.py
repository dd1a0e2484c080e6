"""All that is kept of an adult: to take along as one file, and to delete for good."""

from allauth.account.models import EmailAddress
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import get_language

from audiences.certificates import address_of, courses_by_key
from audiences.class_results import Line, lines_of
from audiences.class_sessions import scrub
from audiences.exports import session_table
from audiences.models import Classroom, ClassSession, User
from audiences.models.classes import Source
from curriculum.models import LessonPage
from curriculum.models.access import in_readers_language
from quizzes.items import Item, path
from quizzes.models import Attempt, QuizPage


class OnlySuperuser(Exception):
    """Nobody else could let editors in: this account cannot be deleted yet."""


def export(user) -> dict:
    """Everything, in words of the active language where there are words."""
    return {
        "site": settings.SITE_URL,
        "exported_at": timezone.now(),
        "account": account_of(user),
        "quizzes": attempts_of(user),
        "certificates": certificates_of(user),
        "classes": classrooms_of(user),
    }


def account_of(user) -> dict:
    addresses = EmailAddress.objects.filter(user=user).values("email", "verified")
    return {
        "email": user.email,
        "addresses": list(addresses),
        "name": user.get_full_name(),
        "here_as": user.get_audience_display(),
        "made_at": user.date_joined,
        "last_sign_in": user.last_login,
        "second_factor": is_mfa_enabled(user),
        "groups": list(user.groups.values_list("name", flat=True)),
    }


def attempts_of(user) -> list[dict]:
    attempts = list(Attempt.objects.by(user.learner).prefetch_related("responses").order_by("started_at"))
    titles = lessons_by_quiz({attempt.quiz for attempt in attempts})
    return [
        {
            "lesson": titles.get(attempt.quiz, str(attempt.quiz)),
            "started_at": attempt.started_at,
            "state": attempt.state,
            "right": attempt.right,
            "of": attempt.marked,
            "passed": attempt.passed,
            "answers": answers_of(attempt),
        }
        for attempt in attempts
    ]


def answers_of(attempt) -> list[dict]:
    given = {response.item: response.choices for response in attempt.responses.all()}
    return [
        {"question": item["prompt"], "answer": in_words(item, given[item["id"]])}
        for item in attempt.items(get_language())
        if item["id"] in given
    ]


def in_words(item: Item, choices):
    """A stored response with the texts in place of the ids; what has no text stays as it is."""
    texts = {each["id"]: each["text"] for each in item.get("choices", []) + item.get("entries", [])}
    if not isinstance(choices, dict):
        return [texts.get(each, each) for each in choices] if isinstance(choices, list) else texts.get(choices, choices)
    if item["type"] == "order":
        return [texts[entry] for entry in sorted(choices, key=lambda entry: int(choices[entry]))]
    if item["type"] == "match":
        pairs = {pair["id"]: pair for pair in item["pairs"]}
        return {pairs[left]["left"]: pairs[right]["right"] for left, right in choices.items()}
    taken = [(step, chosen) for step, chosen in path(item, choices) if chosen]
    return [next(each["text"] for each in step["choices"] if each["id"] == chosen) for step, chosen in taken]


def certificates_of(user) -> list[dict]:
    certificates = list(user.certificates.order_by("issued_on"))
    courses = courses_by_key([certificate.course for certificate in certificates])
    return [
        {
            "code": certificate.code,
            "address": address_of(certificate),
            "name": certificate.name,
            "course": courses[certificate.course].title if certificate.course in courses else str(certificate.course),
            "edition": certificate.edition,
            "issued_on": certificate.issued_on,
        }
        for certificate in certificates
    ]


def classrooms_of(user) -> list[dict]:
    classrooms = list(Classroom.objects.of(user).prefetch_related("sessions__tallies"))
    sessions = [session for classroom in classrooms for session in classroom.sessions.all()]
    keys = {session.lesson for session in sessions} | {key for classroom in classrooms for key in classroom.lessons}
    lessons = lessons_by_key(keys)
    lines = {line.session.id: line for line in lines_of(sessions, lessons, get_language())}
    return [
        {
            "label": classroom.label,
            "school_year": classroom.get_tier_display(),
            "size": classroom.size,
            "languages": classroom.languages,
            "lessons": [title(lessons.get(str(key)), key) for key in classroom.lessons],
            "made_on": classroom.made_on,
            "sessions": [session_in_words(lines[session.id]) for session in classroom.sessions.all()],
        }
        for classroom in classrooms
    ]


def session_in_words(line: Line) -> dict:
    """What its teacher typed, and no more of what pupils answered than the results tell."""
    session = line.session
    fields = ("item", "answered", "right", "held", "chosen")
    typed = [tally for tally in session.tallies.all() if tally.source == Source.PAPER]
    return {
        "lesson": title(line.lesson, session.lesson),
        "opened_at": session.opened_at,
        "closed_at": session.closed_at,
        "minutes": session.minutes,
        "joined": session.joined,
        "finished": session.finished,
        "numbers_from_paper": [{field: getattr(tally, field) for field in fields} for tally in typed],
        "results": session_table(line.results),
    }


def lessons_by_quiz(keys) -> dict:
    """What the lessons of quizzes are called, by the quizzes' keys: a quiz is called the same in every lesson."""
    here = QuizPage.objects.filter(translation_key__in=keys, locale__language_code=get_language())
    paths = {key: place[: -QuizPage.steplen] for key, place in here.values_list("translation_key", "path")}
    titles = dict(LessonPage.objects.filter(path__in=paths.values()).values_list("path", "title"))
    return {key: titles[place] for key, place in paths.items() if place in titles}


def lessons_by_key(keys) -> dict[str, LessonPage]:
    """Lessons in the active language, or in any other where they are not in it, by translation key as a text."""
    pages = LessonPage.objects.filter(translation_key__in=keys).defer_streamfields()
    return {str(key): page for key, page in in_readers_language(pages).items()}


def title(lesson: LessonPage | None, key) -> str:
    return lesson.title if lesson else str(key)


@transaction.atomic
def erase(user) -> dict[str, int]:
    """Deletes a user with all that is theirs, or nothing. Returns what it was. Raises `OnlySuperuser`."""
    others = User.objects.select_for_update().filter(is_superuser=True, is_active=True)
    if user.is_superuser and set(others) <= {user}:
        raise OnlySuperuser
    counts = {
        "certificates": user.certificates.count(),
        "classes": Classroom.objects.of(user).count(),
        "sessions": ClassSession.objects.of(user).count(),
        "attempts": Attempt.objects.by(user.learner).count(),
    }
    user.delete()
    return counts


@receiver(post_delete, sender=User)
def forget_attempts(instance: User, **_kwargs) -> None:
    """Whoever deletes an account, here or in the admin: what was answered with it goes, too."""
    Attempt.objects.by(instance.learner).delete()
    scrub()


def is_the_only_superuser(user) -> bool:
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    return user.is_superuser and not others.exists()
