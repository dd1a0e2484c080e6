from wagtail import hooks

from curriculum import printables
from curriculum.models import LessonPage


@hooks.register("after_publish_page")
def rebuild_printables(request, page):
    """An editor's publishing makes the sheets anew, so that a reader finds them on the shelf."""
    if isinstance(page, LessonPage):
        for kind in printables.KINDS.values():
            printables.shelve_quietly(page, kind)
