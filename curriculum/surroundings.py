"""What stands around every public page: languages, help strip, way out."""

from django.conf import settings
from django.urls import translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from curriculum.models.choices import Audience
from curriculum.models.support import SupportService

STRIP_LENGTH = 4  # services on the strip; the help page lists all of them


def surroundings(request, page, *, course=None, audience=""):
    """The context that `base.html` needs for a page, whatever its type: one query, for the services."""
    tier = course.tier if course else ""
    audience = course.audience if course else audience
    services = SupportService.objects.shown().in_language_of(page).fit_for(tier=tier, audience=audience).listed()
    return {
        "page": page,
        "course": course,
        "tier": tier,
        "audience": audience or Audience.STUDENT,
        "services": services,
        "strip": services[:STRIP_LENGTH],
        "help_message": course.help_message if course else "",
    }


def everywhere(request):
    """Context processor: what `base.html` needs on pages that are not of the page tree, too."""
    return {
        "quick_exit_url": settings.QUICK_EXIT_URL,
        "languages": SimpleLazyObject(lambda: same_address(request)),
    }


def same_address(request):
    """This address in the four languages: slugs are the same in all, and a page that is missing says so."""
    here = get_language()
    return [
        {"code": code, "name": name, "url": translate_url(request.get_full_path(), code), "here": code == here}
        for code, name in settings.LANGUAGES
    ]
