from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.functional import cached_property
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager, PageQuerySet
from wagtail_localize.fields import SynchronizedField

from curriculum.models import LessonPage, OpenToAll
from quizzes import views
from quizzes.blocks import QuizBlocks
from quizzes.items import asked
from quizzes.versions import fault_in_page


class QuizPageQuerySet(PageQuerySet):
    def translations_of(self, key):
        return self.live().filter(translation_key=key).select_related("locale")


class Layout(models.TextChoices):
    ONE = "one", "One question a screen"
    ALL = "all", "All questions on one page"


class FeedbackAfter(models.TextChoices):
    EACH = "each", "Each question, as soon as it is checked"
    END = "end", "The whole quiz, when it is finished"


class QuizPage(OpenToAll, RoutablePageMixin, Page):
    """The quiz of a lesson. It finds its lesson, and the lesson finds it, through the page tree."""

    introduction = models.CharField(max_length=255)
    layout = models.CharField(max_length=3, choices=Layout, default=Layout.ONE)
    feedback_after = models.CharField(max_length=4, choices=FeedbackAfter, default=FeedbackAfter.EACH)
    shows_score = models.BooleanField(
        default=False, help_text="Tells how many answers were right. For students, leave it off: it is not a race."
    )
    pass_mark = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="Percent of right answers, for caregivers and teachers. They try as often as they like.",
    )
    items = StreamField(QuizBlocks())

    objects = PageManager.from_queryset(QuizPageQuerySet)()

    parent_page_types = ["curriculum.LessonPage"]
    subpage_types = []
    max_count_per_parent = 1

    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("items"),
        MultiFieldPanel(
            [FieldPanel("layout"), FieldPanel("feedback_after"), FieldPanel("shows_score"), FieldPanel("pass_mark")],
            heading="How it is taken",
        ),
    ]
    override_translatable_fields = [
        SynchronizedField(name, overridable=False)
        for name in ("slug", "layout", "feedback_after", "shows_score", "pass_mark")
    ]

    class Meta:
        verbose_name = "quiz"

    @cached_property
    def lesson(self):
        return LessonPage.objects.parent_of(self).defer_streamfields().get()

    @property
    def item_list(self):
        """The items as plain dicts, key included: for marking, never for a template to print whole."""
        return asked([block.value.as_item(block.id) for block in self.items])

    @property
    def settings(self):
        return {name: getattr(self, name) for name in ("layout", "feedback_after", "shows_score", "pass_mark")}

    def clean(self):
        super().clean()
        if fault := fault_in_page(self):
            raise ValidationError({"items": fault})

    @path("")
    def take(self, request):
        return views.take_quiz(request, quiz=self)
