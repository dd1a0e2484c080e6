"""Whose class is it: what stands at the door of every class page. Another teacher's is not found."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from audiences.class_sessions import close_if_overdue
from audiences.models import Classroom, ClassSession
from curriculum.models import HomePage, LessonPage
from curriculum.models.choices import Audience
from curriculum.surroundings import surroundings


def teachers_only(view):
    """For teachers who are signed in, and superusers; everybody else is told where an account becomes a teacher's."""

    @never_cache
    @login_required
    @wraps(view)
    def wrapper(request, *args, **kwargs):
        if request.user.audience != Audience.TEACHER and not request.user.is_superuser:
            context = frame(request, page_title=_("For teachers"))
            return render(request, "audiences/for_teachers.html", context, status=403)
        return view(request, *args, **kwargs)

    return wrapper


def frame(request, *, audience=Audience.TEACHER, **context):
    """What `base.html` needs on a page that is not of the page tree."""
    home = HomePage.objects.filter(locale__language_code=get_language()).first()
    return {**(surroundings(request, home, audience=audience) if home else {}), **context}


def classroom_of(request, id) -> Classroom:
    found = Classroom.objects.of(request.user).filter(id=id).first()
    if found is None:
        raise Http404
    return found


def session_of(request, id) -> ClassSession:
    """A session of the teacher's, closed now if its time is over."""
    found = ClassSession.objects.of(request.user).select_related("classroom").filter(id=id).first()
    if found is None:
        raise Http404
    close_if_overdue(found)
    return found


def lessons_here(keys):
    """Lessons in the reader's language, by translation key as text."""
    lessons = LessonPage.objects.live().filter(translation_key__in=set(keys), locale__language_code=get_language())
    return {str(lesson.translation_key): lesson for lesson in lessons}


def lesson_of(session) -> LessonPage | None:
    """The lesson of a session in the reader's language, or in another where it is not there. Its streams wait."""
    lessons = LessonPage.objects.live().filter(translation_key=session.lesson).defer_streamfields()
    return lessons.filter(locale__language_code=get_language()).first() or lessons.first()
