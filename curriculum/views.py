"""What the pages show. A page routes here; nothing here knows of quizzes or accounts."""

from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils.translation import gettext as _

from curriculum import printables
from curriculum.surroundings import surroundings


def home(request, page):
    context = {
        **surroundings(request, page),
        "doors": page.doors,
        "tiers": page.tiers,
        "help_message": page.help_message,
        "page_title": page.title,
    }
    return render(request, "curriculum/home_page.html", context)


def audience(request, page):
    context = {
        **surroundings(request, page, audience=page.audience),
        "courses": page.courses_in_order,
        "packs": page.packs,
        "page_title": page.title,
    }
    return render(request, "curriculum/audience_page.html", context)


def course(request, page):
    context = {
        **surroundings(request, page, course=page),
        "lessons": page.lessons_in_order,
        "page_title": page.neutral_title,
    }
    return render(request, "curriculum/course_page.html", context)


def guide(request, page):
    if page.audience:
        return render(request, "curriculum/card_page.html", card_context(request, page))
    context = {**surroundings(request, page), "page_title": page.title, "is_directory": page.slug == "help"}
    return render(request, "curriculum/guide_page.html", context)


def card_context(request, page):
    return {**surroundings(request, page, audience=page.audience), "page_title": page.neutral_title}


def lesson(request, page):
    context = {
        **lesson_context(request, page),
        "quiz": page.quiz,
        "companion": page.companion_here if page.companion_id else None,
    }
    return render(request, "curriculum/lesson_page.html", context)


def slides(request, page):
    return render(request, "curriculum/slides.html", lesson_context(request, page))


def plan(request, page):
    return render(request, "curriculum/plan.html", {**lesson_context(request, page), "topics": page.topics_here})


def worksheet(request, page):
    return render(request, "curriculum/worksheet.html", lesson_context(request, page))


def preview_lesson(request, page, mode):
    """An unsaved lesson as an editor sees it beside the form."""
    return {"slides": slides, "worksheet": worksheet}.get(mode, lesson)(request, page)


def lesson_context(request, page):
    return {
        **surroundings(request, page, course=page.course),
        "lesson": page,
        "page_title": page.neutral_title,
        "printables": printables.for_learners(),
        "teachers_printables": printables.for_teachers(),
    }


def printable(request, page, name):
    """A PDF of this lesson."""
    kind = printables.KINDS.get(name)
    if kind is None:
        raise Http404
    return sheet(request, page, kind, lesson_context)


def card(request, page):
    """A guide for one audience on one sheet of A5."""
    if not page.audience:
        raise Http404
    return sheet(request, page, printables.CARD, card_context)


def sheet(request, page, kind, context_of):
    """A PDF of this page, from the shelf or made now; a calm page where it cannot be made."""
    try:
        pdf = open_sheet(page, kind)
    except printables.PrintingFailed:
        context = {**context_of(request, page), "page_title": _("This sheet could not be made"), "kind": kind}
        response = render(request, "curriculum/printing_failed.html", context, status=503)
        response["Retry-After"] = "60"  # seconds; the sheet is being made meanwhile
        return response
    # Shown in the tab, never as a download: a file in the Downloads folder of a shared phone stays when the tab is
    # closed. For the same reason the browser may not keep a copy; nor could it then show an earlier state.
    response = FileResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{printables.file_name(page, kind)}"'
    response["Cache-Control"] = "no-store"
    return response


def open_sheet(page, kind):
    try:
        return printables.shelve(page, kind).open("rb")
    except FileNotFoundError:  # another process put a newer state in its place just now
        return printables.shelve(page, kind).open("rb")
