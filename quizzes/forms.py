"""What a learner posts, read against a quiz's items: nothing else is believed."""

from dataclasses import dataclass, field

from django.template.loader import render_to_string
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from quizzes.items import BEFORE, SCALE, TRUE_FALSE, offered, path
from quizzes.marking import Mark, Response, UnfinishedResponse, UnknownChoice, mark

PREFIX = "item-"
UNKNOWN = "?"  # stands for a partner that this item does not have
LONGEST_FIELD = 80  # characters; ids and positions are shorter
ROWS = ("order", "match", "branching")  # one value for each row, where others have one or several in all


class ForeignItem(ValueError):
    """The post names an item that this quiz does not have."""


def token(item_id: str, part_id: str) -> str:
    """A name for one side of a pair or an entry that tells nobody where it belongs."""
    return salted_hmac("quizzes.token", f"{item_id.removesuffix(BEFORE)}/{part_id}").hexdigest()[:12]


@dataclass
class ItemForm:
    """One item on the page: what was chosen, what is wrong with it, and its mark once it was asked for."""

    item: dict
    number: int
    total: int = 0
    response: Response = ""
    error: str = ""
    forged: bool = False
    mark: Mark | None = None
    closed: bool = False  # its feedback was seen in an attempt that is kept, so that the answer stays
    sequence: int = 0
    parts: list = field(default_factory=list)

    def __post_init__(self):
        id, kind = self.item["id"], self.item["type"]
        self.name = f"{PREFIX}{id}"
        if kind in ("order", "match"):
            parts = self.item["entries" if kind == "order" else "pairs"]
            self.parts = sorted(parts, key=lambda part: token(id, part["id"]))
        elif kind == "branching":
            self.parts = self.item["steps"]

    def read(self, data) -> None:
        """Takes this item's response from a form's post."""
        kind = self.item["type"]
        if kind in ROWS:
            self.take({part["id"]: data.get(f"{self.name}-{part['id']}", "") for part in self.parts})
        else:
            self.take(data.getlist(self.name) if kind == "multiple-choice" else data.get(self.name, ""))

    def take(self, value) -> None:
        """Takes a response as the page holds it; what it does not know stays an error, not a guess."""
        kind = self.item["type"]
        if kind == "multiple-choice" and isinstance(value, list):
            value = sorted({each[:LONGEST_FIELD] for each in value})
        elif kind in ROWS and isinstance(value, dict):
            value = {part: chosen[:LONGEST_FIELD] for part, chosen in value.items() if chosen}
            if kind == "match":
                ids = {token(self.item["id"], pair["id"]): pair["id"] for pair in self.parts}
                value = {part: ids.get(chosen, UNKNOWN) for part, chosen in value.items()}
            elif kind == "branching":
                value = self._on_the_path(value)
        elif isinstance(value, str):
            value = value[:LONGEST_FIELD]
        self.response = value or ""

    def _on_the_path(self, rows):
        """The choices of the steps that were walked: a form without script may hold others, from before a change."""
        if not set(rows) <= {step["id"] for step in self.parts}:
            return rows
        for step in self.parts:
            if rows.get(step["id"], "") not in ("", *(choice["id"] for choice in offered(step["choices"]))):
                return rows
        return {step["id"]: chosen for step, chosen in path(self.item, rows) if chosen}

    def shown(self) -> Response:
        """The response as the page holds it: the opposite of `take`."""
        if self.item["type"] == "match" and isinstance(self.response, dict):
            return {left: token(self.item["id"], right) for left, right in self.response.items()}
        return self.response

    def check(self, *, skipping: bool) -> None:
        """Marks the response; with `skipping`, an empty one counts as skipped, else it is asked for."""
        if not self.response and not skipping:
            self.error = _("Choose an answer, or press Skip.")
            return
        try:
            self.mark = mark(self.item, self.response)
        except UnknownChoice:
            self.response, self.forged = "", True
            self.error = _("That answer does not belong to this question. Choose one from the list.")
        except UnfinishedResponse:
            self.error = {
                "order": _("Give every line its own number."),
                "match": _("Choose a partner for every line."),
            }.get(self.item["type"], _("The story goes on. Choose at every step."))

    @property
    def options(self):
        """What a template shows, with no key in it: choices, or rows with their select boxes."""
        kind = self.item["type"]
        if kind == "order":
            return [self._row(part, part["text"], self._positions(part)) for part in self.parts]
        if kind == "match":
            return [self._row(pair, pair["left"], self._partners(pair)) for pair in self.item["pairs"]]
        if kind == "branching":
            return self._steps()
        if kind in FIXED:
            return [{"id": name, "text": FIXED_WORDS[name](), "chosen": self.response == name} for name in FIXED[kind]]
        chosen = self.response if isinstance(self.response, list) else [self.response]
        return [
            {
                "id": choice["id"],
                "text": choice["text"],
                "picture": choice.get("picture"),
                "chosen": choice["id"] in chosen,
            }
            for choice in offered(self.item["choices"])
        ]

    def _row(self, part, text, values):
        return {"id": part["id"], "name": f"{self.name}-{part['id']}", "text": text, "values": values}

    def _positions(self, part):
        return [(str(n), str(n), self._given(part) == str(n)) for n in range(1, len(self.parts) + 1)]

    def _partners(self, pair):
        given = self._given(pair)
        return [(token(self.item["id"], part["id"]), part["right"], given == part["id"]) for part in self.parts]

    def _given(self, part):
        return self.response.get(part["id"]) if isinstance(self.response, dict) else None

    def _steps(self):
        """Every step with its choices, and the letter of the step to which each leads: a story to walk by hand, too."""
        letters = {step["name"]: chr(ord("A") + place) for place, step in enumerate(self.parts)}
        ids = {step["name"]: step["id"] for step in self.parts}
        return [
            {
                "id": step["id"],
                "name": f"{self.name}-{step['id']}",
                "letter": letters[step["name"]],
                "situation": step["situation"],
                "prompt": step["prompt"],
                "choices": [
                    {
                        "id": choice["id"],
                        "text": choice["text"],
                        "next": ids.get(choice.get("leads_to", ""), ""),
                        "letter": letters.get(choice.get("leads_to", ""), ""),
                        "chosen": self._given(step) == choice["id"],
                    }
                    for choice in offered(step["choices"])
                ],
            }
            for step in self.parts
        ]

    @property
    def feedback(self):
        """The feedback, with the text it is about where there are several: `[("choice text", "feedback"), ...]`."""
        about = {}
        if self.item["type"] == "multiple-choice":
            about = {choice["id"]: choice["text"] for choice in self.item["choices"]}
        elif self.item["type"] == "match":
            about = {pair["id"]: f"{pair['left']}: {pair['right']}" for pair in self.item["pairs"]}
        elif self.item["type"] == "branching":
            about = {choice["id"]: choice["text"] for step in self.parts for choice in step["choices"]}
        return [(about.get(id, ""), text) for id, text in self.mark.feedback] if self.mark else []


FIXED = {"true-false": TRUE_FALSE, "agree-scale": SCALE}
FIXED_WORDS = {
    "true": lambda: _("True"),
    "false": lambda: _("False"),
    "unsure": lambda: _("Not sure"),
    "agree": lambda: _("Agree"),
    "disagree": lambda: _("Disagree"),
}


def numbered(items) -> list[ItemForm]:
    """An empty form for each item."""
    return [ItemForm(item, number, total=len(items)) for number, item in enumerate(items, 1)]


def read_forms(items, data) -> list[ItemForm]:
    """The forms of a quiz, filled from a post. Raises `ForeignItem` for an item of another quiz."""
    forms = numbered(items)
    ids = [form.item["id"] for form in forms]
    for name in data:
        if name.startswith(PREFIX) and not any(name.removeprefix(PREFIX).startswith(id) for id in ids):
            raise ForeignItem(name[:LONGEST_FIELD])
    for form in forms:
        form.read(data)
    return forms


def render_item(form: ItemForm) -> str:
    """One item of a learner's page, as it stands once its feedback was asked for."""
    return render_to_string("quizzes/item.html", {"form": form, "feedback_after": "each", "kept": True})
