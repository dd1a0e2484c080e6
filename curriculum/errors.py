"""Pages for when something is not there or went wrong, in the reader's language."""

from django.http import HttpResponseServerError, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from curriculum.models.access import reachable
from curriculum.models.pages import HomePage
from curriculum.surroundings import everywhere

RETRY_AFTER = 5  # seconds


def page_not_found(request, exception=None):
    """404: where the page exists in other languages, it says so and offers them."""
    offers = elsewhere(request)
    context = {
        "offers": offers,
        "page_title": _("Page not found"),
    }
    template = "missing_language.html" if offers else "404.html"
    return render(request, template, context, status=404)


def bad_request(request, exception=None):
    return _plain(request, "400.html", _("We could not read that"), 400)


def permission_denied(request, exception=None):
    return _plain(request, "403.html", _("This is not open to you"), 403)


def csrf_failure(request, reason=""):
    return _json_or_page(request, "csrf", "csrf.html", _("Please send that once more"), 403)


def busy(request):
    """503: too many writers at once. Nothing was kept of this request; the same request may be sent again."""
    response = _json_or_page(request, "busy", "busy.html", _("Many people are here just now"), 503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def too_many_requests(request):
    """429: one address or one account tried too often."""
    return _json_or_page(request, "too_many", "429.html", _("Please wait a little"), 429)


def _json_or_page(request, code, template, title, status):
    """For a page's own script the code and the sentence; for a reader the page."""
    if "json" not in request.headers.get("Accept", ""):
        return _plain(request, template, title, status)
    with translation.override(_language(request)):
        return JsonResponse({"code": code, "message": str(title), "item": ""}, status=status)


def server_error(request):
    """500: no database, just words and the way to help."""
    try:
        with translation.override(_language(request)):
            context = {"page_title": _("A mistake of ours"), **everywhere(request)}
            return HttpResponseServerError(loader.render_to_string("500.html", context))
    except Exception:  # noqa: BLE001 - the last page of all must not fail
        return HttpResponseServerError("Setuju")


def _plain(request, template, title, status):
    with translation.override(_language(request)):
        return render(request, template, {"page_title": title}, status=status)


def _language(request):
    return translation.get_language_from_request(request, check_path=True)


def elsewhere(request):
    """The same address in other languages, where a live page stands there: slugs are the same in all four."""
    language = translation.get_language_from_path(request.path_info)
    if not language:
        return []
    tail = request.path_info.removeprefix(f"/{language}/")
    homes = {home.locale.language_code: home.url_path for home in HomePage.objects.live().select_related("locale")}
    lesson = "/".join(tail.split("/")[:3]) + "/"  # its slides, plan and sheets are below a lesson's own address
    own = homes.pop(language, "")
    addresses = {tail} if Page.objects.live().filter(url_path=f"{own}{lesson}").exists() else {tail, lesson}
    paths = [f"{home}{address}" for home in homes.values() for address in addresses]
    found = reachable(Page.objects.filter(url_path__in=paths)).select_related("locale")
    return [
        {"code": page.locale.language_code, "title": page.title, "url": f"/{page.locale.language_code}/{tail}"}
        for page in found
    ]
