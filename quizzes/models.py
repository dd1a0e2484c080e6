from django.db import models
from django.utils.functional import cached_property
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField

from curriculum.models import LessonPage, OpenToAll
from quizzes import views
from quizzes.blocks import QuizBlocks


class QuizPage(OpenToAll, RoutablePageMixin, Page):
    """The quiz of a lesson. It finds its lesson, and the lesson finds it, through the page tree."""

    introduction = models.CharField(max_length=255)
    items = StreamField(QuizBlocks())

    parent_page_types = ["curriculum.LessonPage"]
    subpage_types = []
    max_count_per_parent = 1

    content_panels = [*Page.content_panels, FieldPanel("introduction"), FieldPanel("items")]
    override_translatable_fields = [SynchronizedField("slug", overridable=False)]

    class Meta:
        verbose_name = "quiz"

    @cached_property
    def lesson(self):
        return LessonPage.objects.parent_of(self).get()

    @property
    def item_list(self):
        """The items as plain dicts, key included: for marking, never for a template to print whole."""
        return [block.value.as_item(block.id) for block in self.items]

    @path("")
    def take(self, request):
        return views.take_quiz(request, quiz=self)
