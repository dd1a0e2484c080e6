"""What a session showed: on the screen, and as files of the same figures."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from audiences import exports
from audiences.results import of_session
from audiences.teachers import frame, lesson_of, session_of, teachers_only
from curriculum.press import TypesettingFailed

KINDS = {
    "csv": (exports.as_csv, "text/csv; charset=utf-8"),
    "xlsx": (exports.as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "pdf": (exports.as_pdf, "application/pdf"),
}


@teachers_only
def results(request, session, *, notice="", status=200):
    found = session_of(request, session)
    lesson = lesson_of(found)
    context = frame(
        request,
        page_title=_("Results"),
        session=found,
        lesson=lesson,
        results=of_session(found, get_language()),
        outcomes={outcome.key: outcome.text for outcome in lesson.outcomes.all()} if lesson else {},
        notice=notice,
    )
    return render(request, "audiences/results.html", context, status=status)


@teachers_only
def export(request, session, kind):
    found = session_of(request, session)
    make, content_type = KINDS[kind]
    try:
        content = make(found, lesson_of(found), of_session(found, get_language()))
    except TypesettingFailed:
        return results(request, session, notice=_("The PDF could not be made now. The other files can."), status=503)
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="results-{found.opened_at:%Y-%m-%d}.{kind}"'
    return response
