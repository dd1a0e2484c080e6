import datetime

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.models import DraftStateMixin, Orderable, RevisionMixin, TranslatableMixin
from wagtail.snippets.models import register_snippet
from wagtail_localize.fields import SynchronizedField, TranslatableField

from curriculum.models.choices import Audience

PHONES = RegexValidator(
    r"^(999|15999|0\d{1,2}-\d{3,4} ?\d{3,4}|1-[38]00-\d{2}-?\d{4}|1-[38]00-\d{3}-\d{3})"
    r"(, ?(999|15999|0\d{1,2}-\d{3,4} ?\d{3,4}|1-[38]00-\d{2}-?\d{4}|1-[38]00-\d{3}-\d{3}))*$",
    "Write Malaysian numbers like 03-3000 8858, 016-237 4221, 15999 or 999, with commas between.",
)
WHATSAPP = RegexValidator(r"^01\d-\d{3,4} ?\d{4}$", "Write a Malaysian mobile number like 019-261 5999.")
RECHECK_AFTER = datetime.timedelta(days=90)


class State(models.TextChoices):
    """How well a listing is known; only the first three may show (`facts.md`)."""

    FOUND = "V", "V: found in a recent or primary source"
    FOUND_OLD = "V-old", "V-old: found in an older or secondary source"
    PRESS = "press", "press: only in press reports"
    CONFLICT = "C", "C: sources conflict; stays a draft"
    MEMORY = "M", "M: from memory; stays a draft"

    @classmethod
    def showable(cls):
        return [cls.FOUND, cls.FOUND_OLD, cls.PRESS]


class SupportServiceQuerySet(models.QuerySet):
    def shown(self):
        return self.filter(live=True, state__in=State.showable())

    def in_language_of(self, page):
        return self.filter(locale_id=page.locale_id)

    def fit_for(self, *, tier="", audience=""):
        """Those for a tier or an audience; with neither, every one."""
        wanted = {Audience.STUDENT, tier} if tier else {audience} - {""}
        query = models.Q()
        for reader in wanted:
            query |= models.Q(shown_to__contains=f"|{reader}|")
        return self.filter(query)

    def listed(self):
        """In display order; those overdue for a check drop to the bottom."""
        return sorted(self.order_by("sort_order", "pk"), key=lambda service: service.is_overdue)


@register_snippet
class SupportService(DraftStateMixin, RevisionMixin, TranslatableMixin, Orderable):
    """A helpline or service: says where it was found, who checked it, and when it must be checked again."""

    name = models.CharField(max_length=120)
    what_for = models.CharField("what it is for", max_length=255, help_text="Who it is for and what it does, honestly.")
    hours = models.CharField(max_length=120, blank=True)
    phones = models.CharField(max_length=120, blank=True, validators=[PHONES])
    whatsapp = models.CharField("WhatsApp", max_length=20, blank=True, validators=[WHATSAPP])
    web = models.CharField("web address", max_length=120, blank=True, help_text="Without https://")
    shown_to = models.CharField(
        max_length=120,
        help_text="Who sees it, between bars: |student| for all students, |S2| for one tier, |caregiver|, |teacher|.",
        validators=[
            RegexValidator(r"^\|((student|caregiver|teacher|S[1-4])\|)+$", "Write it like |student|caregiver|.")
        ],
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.MEMORY)
    source = models.CharField(max_length=160, help_text="Where the number was found.")
    source_year = models.PositiveSmallIntegerField()
    checked_on = models.DateField("call-tested on", null=True, blank=True)
    checked_by = models.CharField("call-tested by", max_length=120, blank=True)
    expires_on = models.DateField("to be checked again by", null=True, blank=True)

    objects = SupportServiceQuerySet.as_manager()

    panels = [
        FieldPanel("name"),
        FieldPanel("what_for"),
        FieldPanel("hours"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("phones"), FieldPanel("whatsapp")]), FieldPanel("web")],
            heading="How to reach it",
        ),
        FieldPanel("shown_to"),
        MultiFieldPanel(
            [
                FieldPanel("state"),
                FieldRowPanel([FieldPanel("source"), FieldPanel("source_year")]),
                FieldRowPanel([FieldPanel("checked_on"), FieldPanel("checked_by"), FieldPanel("expires_on")]),
            ],
            heading="How we know",
        ),
    ]
    translatable_fields = [
        TranslatableField("name"),
        TranslatableField("what_for"),
        TranslatableField("hours"),
        *[
            SynchronizedField(field, overridable=False)
            for field in (
                "phones", "whatsapp", "web", "shown_to", "state", "source", "source_year",
                "checked_on", "checked_by", "expires_on", "sort_order",
            )
        ],
    ]  # fmt: skip

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name = "support service"

    def __str__(self):
        return self.name

    @property
    def phone_numbers(self):
        return [number.strip() for number in self.phones.split(",") if number.strip()]

    @property
    def may_show(self):
        """Whether its source is good enough; the rest is the editors' decision."""
        return self.state in State.showable()

    @property
    def is_call_tested(self):
        return bool(self.checked_on and self.checked_by)

    @property
    def is_overdue(self):
        return bool(self.expires_on and self.expires_on < timezone.localdate())

    def clean(self):
        super().clean()

        if bool(self.checked_on) != bool(self.checked_by):
            raise ValidationError({"checked_by": _("Say both who checked it and when, or neither.")})
        if self.checked_on and not self.expires_on:
            self.expires_on = self.checked_on + RECHECK_AFTER
