"""A session as it runs: the teacher's own screen, the wall, and what is printed and typed for a class on paper."""

from math import ceil
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.signing import Signer
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from audiences import class_sessions, qr, results
from audiences.class_forms import CountsForm
from audiences.class_sessions import close_if_overdue, fit, how_many, item_of, items_of
from audiences.middleware import ended
from audiences.models import ClassSession, Tally
from audiences.models.classes import Screen, Source
from audiences.teachers import frame, lesson_of, session_of, teachers_only
from curriculum.surroundings import surroundings
from quizzes.forms import numbered

LAST_PLACE = 999
SHEETS = ("slips", "cards", "box", "tally")
LETTERS = "ABCDEF"
BOX_SLIPS = 12  # of each letter, on one sheet


@teachers_only
def control(request, session):
    """The teacher's own screen: how many are in, minutes left, notes, and every question with its Reveal."""
    found = session_of(request, session)
    if not found.is_open:
        return redirect("results", session=found.id)
    lesson = lesson_of(found)
    activities = list(lesson.activities.all()) if lesson else []
    _kept, dropped, _over = fit(activities, found.minutes)
    told = results.of_session(found, get_language())
    rows = {row.item["id"]: row for row in told.items}
    revealed = revealed_in(found)
    questions = [
        {"form": form, "result": rows.get(form.item["id"]), "is_revealed": form.item["id"] in revealed}
        for form in numbered(items_of(found, get_language()))
    ]
    context = frame(
        request,
        page_title=_("Session"),
        session=found,
        lesson=lesson,
        steps=[{"activity": activity, "dropped": activity in dropped} for activity in activities],
        questions=questions,
        joined=told.joined,
        finished=told.finished,
        left=minutes_left(found),
        state_key=key_of(found.id),
    )
    return render(request, "audiences/session.html", context)


def minutes_left(session) -> int:
    passed = (timezone.now() - session.opened_at).total_seconds() / 60
    return max(0, ceil(session.minutes - passed))


@never_cache
def state(request, session, key):
    """What the wall and the teacher's screen ask for every few seconds: numbers of people, never of answers.

    The key stands on those two pages only. It spares looking up, each time, who is signed in: half of the cost.
    """
    if not constant_time_compare(key, key_of(session)):
        raise Http404
    found = get_object_or_404(ClassSession.objects.select_related("classroom"), id=session)
    close_if_overdue(found)
    return JsonResponse(state_of(found))


def key_of(session: UUID) -> str:
    """What opens the state of a session, and nothing else of it."""
    return Signer(salt="audiences.state").signature(str(session))


def state_of(session) -> dict:
    joined, finished = how_many(session)
    return {
        "open": session.is_open,
        "place": session.place,
        "screen": session.screen,
        "locked": session.is_locked,
        "joined": joined,
        "finished": finished,
        "crowded": joined > session.classroom.size,
        "left": minutes_left(session),
        "revealed": revealed_in(session) if session.is_open else [],
    }


def revealed_in(session) -> list[str]:
    """The items of an open session whose counts the class has seen."""
    return list(session.tallies.filter(source=Source.SEATS).values_list("item", flat=True))


@teachers_only
@require_POST
def act(request, session):
    """One press of a button, of the wall's or of the teacher's screen."""
    found = session_of(request, session)
    notice = ACTIONS.get(request.POST.get("do", ""), nothing)(found, request.POST) if found.is_open else ""
    if "json" in request.headers.get("Accept", ""):
        return JsonResponse({**state_of(found), "notice": notice})
    if notice:
        messages.warning(request, notice)
    item = slugify(request.POST.get("item", ""))  # of Reveal: back to its question
    return redirect(reverse("session", args=[found.id]) + (f"#question-{item}" if item else ""))


def nothing(session, data):
    return _("We could not read that")


def go(session, data):
    """To a slide by its number, or one on or back from where the wall stands."""
    wanted = data.get("place", "")
    step = {"next": 1, "back": -1}.get(wanted)
    if step is None and not (wanted.isascii() and wanted.isdigit() and len(wanted) < 5):
        return nothing(session, data)
    place = session.place + step if step else int(wanted)
    session.place, session.screen = min(max(0, place), LAST_PLACE), Screen.SLIDES
    session.save(update_fields=["place", "screen"])
    return ""


def screen(session, data):
    """The blank screen or the pause on the wall; asked for again, the slides."""
    wanted = data.get("screen", "")
    if wanted not in Screen.values:
        return nothing(session, data)
    session.screen = Screen.SLIDES if session.screen == wanted else wanted
    session.save(update_fields=["screen"])
    return ""


def lock(session, data):
    session.is_locked = not session.is_locked
    session.save(update_fields=["is_locked"])
    return ""


def reveal(session, data):
    if class_sessions.reveal(session, data.get("item", "")):
        return ""
    return _("There are not enough answers yet to show them safely. Ten are needed.")


def close(session, data):
    class_sessions.close(session)
    return ""


ACTIONS = {"go": go, "screen": screen, "lock": lock, "reveal": reveal, "close": close}


@teachers_only
def wall(request, session):
    """The projector: the code, the slides, then the questions. No name, no timer, no number of a pupil's.

    At the end it says so, and no more: the class sees what was revealed to it, and not the results.
    """
    found = session_of(request, session)
    lesson = lesson_of(found)
    if lesson is None:
        return redirect("session", session=found.id)
    context = {
        **surroundings(request, lesson, course=lesson.course),
        "lesson": lesson,
        "page_title": lesson.neutral_title,
        "session": found,
    }
    if not found.is_open:
        return render(request, "audiences/session_over.html", {**context, "message": ended(), "on_wall": True})
    context |= {"forms": numbered(items_of(found, get_language())), "state_key": key_of(found.id), **way_in(found)}
    return render(request, "audiences/wall.html", context)


def way_in(session) -> dict[str, str]:
    """What is typed, and what is scanned, to join; the language is the phone's own."""
    address = f"{settings.SITE_URL}/join/"
    return {"address": address.partition("//")[2], "qr": qr.path(f"{address}{session.code}/")}


@teachers_only
def revealed(request, session, item):
    """The chart of a question that was revealed, for the wall; the numbers from paper are their teacher's."""
    found = session_of(request, session)
    asked = item_of(found, item, get_language())
    tally = found.tallies.filter(item=item, source=Source.SEATS).first()
    if asked is None or tally is None:
        raise Http404
    chart = results.chart(asked, tally.counts, tally.get_source_display())
    return render(request, "audiences/chart.html", {"row": {"charts": [chart]}, "on_wall": True})


@teachers_only
def sheet(request, session, name):
    """What is printed for a class: join slips, vote cards, slips for the box, or the tally sheet of this session."""
    found = session_of(request, session)
    if name not in SHEETS or (name == "slips" and not found.is_open):
        raise Http404
    context = {
        "session": found,
        "name": name,
        "page_title": _("To print"),
        "slips": range(found.classroom.size),
        "letters": LETTERS,
        "box": range(BOX_SLIPS),
        **(way_in(found) if name == "slips" else {}),
        "questions": counts_forms(found, None) if name == "tally" else [],
    }
    return render(request, "audiences/sheet.html", context)


@teachers_only
def paper(request, session):
    """The numbers of a class without devices: typed here, they stand beside those of the seats."""
    found = session_of(request, session)
    forms = counts_forms(found, request.POST if request.method == "POST" else None)
    has_errors = request.method == "POST" and any([not form.is_valid() for form in forms])  # noqa: C419 - ask them all
    if request.method == "POST" and not has_errors:
        for form in forms:
            keep_counts(found, form)
        return redirect("results", session=found.id)
    context = frame(
        request, page_title=_("Numbers from paper"), session=found, lesson=lesson_of(found), forms=forms,
        has_errors=has_errors,
    )  # fmt: skip
    return render(request, "audiences/paper.html", context, status=400 if has_errors else 200)


def counts_forms(session, data) -> list[CountsForm]:
    typed = {tally.item: tally.counts for tally in session.tallies.filter(source=Source.PAPER)}
    items = items_of(session, get_language())
    return [
        CountsForm(
            data,
            item=item,
            number=number,
            size=session.classroom.size,
            labels=results.labels(item),
            initial=CountsForm.initial_of(item, typed[item["id"]]) if item["id"] in typed else None,
        )
        for number, item in enumerate(items, 1)
    ]


def keep_counts(session, form) -> None:
    key = {"session": session, "item": form.item["id"], "source": Source.PAPER}
    if form.answered:
        Tally.objects.update_or_create(**key, defaults=vars(form.tally))
    else:
        Tally.objects.filter(**key).delete()
