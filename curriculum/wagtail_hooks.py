from wagtail import hooks

from curriculum import printables
from curriculum.models import GuidePage, LessonPage, SupportService

# What no hook tells of, such as a translation that is published or a date that passes, the next reader finds out:
# `printables.shelve` gives them the earlier sheet and has the new one made. `build_printables` sees to the rest.


@hooks.register("after_publish_page")
def print_published(request, page):
    """An editor finds the new sheets when the form comes back; unless one is late: then nobody waits for the rest."""
    # A quiz belongs to a lesson.
    lessons, guides = (model.objects.ancestor_of(page, inclusive=True) for model in (LessonPage, GuidePage))
    for printed in order_sheets(lessons, guides):
        all(printables.shelve_quietly(printed, kind) for kind in printed.sheets)


@hooks.register("after_create_snippet")
@hooks.register("after_edit_snippet")
@hooks.register("after_unpublish")
def print_listing(request, instance):
    print_listings(request, [instance])


@hooks.register("after_delete_snippet")
def print_listings(request, instances):
    """A helpline stands at the foot of the sheets of its language. No one waits for them: there are many."""
    for locale in {service.locale_id for service in instances if isinstance(service, SupportService)}:
        order_sheets(*(model.objects.filter(locale=locale) for model in (LessonPage, GuidePage)))


def order_sheets(*querysets):
    """Puts what is not on the shelf into the backlog; returns those pages that are live."""
    pages = [page for pages in querysets for page in pages.live().select_related("locale")]
    for page in pages:
        for kind in page.sheets:
            printables.ordered(page, kind)
    return pages
