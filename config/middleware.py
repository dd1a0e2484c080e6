import logging

from django.conf import settings
from django.db import OperationalError
from django.http import UnreadablePostError
from django.utils import translation

from curriculum.errors import bad_request, busy, permission_denied

logger = logging.getLogger(__name__)
BUSY_STATES = ("08", "40", "53", "55", "57")  # PostgreSQL's classes: connection, rollback, resources, locks, operator
BUSY_SIGNS = ("locked", "full", "connection")  # SQLite's words, and psycopg's where the server is not there


def admin_policy(get_response):
    """Under the admin's path, replaces the strict policy by one that Wagtail's inline scripts can live with."""

    def middleware(request):
        response = get_response(request)
        if is_admin(request):
            if "Content-Security-Policy" in response.headers:  # a preview: our own page, in the admin's frame
                del response.headers["Content-Security-Policy"]
                response._csp_replace = {"frame-ancestors": settings.ADMIN_SECURITY_POLICY["frame-ancestors"]}
            else:
                response._csp_replace = settings.ADMIN_SECURITY_POLICY
        return response

    return middleware


def admin_rights(get_response):
    """Tells who may not enter the admin so, where Wagtail leads in circles; speaks a language that it is whole in."""

    def middleware(request):
        if not is_admin(request) or not request.user.is_authenticated:
            return get_response(request)
        if not request.user.has_perm("wagtailadmin.access_admin"):
            return permission_denied(request)
        language = translation.get_language()
        is_whole = language in dict(settings.WAGTAILADMIN_PERMITTED_LANGUAGES)
        with translation.override(language if is_whole else "en"):
            return get_response(request)

    return middleware


def is_admin(request):
    return request.path.startswith(f"/{settings.ADMIN_PATH}")


def closed_doors(get_response):
    """Tells browsers that no page of ours needs a camera, a place or another site's embrace."""

    def middleware(request):
        response = get_response(request)
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), display-capture=()"
        return response

    return middleware


def small_posts(get_response):
    """Refuses a body that no form of ours sends, before any view reads it; uploads belong to the admin."""

    def middleware(request):
        if not is_admin(request) and (is_too_long(request) or has_too_many_fields(request)):
            return bad_request(request)
        return get_response(request)

    return middleware


def is_too_long(request):
    length = request.META.get("CONTENT_LENGTH") or "0"
    return length.isdigit() and int(length) > settings.LARGEST_PUBLIC_POST


def has_too_many_fields(request):
    try:
        return sum(len(values) for _name, values in request.POST.lists()) > settings.MOST_PUBLIC_FIELDS
    except UnreadablePostError:  # the sender went away
        return True


class BusyDatabase:
    """Answers 503 and "come back" where the database could not take a write in time; whoever asked may ask again."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, OperationalError) and is_passing(exception):
            logger.warning("database busy: %s", exception.__cause__ or exception)
            return busy(request)
        return None


def is_passing(error: OperationalError) -> bool:
    """Whether a database's complaint passes: a lock, a deadlock, a full disk, a server that restarts; not a mistake."""
    state = getattr(error.__cause__, "sqlstate", None)
    if state:
        return state[:2] in BUSY_STATES
    return any(sign in str(error) for sign in BUSY_SIGNS)
