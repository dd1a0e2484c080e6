from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef
from django.http import Http404
from django.utils.translation import get_language
from wagtail.models import Page, PageViewRestriction


class OpenToAll:
    """Reading needs nothing: no page can be made private, so no visit asks whether one is. Unpublish instead."""

    private_page_options = []

    def get_view_restrictions(self):
        return PageViewRestriction.objects.none()

    def route(self, request, path_components):
        """A page that is taken down takes down all below it: the walk to an address ends there."""
        if not self.live:
            raise Http404
        return super().route(request, path_components)

    @property
    def is_reachable(self):
        """Whether a visitor can get here: the page is live, and so is every one above it. One query."""
        return not self.get_ancestors(inclusive=True).filter(live=False).exists()


def reachable(pages):
    """Those pages of a queryset that are live and below live pages only, in the same one query."""
    path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    taken_down = Page.objects.filter(live=False).annotate(below=path).filter(below__startswith=F("path"))
    return pages.filter(~Exists(taken_down))


def in_readers_language(pages):
    """`{translation key: page}`: each in the reader's language, or in any other where it is not there."""
    by_fit = sorted(pages.select_related("locale"), key=lambda page: page.locale.language_code == get_language())
    return {page.translation_key: page for page in by_fit}
