"""Who answered what, known only by an opaque learner; by the server's time only."""

import uuid
from datetime import timedelta
from functools import lru_cache

from django.db import models
from django.utils import timezone

from quizzes.items import Item

OPEN_FOR = timedelta(days=30)  # an attempt that nobody finished is then over


class QuizVersion(models.Model):
    """A quiz as it was when somebody began it: settings, and items with their key, in every language. Never changes."""

    digest = models.CharField(max_length=64, primary_key=True)
    quiz = models.UUIDField(db_index=True)  # the page's translation key
    content = models.JSONField()

    def __str__(self):
        return self.digest


@lru_cache(maxsize=128)
def frozen(digest: str) -> dict:
    """The content of a version; remembered, since a digest names one content for ever."""
    return QuizVersion.objects.values_list("content", flat=True).get(digest=digest)


def items_in(digest: str, language: str) -> list[Item]:
    """The items of a version in a language; in English where they were not in that language yet."""
    words = frozen(digest)["items"]
    return words.get(language) or words.get("en") or next(iter(words.values()))


class State(models.TextChoices):
    OPEN = "open"
    SUBMITTED = "submitted"
    EXPIRED = "expired"


class AttemptQuerySet(models.QuerySet):
    def by(self, learner):
        return self.filter(learner=learner)

    def of(self, quiz_key):
        return self.filter(quiz=quiz_key)

    def open(self):
        return self.filter(state=State.OPEN)

    def passed(self):
        return self.filter(passed=True)


class Attempt(models.Model):
    """One go at a quiz. One is open at a time for a learner and a quiz; it keeps the version that it began with."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    learner = models.UUIDField()
    quiz = models.UUIDField()
    version = models.ForeignKey(QuizVersion, models.PROTECT)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    started_at = models.DateTimeField(default=timezone.now)
    right = models.PositiveSmallIntegerField(null=True)  # set when it is submitted, with the next two
    marked = models.PositiveSmallIntegerField(null=True)
    passed = models.BooleanField(null=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["learner", "quiz", "-started_at"], name="attempt_of_learner")]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "quiz"], condition=models.Q(state="open"), name="one_open_attempt"
            )
        ]

    def __str__(self):
        return str(self.id)

    @property
    def is_overdue(self) -> bool:
        return self.state == State.OPEN and self.started_at < timezone.now() - OPEN_FOR

    @property
    def content(self) -> dict:
        return frozen(self.version_id)

    def items(self, language: str) -> list[Item]:
        """The items as they were when it began, in a language."""
        return items_in(self.version_id, language)

    def chosen(self) -> dict:
        """What is stored: `{item id: choices}`."""
        return dict(self.responses.values_list("item", "choices"))


class Response(models.Model):
    """The answer to one item. A higher sequence wins; one that was checked stays."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="responses")
    item = models.CharField(max_length=50)  # the block's id, the same in every language
    choices = models.JSONField()  # as `quizzes.marking` takes it; empty is a skip
    sequence = models.PositiveIntegerField()
    checked = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attempt", "item"], name="one_response_an_item")]

    def __str__(self):
        return f"{self.attempt_id} {self.item}"
