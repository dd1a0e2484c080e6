from django.db import models
from django.utils.functional import cached_property
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField

from curriculum import views
from curriculum.blocks import SheetBlocks
from curriculum.models.access import OpenToAll
from curriculum.models.pages import AudiencePage
from curriculum.models.paper import PrintsCard


class GuidePage(OpenToAll, PrintsCard, RoutablePageMixin, Page):
    """A page that explains: help, about, privacy. Below an audience it is a card to act by, and prints on one A5."""

    introduction = models.CharField(max_length=500)
    body = StreamField(SheetBlocks())

    parent_page_types = ["curriculum.HomePage", "curriculum.AudiencePage"]

    content_panels = [*Page.content_panels, FieldPanel("introduction"), FieldPanel("body")]
    override_translatable_fields = [SynchronizedField("slug", overridable=False)]

    class Meta:
        verbose_name = "guide"

    @cached_property
    def audience(self):
        """Whom this card is for; nobody where the page stands for itself."""
        return AudiencePage.objects.parent_of(self).values_list("audience", flat=True).first() or ""

    @path("")
    def read(self, request):
        return views.guide(request, page=self)

    @path("print/")
    def card(self, request):
        return views.card(request, page=self)
