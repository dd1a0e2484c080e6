"""What a session showed, and a class over time: on the screen, and as files of the same figures."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from audiences import exports
from audiences.class_results import of_sessions, outcomes_of
from audiences.results import of_session
from audiences.teachers import classroom_of, frame, lesson_of, lessons_here, session_of, teachers_only
from curriculum.printables import PrintingFailed

KINDS = {
    "pdf": (exports.as_pdf, "application/pdf"),
    "xlsx": (exports.as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (exports.as_csv, "text/csv; charset=utf-8"),
}
TOGETHER = 20  # sessions of one page of a class's results


@teachers_only
def results(request, session, *, notice="", status=200):
    found = session_of(request, session)
    lesson, told = results_of(found)
    context = frame(
        request, page_title=_("Results"), session=found, lesson=lesson, results=told, notice=notice,
    )  # fmt: skip
    return render(request, "audiences/results.html", context, status=status)


def results_of(session):
    """The lesson of a session, and its results in the reader's language."""
    lesson = lesson_of(session)
    outcomes = outcomes_of([lesson]).get(lesson.id) if lesson else None
    return lesson, of_session(session, get_language(), outcomes)


@teachers_only
def export(request, session, kind):
    found = session_of(request, session)
    report = exports.session_report(found, *results_of(found))
    try:
        return as_file(kind, report, found.day)
    except PrintingFailed:
        return results(request, session, notice=not_printed(), status=503)


@teachers_only
def class_results(request, classroom, *, notice="", status=200):
    found = classroom_of(request, classroom)
    page, told = over_time(request, found)
    context = frame(
        request,
        page_title=_("Results over time"),
        classroom=found,
        results=told,
        page_of=page,
        kinds=list(KINDS),
        notice=notice,
    )
    return render(request, "audiences/class_results.html", context, status=status)


@teachers_only
def class_export(request, classroom, kind):
    found = classroom_of(request, classroom)
    _page, told = over_time(request, found)
    if not told.lines:
        raise Http404
    try:
        return as_file(kind, exports.class_report(found, told), told.lines[0].session.day)
    except PrintingFailed:
        return class_results(request, classroom, notice=not_printed(), status=503)


def over_time(request, classroom) -> tuple:
    """The page of closed sessions that was asked for, and their results."""
    closed = classroom.sessions.closed().prefetch_related("tallies")
    page = Paginator(closed, TOGETHER).get_page(request.GET.get("page"))
    lessons = lessons_here(str(session.lesson) for session in page)
    return page, of_sessions(page, lessons, get_language())


def as_file(kind, report, day) -> HttpResponse:
    if kind not in KINDS:
        raise Http404
    make, content_type = KINDS[kind]
    response = HttpResponse(make(report), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="results-{day}.{kind}"'
    return response


def not_printed() -> str:
    return _("The PDF could not be made now. The other files can.")
