"""Quick exit, the server's half: ends the session, clears what this site left in the browser, and leads away."""

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

TABLE = range(1, 10)
OWN_REQUESTS = {"", "none", "same-origin"}  # Sec-Fetch-Site; a hostile page cannot sign anybody out


@csrf_exempt  # it only ever takes away
@never_cache
@require_http_methods(["GET", "POST"])
def leave(request):
    """GET: the plain link, which leads to a neutral page. POST: what the script sends while it leaves by itself."""
    if request.method == "POST":
        response = HttpResponse(status=204)
    else:
        response = HttpResponseRedirect(settings.QUICK_EXIT_URL)
        response.status_code = 303
    if request.headers.get("Sec-Fetch-Site", "") in OWN_REQUESTS:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            logout(request)
        for name in {*request.COOKIES, settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME}:
            response.delete_cookie(name)
        # Over HTTPS, more thorough still. Never "cache": it freezes Chrome; the page's script clears the storage.
        response.headers["Clear-Site-Data"] = '"cookies"'
    return response


@require_safe
def times_table(request):
    """A neutral page of ours, for a classroom without internet: no cookie, no way back, no word about lessons."""
    rows = [[row * column for column in TABLE] for row in TABLE]
    return render(request, "times_table.html", {"rows": rows})
