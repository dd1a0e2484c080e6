"""The quiz on paper, with a key for the teacher: two more sheets of a lesson's pack."""

from django.utils.translation import gettext_lazy as _

from curriculum.printables import Kind
from quizzes.forms import ItemForm, numbered
from quizzes.models import QuizPage


def on_paper(lesson) -> dict:
    quiz = QuizPage.objects.live().child_of(lesson).first()
    forms = [PaperForm(form) for form in numbered(quiz.item_list)] if quiz else []
    return {"quiz": quiz, "forms": forms}


class PaperForm:
    """An item as a sheet prints it: the order of the screen, and beside each part what the key says of it."""

    def __init__(self, form: ItemForm) -> None:
        self.form, self.item = form, form.item

    @property
    def options(self):
        """The steps of a story, with their key."""
        known = {choice["id"]: choice for step in self.item["steps"] for choice in step["choices"]}
        return [
            step | {"choices": [choice | _key(known[choice["id"]]) for choice in step["choices"]]}
            for step in self.form.options
        ]

    @property
    def answers(self):
        """The parts of any other item."""
        kind, item = self.item["type"], self.item
        if kind == "order":
            places = {entry["id"]: place for place, entry in enumerate(item["entries"], 1)}
            return [{"text": part["text"], "place": places[part["id"]]} for part in self.form.parts]
        if kind == "match":
            letters = {part["id"]: chr(ord("A") + place) for place, part in enumerate(self.form.parts)}
            return [
                {
                    "left": pair["left"],
                    "partner": letters[pair["id"]],
                    "letter": letters[part["id"]],
                    "right": part["right"],
                }
                for pair, part in zip(item["pairs"], self.form.parts, strict=True)
            ]
        if kind == "true-false":
            key = {
                name: {"right": name == item["right"], "feedback": item["feedback"][name]} for name in item["feedback"]
            }
        else:
            key = {choice["id"]: _key(choice) for choice in item.get("choices", [])}
        return [option | key.get(option["id"], {}) for option in self.form.options]


def _key(choice):
    return {"right": choice["right"], "feedback": choice["feedback"]}


QUIZ = Kind("quiz", _("Quiz on paper"), "quizzes/print/quiz.html", context=on_paper)
KEY = Kind("quiz-key", _("Quiz key"), QUIZ.template, for_teachers=True, with_answers=True, context=on_paper)
