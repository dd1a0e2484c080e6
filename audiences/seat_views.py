"""A pupil's way in: a code, a seat with a picture, and out again. Nothing is typed but the code."""

from django.conf import settings
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST

from audiences import seats
from audiences.middleware import ended
from audiences.models.classes import OPEN_FOR
from audiences.teachers import frame, lesson_of
from curriculum.models.choices import Audience
from curriculum.surroundings import surroundings
from quizzes.models import QuizPage

LONGEST_CODE = 20  # characters that are looked at


@never_cache
@ensure_csrf_cookie
def join(request, code=""):
    """Asks for the code; with one in the address, from the QR or the home page, only for a press of the button."""
    if request.method != "POST":
        return show_join(request, code or request.GET.get("code", ""))
    code = request.POST.get("code", "")[:LONGEST_CODE]
    try:
        taken = seats.take(code, request.COOKIES.get(settings.CSRF_COOKIE_NAME, ""))
    except seats.TooManyTries:
        error = _("That was many tries. Wait ten minutes, or ask your teacher for the lesson's address.")
        return show_join(request, code, error=error, status=429)
    except seats.NoSeat:
        error = _("This code does not open a seat now. Look at the wall again, or ask your teacher.")
        return show_join(request, code, error=error, status=404 if code else 400)
    response = redirect("seat")
    response.set_cookie(
        seats.COOKIE,
        taken.cookie,
        max_age=int(OPEN_FOR.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def show_join(request, code, *, error="", status=200):
    context = frame(request, audience=Audience.STUDENT, page_title=_("Join"), code=code[:LONGEST_CODE], error=error)
    return render(request, "audiences/join.html", context, status=status)


@never_cache
def seat(request):
    """The pupil's own place: the picture, and the way to the lesson and its questions; or the end of the session."""
    if request.seat is None:
        return over(request) if seats.COOKIE in request.COOKIES else redirect("join")
    lesson = lesson_of(request.seat.session)
    quiz = QuizPage.objects.live().child_of(lesson).first() if lesson and request.seat.attempt_id else None
    context = {**around(request, lesson), "page_title": _("My seat"), "lesson": lesson, "quiz": quiz}
    return render(request, "audiences/seat.html", context)


def around(request, lesson):
    """The frame of the lesson's tier; that of all students where the lesson is gone."""
    if lesson is None:
        return frame(request, audience=Audience.STUDENT)
    return surroundings(request, lesson, course=lesson.course)


def over(request):
    """Says that the session has ended, with the way back to the lesson; and forgets the seat on this device."""
    session = seats.session_of(request.COOKIES[seats.COOKIE])
    lesson = lesson_of(session) if session else None
    context = {**around(request, lesson), "page_title": _("My seat"), "lesson": lesson, "message": ended()}
    return forget(render(request, "audiences/session_over.html", context))


@never_cache
@require_POST
def leave(request):
    """The next one sits down at this device; what was answered stays counted."""
    response = forget(HttpResponseRedirect(reverse("join")))
    response.delete_cookie(settings.CSRF_COOKIE_NAME)  # the seat was taken with it: the next one takes another
    return response


def forget(response):
    response.delete_cookie(seats.COOKIE)
    response.headers["Clear-Site-Data"] = '"storage"'  # answers that wait for the network are nobody else's
    return response
