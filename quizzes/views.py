"""The quiz as a page: for a visitor nothing is stored, for a learner every answer is. Without script, plain forms."""

from functools import lru_cache
from uuid import UUID

from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from curriculum.surroundings import surroundings
from quizzes import taking
from quizzes.forms import ForeignItem, ItemForm, numbered, read_forms
from quizzes.marking import myths_moved, result
from quizzes.models.attempts import State, items_in
from quizzes.refusals import Refused
from quizzes.versions import current_version

LARGEST_POST = 64 * 1024  # characters; a whole quiz posts about 4,000


@never_cache
def take_quiz(request, quiz):
    """Shows a quiz and reads what is posted: answers travel with the page, or are kept in the learner's attempt."""
    learner = taking.learner_of(request, quiz)
    return take_kept(request, quiz, learner) if learner else take_unkept(request, quiz)


def take_unkept(request, quiz):
    """For a visitor: marks what is posted and gives feedback. Stores nothing."""
    items, error, status = quiz.item_list, "", 200
    forms = numbered(items)
    if request.method == "POST":
        try:
            forms = read_post(items, request.POST)
        except Refused as refusal:
            error, status = refusal.message, refusal.status
        else:
            status = check(forms, request.POST)
    done = bool(forms) and all(form.mark for form in forms)
    return show(request, quiz, forms, settings=quiz.settings, error=error, status=status, done=done)


def read_post(items, data) -> list[ItemForm]:
    if sum(len(value) for values in data.lists() for value in values[1]) > LARGEST_POST:
        raise Refused("too_large")
    try:
        return read_forms(items, data)
    except ForeignItem:
        raise Refused("unknown_item") from None


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


def take_kept(request, quiz, learner: UUID):
    """For a learner: shows what is stored; a post stores, checks, skips or finishes, and leads back to the page."""
    attempt = taking.latest(learner, quiz)
    if request.method != "POST":
        return show_attempt(request, quiz, learner, attempt)
    try:
        attempt = begun(request.POST, quiz, learner, attempt, anew=not taking.only_quiz(request))
        forms = read_post(attempt.items(get_language()), request.POST)
    except Refused as refusal:
        return show_attempt(request, quiz, learner, taking.latest(learner, quiz), refusal=refusal)
    try:
        place = keep(request.POST, learner, attempt, forms)
    except Refused as refusal:
        return show_attempt(request, quiz, learner, attempt, refusal=refusal, posted=forms)
    return redirect(f"{quiz.url}{place}")


def begun(data, quiz, learner, attempt, *, anew):
    """The attempt that a post is about: the open one, begun now if the page knew of all that came before."""
    if data.get("learner", taking.mark_of(learner)) != taking.mark_of(learner):
        raise Refused("no_learner")  # the page was somebody else's
    known = data.get("attempt", "")
    if attempt and attempt.state == State.OPEN:
        if known and known != str(attempt.id):
            raise Refused("attempt_closed")
        return attempt
    if known:
        raise Refused("attempt_closed")
    return taking.begin(learner, quiz, after=taking.uuid_of(data.get("after", "")), anew=anew)


def keep(data, learner, attempt, forms) -> str:
    """Stores what is newer in a post and does what its button says; returns the place on the page to go on from."""
    skipped = data.get("skip", "")
    answers = []
    for form in forms:
        if form.item["id"] == skipped:
            form.response = ""
        known = data.get(f"sequence-{form.item['id']}", "0")
        form.sequence = (int(known) if known.isdecimal() and len(known) < 9 else 0) + 1
        if form.response or form.item["id"] == skipped:
            answers.append(taking.Answer(form.item["id"], form.response, form.sequence))
    taking.save_all(learner, attempt.id, answers)
    wanted = next((form for form in forms if form.item["id"] == data.get("check", "")), None)
    if wanted:
        taking.save(
            learner, attempt.id, taking.Answer(wanted.item["id"], wanted.response, wanted.sequence), checking=True
        )
    if "finish" in data:
        taking.submit(learner, attempt.id, [])
        return "#quiz-end"
    about = wanted.item["id"] if wanted else skipped
    return next((f"#item-{form.number}" for form in forms if form.item["id"] == about), "")


def show_attempt(request, quiz, learner, attempt, *, refusal=None, posted=()):
    """The page as an attempt stands: stored answers, feedback on what was checked, or on all when it is finished."""
    done = bool(attempt) and attempt.state == State.SUBMITTED
    forms = numbered(attempt.items(get_language()) if attempt else quiz.item_list)
    stored = {response.item: response for response in attempt.responses.all()} if attempt else {}
    typed = {form.item["id"]: form for form in posted}
    for form in forms:
        response = stored.get(form.item["id"])
        if response:
            form.response, form.sequence = response.choices, response.sequence
            form.closed = response.checked or done
        skipped = response is not None and not response.choices
        if done or (response and response.checked) or (skipped and not typed):
            form.check(skipping=True)
        elif form.item["id"] in typed:
            form.response = typed[form.item["id"]].response
        if refusal and refusal.item == form.item["id"]:
            form.error = refusal.message
    error = refusal.message if refusal and not refusal.item else ""
    is_new = bool(attempt) and not (stored or typed or done or refusal)
    settings = attempt.content["settings"] if attempt else quiz.settings
    return show(
        request,
        quiz,
        forms,
        settings=settings,
        error=error,
        status=refusal.status if refusal else 200,
        done=done,
        learner=learner,
        attempt=attempt,
        questions=untouched(attempt.version_id, get_language(), settings["feedback_after"]) if is_new else "",
    )


@lru_cache(maxsize=64)
def untouched(version: str, language: str, feedback_after: str) -> str:
    """All items of a version as a learner meets them who has answered none: drawn once for a class, not forty times.

    `language` is the active one.
    """
    forms = numbered(items_in(version, language))
    return render_to_string("quizzes/items.html", {"forms": forms, "kept": True, "feedback_after": feedback_after})


def show(request, quiz, forms, *, settings, error, status, done, learner=None, attempt=None, questions=""):
    lesson = quiz.lesson
    is_open = bool(attempt) and attempt.state == State.OPEN
    context = {
        **surroundings(request, quiz, course=lesson.course),
        "lesson": lesson,
        "forms": forms,
        "questions": questions,
        "error": error,
        "settings": settings,
        "done": done,
        "outcome": outcome(forms, settings) if done else None,
        "kept": bool(learner),
        "learner": taking.mark_of(learner),
        "attempt": attempt.id if is_open else "",
        "after": attempt.id if attempt and not is_open else "",
        "version": current_version(quiz).digest if learner and not is_open else "",
        "page_title": _("Lesson %(number)s: quiz") % {"number": lesson.slug},
    }
    return render(request, "quizzes/quiz_page.html", context, status=status)


def outcome(forms, settings) -> dict:
    """What the end of a quiz says: a score only where the quiz asks for one, and whether myths moved."""
    items = [form.item for form in forms]
    chosen = {form.item["id"]: form.response for form in forms}
    counted = result(items, chosen)
    moved, held = myths_moved(items, chosen)
    said = {"moved": moved, "held": held, "asked_twice": any("moment" in item for item in items)}
    if settings["shows_score"] or settings["pass_mark"]:
        said |= {"right": counted.right, "marked": counted.marked}
    if settings["pass_mark"]:
        said |= {"passed": counted.passes(settings["pass_mark"]), "missing": counted.missing(settings["pass_mark"])}
    return said
