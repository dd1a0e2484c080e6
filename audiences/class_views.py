"""A teacher's classes: the list, one class with its sessions, opening a session."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audiences.class_forms import ClassroomForm, OpeningForm
from audiences.class_sessions import LENGTHS, close, close_if_overdue, close_overdue, fit, how_many, open_session
from audiences.models import ClassSession
from audiences.teachers import classroom_of, frame, lessons_here, teachers_only
from curriculum.models import LessonPage
from quizzes.models import QuizPage

LISTED = 20  # sessions on one page of a class


@teachers_only
def classrooms(request):
    sessions = ClassSession.objects.of(request.user).open().select_related("classroom")
    running = [session for session in sessions if not close_if_overdue(session)]
    context = frame(
        request,
        page_title=_("My classes"),
        classrooms=request.user.classrooms.all(),
        running=running,
        lessons=lessons_here(session.lesson for session in running),
    )
    return render(request, "audiences/classrooms.html", context)


@teachers_only
def new(request):
    return edit_form(request, ClassroomForm(request.POST or None, initial={"languages": [get_language()]}))


@teachers_only
def edit(request, classroom):
    return edit_form(request, ClassroomForm(request.POST or None, instance=classroom_of(request, classroom)))


def edit_form(request, form):
    if request.method == "POST" and form.is_valid():
        classroom = form.save(commit=False)
        classroom.teacher = request.user
        classroom.languages, classroom.lessons = form.cleaned_data["languages"], form.cleaned_data["lessons"]
        classroom.save()
        return redirect("classroom", classroom=classroom.id)
    context = frame(request, page_title=_("A class"), form=form)
    return render(request, "audiences/classroom_form.html", context, status=400 if form.errors else 200)


@teachers_only
def classroom(request, classroom):
    found = classroom_of(request, classroom)
    for session in found.sessions.overdue():
        close(session)
    page = Paginator(found.sessions.all(), LISTED).get_page(request.GET.get("page"))
    lessons = lessons_here([*found.lessons, *(str(session.lesson) for session in page)])
    rows = [
        {"session": session, "lesson": lessons.get(str(session.lesson)), "numbers": how_many(session)}
        for session in page
    ]
    context = frame(
        request,
        page_title=found.label,
        classroom=found,
        rows=rows,
        page_of=page,
        picked=[lessons[key] for key in found.lessons if key in lessons],
    )
    return render(request, "audiences/classroom.html", context)


@teachers_only
@require_POST
def delete(request, classroom):
    classroom_of(request, classroom).delete()
    return redirect("classrooms")


@teachers_only
def open_lesson(request, classroom, lesson):
    """Opens a session of a lesson: how long, what is left out, what the plan then keeps."""
    found = classroom_of(request, classroom)
    page = LessonPage.objects.live().filter(translation_key=lesson, locale__language_code=get_language()).first()
    if page is None:
        raise Http404
    quiz = QuizPage.objects.live().child_of(page).first()
    form = OpeningForm(request.POST or None, items=quiz.item_list if quiz else [], initial={"minutes": 40})
    if request.method == "POST" and form.is_valid():
        close_overdue()  # anybody's: nobody may have looked at it since
        session = open_session(found, page, quiz=quiz, **form.cleaned_data)
        return redirect("session", session=session.id)
    activities = list(page.activities.all())
    fits = [
        {"minutes": length, **dict(zip(("kept", "dropped", "over"), fit(activities, length), strict=True))}
        for length in LENGTHS
    ]
    context = frame(request, page_title=_("Open a session"), classroom=found, lesson=page, form=form, fits=fits)
    return render(request, "audiences/open_session.html", context, status=400 if form.errors else 200)
