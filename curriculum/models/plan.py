from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, TranslatableMixin
from wagtail_localize.fields import SynchronizedField, TranslatableField


class LearningOutcome(TranslatableMixin, Orderable):
    """What the learner can do after the lesson. `key` joins quiz items to it, in every language."""

    lesson = ParentalKey("curriculum.LessonPage", on_delete=models.CASCADE, related_name="outcomes")
    key = models.SlugField(max_length=40, help_text="A short English name, e.g. check-source. Quiz items refer to it.")
    text = models.CharField(max_length=255, help_text="Starts with a verb.")

    panels = [FieldPanel("text"), FieldPanel("key")]
    translatable_fields = [SynchronizedField("key", overridable=False), TranslatableField("text")]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        pass

    def __str__(self):
        return self.text


class Activity(TranslatableMixin, Orderable):
    """A step of the lesson plan, with its minutes."""

    class Kind(models.TextChoices):
        WARM_UP = "warm-up", _("Warm-up")
        MAIN = "main", _("Main activity")
        REFLECT = "reflect", _("Reflect")
        CLOSE = "close", _("Close")

    lesson = ParentalKey("curriculum.LessonPage", on_delete=models.CASCADE, related_name="activities")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    minutes = models.PositiveSmallIntegerField()
    after_break = models.BooleanField(
        default=False, help_text="The lesson can be cut here into two periods, before this activity."
    )
    optional = models.BooleanField(default=False, help_text="May be dropped when time is short.")
    title = models.CharField(max_length=160)
    materials = models.CharField(max_length=255, blank=True)
    steps = RichTextField(features=["bold", "italic", "ol", "ul"], help_text="What the teacher does.")
    say = models.CharField(max_length=500, blank=True, help_text="A sentence to read aloud.")

    panels = [
        FieldPanel("title"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("minutes")]),
        FieldRowPanel([FieldPanel("after_break"), FieldPanel("optional")]),
        FieldPanel("materials"),
        FieldPanel("steps"),
        FieldPanel("say"),
    ]
    translatable_fields = [
        *[SynchronizedField(name, overridable=False) for name in ("kind", "minutes", "after_break", "optional")],
        *[TranslatableField(name) for name in ("title", "materials", "steps", "say")],
    ]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        verbose_name_plural = "activities"

    def __str__(self):
        return self.title
