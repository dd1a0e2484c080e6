"""A teacher's classes. Of a pupil there is a seat while the session runs, and counts afterwards; never a name."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audiences.models.codes import drawn
from audiences.pictures import picture
from curriculum.models.choices import Tier
from quizzes import tallies
from quizzes.models import Attempt, QuizVersion

CODE_LENGTH = 6
OPEN_FOR = timedelta(hours=4)
LARGEST_CLASS = 60


def new_code() -> str:
    return drawn(CODE_LENGTH)


class ClassroomQuerySet(models.QuerySet):
    def of(self, teacher):
        return self.filter(teacher=teacher)


class Classroom(models.Model):
    """A class as its teacher plans for it. There is no list of pupils, on purpose."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    teacher = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="classrooms")
    label = models.CharField(_("Label"), max_length=40)
    tier = models.CharField(_("School year"), max_length=2, choices=Tier.choices)
    size = models.PositiveSmallIntegerField(
        _("How many pupils"), default=40, validators=[MinValueValidator(1), MaxValueValidator(LARGEST_CLASS)]
    )
    languages = models.JSONField(default=list)  # codes
    lessons = models.JSONField(default=list)  # translation keys of the lessons picked
    made_on = models.DateField(default=timezone.localdate)

    objects = ClassroomQuerySet.as_manager()

    class Meta:
        ordering = ["label", "made_on"]

    def __str__(self):
        return self.label


class Screen(models.TextChoices):
    """What the wall shows in place of its slide."""

    SLIDES = "slides"
    BLANK = "blank"
    PAUSE = "pause"


class ClassSessionQuerySet(models.QuerySet):
    def of(self, teacher):
        return self.filter(classroom__teacher=teacher)

    def open(self):
        return self.filter(closed_at=None)

    def closed(self):
        return self.exclude(closed_at=None)

    def overdue(self):
        return self.open().filter(opened_at__lt=timezone.now() - OPEN_FOR)


class ClassSession(models.Model):
    """One running of one lesson with one class. Its code opens seats until it closes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    classroom = models.ForeignKey(Classroom, models.CASCADE, related_name="sessions")
    lesson = models.UUIDField()  # translation key
    version = models.ForeignKey(QuizVersion, models.PROTECT, null=True)  # the quiz without the items dropped
    minutes = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=CODE_LENGTH, unique=True, null=True, default=new_code)  # none once it is closed
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    is_locked = models.BooleanField(default=False)
    place = models.PositiveSmallIntegerField(default=0)  # the slide on the wall
    screen = models.CharField(max_length=6, choices=Screen.choices, default=Screen.SLIDES)
    joined = models.PositiveSmallIntegerField(default=0)  # set when it closes, with the next
    finished = models.PositiveSmallIntegerField(default=0)

    objects = ClassSessionQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        indexes = [models.Index(fields=["closed_at", "opened_at"], name="session_running")]

    def __str__(self):
        return str(self.id)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.opened_at < timezone.now() - OPEN_FOR

    @property
    def day(self):
        """The day on which it was opened, at the school."""
        return timezone.localdate(self.opened_at)

    @property
    def ends_at(self):
        return self.opened_at + OPEN_FOR


class Seat(models.Model):
    """An anonymous place in a session. It is deleted when the session closes, with all that was answered from it."""

    session = models.ForeignKey(ClassSession, models.CASCADE, related_name="seats")
    token = models.CharField(max_length=64, unique=True)  # the SHA-256 of what the device holds
    learner = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    picture = models.PositiveSmallIntegerField()  # of `audiences.pictures`
    attempt = models.OneToOneField(Attempt, models.CASCADE, null=True)  # the first go: the one that counts

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "picture"], name="one_picture_a_seat")]

    def __str__(self):
        return str(self.picture)

    @property
    def shown(self) -> dict[str, str]:
        """Its picture, and the name of it in the reader's language."""
        return picture(self.picture)


class Source(models.TextChoices):
    SEATS = "seats", _("Devices")
    PAPER = "paper", _("Paper")


class Tally(models.Model):
    """The counts of one item in a session: from seats, as they stood when they were revealed or at the close, or typed.

    A tally of seats that is there while the session is open was revealed, and stays as it was.
    """

    session = models.ForeignKey(ClassSession, models.CASCADE, related_name="tallies")
    item = models.CharField(max_length=50)
    source = models.CharField(max_length=5, choices=Source.choices)
    answered = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    right = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    chosen = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "tallies"
        constraints = [
            models.UniqueConstraint(fields=["session", "item", "source"], name="one_tally_an_item_and_source")
        ]

    def __str__(self):
        return f"{self.item} {self.source}"

    @property
    def counts(self) -> tallies.Tally:
        return tallies.Tally(self.answered, self.skipped, self.right, self.held, self.chosen)
