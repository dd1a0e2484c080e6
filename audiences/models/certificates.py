from django.conf import settings
from django.db import models
from django.utils import timezone

from audiences.models.codes import drawn

LONGEST_NAME = 60  # characters


def new_code() -> str:
    """Ten letters: a thousand guesses a second for a century find none."""
    return drawn(10)


def this_year() -> int:
    return timezone.localdate().year


class Certificate(models.Model):
    """Says that an adult passed a course. Anybody who has its code may check it; the name stays with its holder."""

    code = models.CharField(max_length=10, unique=True, default=new_code, editable=False)
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="certificates")
    course = models.UUIDField()  # the page's translation key
    name = models.CharField(max_length=LONGEST_NAME)  # as it is printed
    edition = models.PositiveSmallIntegerField(default=this_year)
    issued_on = models.DateField(default=timezone.localdate)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["holder", "course"], name="one_certificate_a_course")]

    def __str__(self):
        return self.code
