from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from curriculum.surroundings import surroundings
from quizzes.forms import ForeignItem, ItemForm, read_forms

LARGEST_POST = 64 * 1024  # characters; a whole quiz posts about 4,000


@never_cache
def take_quiz(request, quiz):
    """Shows a quiz; marks what is posted and gives feedback. Stores nothing: what was chosen travels with the page."""
    if not quiz.lesson.live:
        raise Http404
    items, error, status = quiz.item_list, "", 200
    forms = [ItemForm(item, number) for number, item in enumerate(items, 1)]
    if request.method == "POST":
        if sum(len(value) for values in request.POST.lists() for value in values[1]) > LARGEST_POST:
            error, status = _("That was too much text. Choose from the answers on this page."), 413
        else:
            try:
                forms = read_forms(items, request.POST)
            except ForeignItem:
                error, status = _("One of these answers belongs to another quiz. Please start again here."), 400
            else:
                status = check(forms, request.POST)
    lesson = quiz.lesson
    context = {
        **surroundings(request, quiz, course=lesson.course),
        "lesson": lesson,
        "forms": forms,
        "error": error,
        "done": bool(forms) and all(form.mark for form in forms),
        "page_title": _("Lesson %(number)s: quiz") % {"number": lesson.slug},
    }
    return render(request, "quizzes/quiz_page.html", context, status=status)


def check(forms, data) -> int:
    """Marks the items that the post asks for, and those marked before; 400 for an answer that no page offers."""
    skipped = data.get("skip", "")
    wanted = data.get("check", "" if skipped else "all")
    seen = data.getlist("seen")
    for form in forms:
        id = form.item["id"]
        if id == skipped:
            form.response = ""
        if wanted == "all" or id in (wanted, skipped, *seen):
            form.check(skipping=id != wanted)
    return 400 if any(form.forged for form in forms) else 200
