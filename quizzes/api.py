"""What the quiz page's own script says to the server, in JSON: version 1, same origin, every refusal with a code.

    POST attempts/                                  {quiz, after, version}   the open attempt, begun if there is none
    GET  attempts/<id>/                                                      what is stored
    PUT  attempts/<id>/responses/<item>/            {choices, sequence}      stores one answer
    POST attempts/<id>/responses/<item>/check/      {choices, sequence}      stores it for good, returns its feedback
    POST attempts/<id>/submit/                      {responses: [{item, choices, sequence}]}

`choices` is what the page's form would hold: a value, a list of values, or a value for each row; "" is a skip.
The header `X-Learner` says whose page it is (`taking.mark_of`): answers of one learner never count for the next.
"""

from functools import wraps
from typing import Annotated

import pydantic
from django.http import JsonResponse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache

from quizzes import taking
from quizzes.forms import numbered, render_item
from quizzes.models import Attempt, QuizPage
from quizzes.refusals import Refused

LARGEST_BODY = 64 * 1024  # bytes; a whole quiz sends about 4,000
Value = Annotated[str, pydantic.Field(max_length=80)]


class Body(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", strict=True)


class Beginning(Body):
    quiz: Value
    after: Value = ""
    version: Value = ""


class Answer(Body):
    choices: (
        Value
        | Annotated[list[Value], pydantic.Field(max_length=40)]
        | Annotated[dict[Value, Value], pydantic.Field(max_length=40)]
    )
    sequence: Annotated[int, pydantic.Field(ge=1, le=2**31 - 1)]


class NamedAnswer(Answer):
    item: Value


class Submission(Body):
    responses: Annotated[list[NamedAnswer], pydantic.Field(max_length=200)]


class Nothing(Body):
    pass


def endpoint(method, body=Nothing):
    """Wraps a view `(request, learner, body, ...)`: reads and checks the body, and turns refusals into answers."""

    def decorate(view):
        @never_cache
        @wraps(view)
        def wrapper(request, **kwargs):
            try:
                if request.method != method:
                    raise Refused("method_not_allowed")
                learner = taking.learner_of(request)
                if learner is None or request.headers.get("X-Learner", taking.mark_of(learner)) != taking.mark_of(
                    learner
                ):
                    raise Refused("no_learner")  # nobody, or somebody else by now: in another tab they changed places
                return JsonResponse(view(request, learner, read(request, body), **kwargs))
            except Refused as refusal:
                return refused(refusal)

        return wrapper

    return decorate


def refused(refusal: Refused) -> JsonResponse:
    data = {"code": refusal.code, "message": refusal.message, "item": refusal.item}
    return JsonResponse(data, status=refusal.status)


def read(request, body):
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal():
        raise Refused("invalid_request")
    if int(length) > LARGEST_BODY:
        raise Refused("too_large")
    if request.method != "GET" and request.content_type != "application/json":
        raise Refused("invalid_request")
    try:
        return body.model_validate_json(request.body or b"{}")
    except pydantic.ValidationError as error:
        malformed = any(fault["type"] == "json_invalid" for fault in error.errors())
        raise Refused("malformed_json" if malformed else "invalid_request") from None


@endpoint("POST", Beginning)
def begin(request, learner, body):
    pages = QuizPage.objects.translations_of(taking.uuid_of(body.quiz)).filter(locale__language_code=get_language())
    quiz = pages.first()
    if quiz is None or not quiz.is_reachable:
        raise Refused("not_found")
    after, anew = taking.uuid_of(body.after), not taking.only_quiz(request)
    return described(taking.begin(learner, quiz, after=after, version=body.version, anew=anew))


@endpoint("GET")
def show(request, learner, body, attempt):
    found = Attempt.objects.by(learner).filter(id=attempt).first()
    if found is None:
        raise Refused("not_found")
    return described(found)


@endpoint("PUT", Answer)
def save(request, learner, body, attempt, item):
    form, answer = resolved(learner, attempt, [named(item, body)])[0]
    return saved("saved", taking.save(learner, attempt, answer), form)


@endpoint("POST", Answer)
def check(request, learner, body, attempt, item):
    form, answer = resolved(learner, attempt, [named(item, body)])[0]
    stored = taking.save(learner, attempt, answer, checking=True)
    answer_now = saved("checked" if stored.checked else "saved", stored, form)
    if not stored.checked:
        return answer_now
    form.check(skipping=True)
    form.closed = True
    return answer_now | {"html": render_item(form)}


@endpoint("POST", Submission)
def submit(request, learner, body, attempt):
    answers = [answer for _item, answer in resolved(learner, attempt, body.responses)]
    closed, duplicate = taking.submit(learner, attempt, answers)
    return {"code": "submitted", "attempt": str(closed.id), "duplicate": duplicate}


def named(item: str, body: Answer) -> NamedAnswer:
    return NamedAnswer.model_construct(item=item, choices=body.choices, sequence=body.sequence)


def resolved(learner, attempt_id, answers):
    """The form of each answer's item, and the answer as marking takes it; in the attempt's own version."""
    attempt = Attempt.objects.by(learner).filter(id=attempt_id).first()
    if attempt is None:
        raise Refused("not_found")
    forms = {form.item["id"]: form for form in numbered(attempt.items(get_language()))}
    found = []
    for answer in answers:
        form = forms.get(answer.item)
        if form is None:
            raise Refused("unknown_item", answer.item[:50])
        form.take(answer.choices)
        found.append((form, taking.Answer(answer.item, form.response, answer.sequence)))
    return found


def saved(code, stored: taking.Saved, form) -> dict:
    form.response, form.sequence = stored.choices, stored.sequence
    return {
        "code": code,
        "item": stored.item,
        "choices": form.shown(),
        "sequence": stored.sequence,
        "checked": stored.checked,
        "stale": stored.stale,
    }


def described(attempt: Attempt) -> dict:
    forms = {form.item["id"]: form for form in numbered(attempt.items(get_language()))}
    responses = []
    for response in attempt.responses.all():
        form = forms[response.item]
        stored = taking.Saved(response.item, response.choices, response.sequence, response.checked, stale=False)
        responses.append({key: value for key, value in saved("", stored, form).items() if key not in ("code", "stale")})
    return {"code": attempt.state, "attempt": str(attempt.id), "responses": responses}
