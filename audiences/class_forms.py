"""What a teacher fills in: a class, a session to open, and the counts of a class without devices."""

import re

from django import forms
from django.conf import settings
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from audiences.certificates import JOINERS, is_hidden
from audiences.class_sessions import LENGTHS
from audiences.models import Classroom
from curriculum.models import LessonPage
from curriculum.models.access import reachable
from quizzes.items import Item, has_key
from quizzes.tallies import Tally, chooses_one, parts, right_parts

NUMBER_LIKE = re.compile(r"\d[\d\s-]{5,}")  # of an identity card, a phone, a pupil
NAME_LIKE = re.compile(r"\b(bin|binti|binte|a/l|a/p|s/o|d/o|anak)\b", re.IGNORECASE)
FULL_NAME = re.compile(r"^[A-Z][a-z]{2,}( [A-Z][a-z]{2,}){1,3}$")
CLASS_LIKE = re.compile(r"\b(kelas|class|form|tingkatan|tahun|darjah|year|kumpulan|group)\b", re.IGNORECASE)
LARGEST_COUNT = 9999


def looks_personal(label: str) -> bool:
    """Whether a label looks like somebody's name or number: a guess, on which a teacher decides."""
    named = NAME_LIKE.search(label) or (FULL_NAME.match(label) and not CLASS_LIKE.search(label))
    return bool(NUMBER_LIKE.search(label) or named)


def lessons_for_classes():
    """Every lesson that students read, in the reader's language."""
    lessons = reachable(LessonPage.objects.filter(locale__language_code=get_language())).order_by("path")
    return [lesson for lesson in lessons if lesson.course.tier]


class ClassroomForm(forms.ModelForm):
    languages = forms.MultipleChoiceField(
        label=_("Languages of the class"), choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    lessons = forms.MultipleChoiceField(
        label=_("Lessons to teach"), required=False, widget=forms.CheckboxSelectMultiple
    )
    keep_label = forms.BooleanField(label=_("It is no pupil's name or number. Keep this label."), required=False)

    class Meta:
        model = Classroom
        fields = ["label", "tier", "size", "languages", "lessons"]
        help_texts = {
            "label": _("For your eyes: 3 Bestari, Monday group. Never a pupil's name or number."),
            "size": _("Tells you when more have joined than are in the room."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lessons"].choices = [
            (str(lesson.translation_key), f"{lesson.course.tier} · {lesson.title}") for lesson in lessons_for_classes()
        ]
        self.asks_about_label = False

    def clean_label(self):
        """What is printed and opened in spreadsheets has no invisible characters."""
        label = "".join(" " if is_hidden(letter) else letter for letter in self.cleaned_data["label"])
        if not label.strip(JOINERS + " "):
            raise forms.ValidationError(self.fields["label"].error_messages["required"], code="required")
        return " ".join(label.split())

    def clean(self):
        cleaned = super().clean()
        if looks_personal(cleaned.get("label", "")) and not cleaned.get("keep_label"):
            self.asks_about_label = True
            self.add_error("label", _("This looks like a person's name or number. Setuju keeps neither of pupils."))
        return cleaned


class OpeningForm(forms.Form):
    """A session of one lesson: how long, and which questions to leave out."""

    minutes = forms.TypedChoiceField(label=_("How long is the period?"), coerce=int, widget=forms.RadioSelect)
    dropped = forms.MultipleChoiceField(
        label=_("Questions to leave out"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, items: list[Item], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["minutes"].choices = [
            (length, ngettext("%(count)s minute", "%(count)s minutes", length) % {"count": length})
            for length in LENGTHS
        ]
        asked = [item for item in items if item.get("moment") != "before"]
        self.fields["dropped"].choices = [(item["id"], item["prompt"]) for item in asked]

    def clean_dropped(self):
        dropped = self.cleaned_data["dropped"]
        if dropped and len(dropped) == len(self.fields["dropped"].choices):
            raise forms.ValidationError(_("Leave at least one question in, or show the slides only."))
        return dropped


class CountsForm(forms.Form):
    """How many raised which card, or put which slip into the box, for one item."""

    def __init__(self, *args, item: Item, number: int, size: int, labels: dict[str, str], **kwargs):
        super().__init__(*args, prefix=str(number), **kwargs)
        self.item, self.number, self.size = item, number, size
        self.is_one_of = chooses_one(item)
        for place, part in enumerate(parts(item)):
            self.fields[f"part{place}"] = count_field(labels[part])
        if not self.is_one_of:
            self.fields["answered"] = count_field(_("How many answered at all"))
            self.fields["right"] = count_field(_("How many had everything right"))
        self.fields["keep"] = forms.BooleanField(label=_("Yes, keep these numbers."), required=False)
        self.asks_to_keep = False

    def clean(self):
        cleaned = super().clean()
        if self.errors or not self.typed:
            return cleaned
        answered = self.answered
        if not self.is_one_of and max(self.typed) > answered:
            self.add_error("answered", _("Fewer answered than chose one of these. Please count again."))
        elif answered > self.size and not cleaned.get("keep"):
            self.asks_to_keep = True
            self.add_error(
                None,
                _("You entered %(count)s for a class of %(size)s. Keep it?") % {"count": answered, "size": self.size},
            )
        return cleaned

    @property
    def typed(self) -> list[int]:
        """The numbers that are there; a field may be left empty."""
        numbers = [self.cleaned_data.get(name) for name in self.fields if name != "keep"]
        return [number for number in numbers if number is not None]

    @property
    def chosen(self) -> dict[str, int]:
        return {part: self.cleaned_data.get(f"part{place}") or 0 for place, part in enumerate(parts(self.item))}

    @property
    def answered(self) -> int:
        return sum(self.chosen.values()) if self.is_one_of else self.cleaned_data.get("answered") or 0

    @property
    def tally(self) -> Tally:
        chosen = self.chosen
        if not self.is_one_of:
            best = self.cleaned_data.get("right") or 0
        elif self.item["type"] == "agree-scale":
            best = chosen["disagree"]  # the statement is the myth itself
        else:
            best = sum(chosen[part] for part in right_parts(self.item))
        return Tally(
            answered=self.answered,
            right=best if has_key(self.item) else 0,
            held=self.answered - best if self.item["myth"] else 0,
            chosen={part: count for part, count in chosen.items() if count},
        )

    @classmethod
    def initial_of(cls, item: Item, tally: Tally) -> dict[str, int]:
        """What was typed before, as the form shows it."""
        typed = {f"part{place}": tally.chosen.get(part, 0) for place, part in enumerate(parts(item))}
        return typed | {"answered": tally.answered, "right": tally.right}


def count_field(label) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=LARGEST_COUNT,
        error_messages={
            "invalid": _("Type a whole number."),
            "min_value": _("Type 0 or more."),
            "max_value": _("That is more than any class."),
        },
    )
