"""Whole pages for visitors who carry nothing: made once, sent many times, forgotten when anything is published."""

from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language_from_path
from wagtail.models import ModelLogEntry, PageLogEntry, Revision

SECONDS = 24 * 60 * 60
LOGS = [model._meta.db_table for model in (Revision, PageLogEntry, ModelLogEntry)]
NEWEST = "SELECT " + ", ".join(f"(SELECT MAX(id) FROM {table})" for table in LOGS)  # noqa: S608 - our own tables


def remember_pages(get_response):
    """Middleware. A page is the same for everybody without a cookie; others, and forms, pass by."""

    def middleware(request):
        if request.method != "GET" or request.COOKIES or request.META.get("QUERY_STRING") or not is_page(request):
            return get_response(request)
        pages, key = caches["pages"], f"{edition()}:{request.path_info}"
        if kept := pages.get(key):
            content, headers = kept
            return HttpResponse(content, headers=headers)
        response = get_response(request)
        if may_be_kept(request, response):
            pages.set(key, (response.content, dict(response.headers)), SECONDS)
        return response

    return middleware


def is_page(request) -> bool:
    return bool(get_language_from_path(request.path_info))


def edition() -> str:
    """Changes with every publishing, unpublishing, move or edit in the site, and at midnight: listings expire."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST)
        newest = cursor.fetchone()
    return "-".join(str(part) for part in (timezone.localdate(), *newest))


def may_be_kept(request, response) -> bool:
    return (
        response.status_code == 200
        and not response.streaming
        and response.headers.get("Content-Type", "").startswith("text/html")
        and "Cache-Control" not in response.headers
        and not response.cookies
        and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
    )
