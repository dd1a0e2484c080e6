"""Closed lists: the code knows every member."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    STUDENT = "student", _("Students")
    CAREGIVER = "caregiver", _("Parents and caregivers")
    TEACHER = "teacher", _("Teachers")


class Tier(models.TextChoices):
    """School year, never a birth date."""

    S1 = "S1", _("Year 1 to 3")
    S2 = "S2", _("Year 4 to 6")
    S3 = "S3", _("Form 1 to 3")
    S4 = "S4", _("Form 4 to 6")


class ContentNote(models.TextChoices):
    CN0 = "CN0", _("No sensitive content")
    CN1 = "CN1", _("Gentle: talks about unkindness, secrets or unsafe touch")
    CN2 = "CN2", _("Talks about private or fake pictures, threats or abuse")
    CN3 = "CN3", _("Talks about a real event")
