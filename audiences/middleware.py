"""Who holds a seat learns from it; who held one in a session that is over is told so once."""

from django.conf import settings
from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from audiences.seats import COOKIE, seat_of

OPEN_TO_ENDED = ("/join/", "/seat/", "/help/")  # and quick exit, which is outside of every language


def seated(get_response):
    def middleware(request):
        cookie = request.COOKIES.get(COOKIE) if is_for_learners(request.path) else None
        request.seat = seat_of(cookie) if cookie else None
        if request.seat and request.seat.attempt:
            request.learner, request.only_quiz = request.seat.learner, request.seat.attempt.quiz
        elif cookie and not request.seat:
            if "/api/" in request.path:
                return JsonResponse({"code": "session_ended", "message": ended(), "item": ""}, status=410)
            if not request.path[request.path.find("/", 1) :].startswith(OPEN_TO_ENDED):
                return redirect(reverse("seat"))
        return get_response(request)

    return middleware


def is_for_learners(path: str) -> bool:
    """Whether an address is in a language: neither the admin nor a file."""
    return path.split("/")[1] in dict(settings.LANGUAGES)


def ended() -> str:
    return _("This session has ended. Thank you for taking part.")
