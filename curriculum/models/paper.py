"""What a page says of its sheets; `curriculum/printables.py` makes them."""

from django.utils.translation import gettext

from curriculum import printables
from curriculum.models.choices import Audience


class PrintsPack:
    """A lesson: a pack of sheets."""

    @property
    def sheets(self):
        return list(printables.KINDS.values())

    @property
    def neutral_code(self):
        """The part of a sheet's file name that says which lesson this is: `s3-4`."""
        return f"{self.course.slug}-{self.slug}"

    @property
    def readers(self):
        """For whom the helplines are picked."""
        return {"tier": self.course.tier, "audience": self.course.audience}

    @property
    def printed(self):
        """What the sheets show of it."""
        return {
            "lesson": self,
            "course": self.course,
            "outcomes": self.outcomes.all(),
            "activities": self.activities.all(),
            "topics": self.topics_here,
        }

    def sheet_title(self, kind):
        return gettext("Lesson %(number)s: %(sheet)s") % {"number": self.slug, "sheet": kind.label}


class PrintsCard:
    """A guide: one card where it is for one audience, else nothing."""

    @property
    def sheets(self):
        return [printables.CARD] if self.audience else []

    @property
    def neutral_title(self):
        """What a browser's title and history, and the card's file, say: nothing about the subject."""
        return gettext("Card: %(audience)s") % {"audience": Audience(self.audience).label}

    @property
    def neutral_code(self):
        return self.audience

    @property
    def readers(self):
        return {"audience": self.audience}

    @property
    def printed(self):
        return {}

    def sheet_title(self, kind):
        return self.neutral_title
