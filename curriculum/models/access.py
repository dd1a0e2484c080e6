from wagtail.models import PageViewRestriction


class OpenToAll:
    """Reading needs nothing: no page can be made private, so no visit asks whether one is. Unpublish instead."""

    private_page_options = []

    def get_view_restrictions(self):
        return PageViewRestriction.objects.none()
