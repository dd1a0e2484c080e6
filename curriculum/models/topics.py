from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import RevisionMixin, TranslatableMixin
from wagtail.snippets.models import register_snippet
from wagtail_localize.fields import SynchronizedField, TranslatableField


class KeyConcept(models.IntegerChoices):
    """The eight key concepts of the ITGSE (UNESCO 2018). Setuju teaches the first six."""

    RELATIONSHIPS = 1, _("Relationships")
    VALUES = 2, _("Values, rights, culture")
    GENDER = 3, _("Understanding gender")
    SAFETY = 4, _("Violence and staying safe")
    SKILLS = 5, _("Skills for health and well-being")
    BODY = 6, _("The human body and development")
    BEHAVIOUR = 7, _("Sexuality and sexual behaviour")
    HEALTH = 8, _("Sexual and reproductive health")


@register_snippet
class Topic(RevisionMixin, TranslatableMixin, models.Model):
    """A concept of the ITGSE, e.g. 4.2 Consent, privacy and bodily integrity."""

    code = models.CharField(max_length=4, help_text="The number in the ITGSE 2018, e.g. 4.2.")
    key_concept = models.PositiveSmallIntegerField(choices=KeyConcept.choices)
    name = models.CharField(max_length=120)

    panels = [FieldPanel("code"), FieldPanel("key_concept"), FieldPanel("name")]
    translatable_fields = [
        SynchronizedField("code", overridable=False),
        SynchronizedField("key_concept", overridable=False),
        TranslatableField("name"),
    ]

    class Meta(TranslatableMixin.Meta):
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["code", "locale"], name="one_topic_a_code_and_locale")]

    def __str__(self):
        return f"{self.code} {self.name}"
