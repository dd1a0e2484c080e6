"""What a learner posts, read against a quiz's items: nothing else is believed."""

from dataclasses import dataclass, field

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from quizzes.marking import Mark, Response, UnfinishedResponse, UnknownChoice, mark

PREFIX = "item-"
UNKNOWN = "?"  # stands for a partner that this item does not have
LONGEST_FIELD = 80  # characters; ids and positions are shorter


class ForeignItem(ValueError):
    """The post names an item that this quiz does not have."""


def token(item_id: str, part_id: str) -> str:
    """A name for one side of a pair or an entry that tells nobody where it belongs."""
    return salted_hmac("quizzes.token", f"{item_id}/{part_id}").hexdigest()[:12]


@dataclass
class ItemForm:
    """One item on the page: what was chosen, what is wrong with it, and its mark once it was asked for."""

    item: dict
    number: int
    response: Response = ""
    error: str = ""
    forged: bool = False
    mark: Mark | None = None
    parts: list = field(default_factory=list)

    def __post_init__(self):
        id, kind = self.item["id"], self.item["type"]
        self.name = f"{PREFIX}{id}"
        if kind in ("order", "match"):
            parts = self.item["entries" if kind == "order" else "pairs"]
            self.parts = sorted(parts, key=lambda part: token(id, part["id"]))

    def read(self, data) -> None:
        """Takes this item's response from a post; what it does not know stays an error, not a guess."""
        kind = self.item["type"]
        if kind == "multiple-choice":
            self.response = [value[:LONGEST_FIELD] for value in data.getlist(self.name)]
        elif kind == "order":
            self.response = self._chosen(data, lambda value: value)
        elif kind == "match":
            ids = {token(self.item["id"], pair["id"]): pair["id"] for pair in self.item["pairs"]}
            self.response = self._chosen(data, lambda value: ids.get(value, UNKNOWN))
        else:
            self.response = data.get(self.name, "")[:LONGEST_FIELD]

    def _chosen(self, data, resolve) -> dict[str, str]:
        values = {part["id"]: data.get(f"{self.name}-{part['id']}", "")[:LONGEST_FIELD] for part in self.parts}
        return {part: resolve(value) for part, value in values.items() if value}

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
            self.error = (
                _("Give every line its own number.")
                if self.item["type"] == "order"
                else _("Choose a partner for every line.")
            )

    @property
    def options(self):
        """What a template shows, with no key in it: choices, or rows with their select boxes."""
        kind = self.item["type"]
        if kind == "true-false":
            return [
                {"id": name, "text": text, "chosen": self.response == name}
                for name, text in (("true", _("True")), ("false", _("False")), ("unsure", _("Not sure")))
            ]
        if kind == "order":
            return [self._row(part, part["text"], self._positions(part)) for part in self.parts]
        if kind == "match":
            return [self._row(pair, pair["left"], self._partners(pair)) for pair in self.item["pairs"]]
        chosen = self.response if isinstance(self.response, list) else [self.response]
        return [
            {"id": choice["id"], "text": choice["text"], "chosen": choice["id"] in chosen}
            for choice in self.item["choices"]
        ]

    def _row(self, part, text, values):
        return {"id": part["id"], "name": f"{self.name}-{part['id']}", "text": text, "values": values}

    def _positions(self, part):
        given = self.response.get(part["id"]) if isinstance(self.response, dict) else None
        return [(str(n), str(n), given == str(n)) for n in range(1, len(self.parts) + 1)]

    def _partners(self, pair):
        given = self.response.get(pair["id"]) if isinstance(self.response, dict) else None
        return [(token(self.item["id"], part["id"]), part["right"], given == part["id"]) for part in self.parts]

    @property
    def feedback(self):
        """The feedback, with the text it is about where there are several: `[("choice text", "feedback"), ...]`."""
        about = {}
        if self.item["type"] == "multiple-choice":
            about = {choice["id"]: choice["text"] for choice in self.item["choices"]}
        elif self.item["type"] == "match":
            about = {pair["id"]: f"{pair['left']}: {pair['right']}" for pair in self.item["pairs"]}
        return [(about.get(id, ""), text) for id, text in self.mark.feedback] if self.mark else []


def read_forms(items, data) -> list[ItemForm]:
    """The forms of a quiz, filled from a post. Raises `ForeignItem` for an item of another quiz."""
    forms = [ItemForm(item, number) for number, item in enumerate(items, 1)]
    ids = [form.item["id"] for form in forms]
    for name in data:
        if name.startswith(PREFIX) and not any(name.removeprefix(PREFIX).startswith(id) for id in ids):
            raise ForeignItem(name[:LONGEST_FIELD])
    for form in forms:
        form.read(data)
    return forms
