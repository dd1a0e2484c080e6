"""Somebody who takes quizzes: with an account and a browser, with or without the page's own script."""

import json

from django.test import Client

from quizzes.models import Attempt, QuizVersion, Response
from tests.factories import UserFactory
from tests.reading import parse

JSON = "application/json"


class Learner:
    """Signed in, with one browser; `Learner(other.user)` is the same person with another."""

    def __init__(self, user=None, **browser):
        self.user = user or UserFactory()
        self.id = self.user.learner
        self.client = Client(**browser)
        self.client.force_login(self.user)

    @property
    def attempts(self):
        return Attempt.objects.by(self.id)

    def page(self, quiz):
        return parse(self.client.get(quiz.url))

    def post(self, quiz, answers=None, *, form=None, **button):
        """Fills in the form, of the page as it is now unless another is given, and presses a button."""
        data = (fields(self.page(quiz)) if form is None else form) | (answers or {}) | button
        return self.client.post(quiz.url, data)

    def api(self, method, path, body=None, *, language="en", **headers):
        """Speaks to the server as the page's own script does; a body that is a text is sent as it is."""
        if method == "GET":
            return self.client.get(f"/{language}/api/1/{path}", headers={"Accept": JSON, **headers})
        text = body if isinstance(body, str | bytes) else json.dumps(body or {})
        send = getattr(self.client, method.lower())
        return send(f"/{language}/api/1/{path}", text, content_type=JSON, headers={"Accept": JSON, **headers})

    def begin(self, quiz, **more):
        return self.api("POST", "attempts/", {"quiz": str(quiz.translation_key), **more})

    def save(self, attempt, item, choices, sequence=1, *, check=False, language="en"):
        body = {"choices": choices, "sequence": sequence}
        path = f"attempts/{attempt}/responses/{item['id']}/"
        if check:
            return self.api("POST", f"{path}check/", body, language=language)
        return self.api("PUT", path, body, language=language)

    def submit(self, attempt, answers=(), *, language="en"):
        """`answers`: `[(item, choices, sequence), ...]`."""
        responses = [{"item": item["id"], "choices": given, "sequence": n} for item, given, n in answers]
        return self.api("POST", f"attempts/{attempt}/submit/", {"responses": responses}, language=language)


def fields(soup):
    """What a browser posts from the quiz's form as it stands, without a button."""
    found = {}
    for field in soup.select("form#quiz input, form#quiz select"):
        if field.has_attr("disabled"):
            continue
        if field.name == "select":
            option = field.select_one("[selected]") or field.select_one("option")
            found[field["name"]] = option["value"]
        elif field["type"] == "checkbox" and field.has_attr("checked"):
            found.setdefault(field["name"], []).append(field["value"])
        elif field["type"] == "hidden" or field.has_attr("checked"):
            found[field["name"]] = field["value"]
    return {name: value for name, value in found.items() if name != "csrfmiddlewaretoken"}


def kept():
    """Every row that the quizzes keep, to compare before and after."""
    return {model: list(model.objects.order_by("pk").values()) for model in (Attempt, Response, QuizVersion)}
