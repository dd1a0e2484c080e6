"""What every lesson block shares: where it shows, and the drawings that Setuju ships."""

from pathlib import Path

from django.conf import settings
from wagtail import blocks

RICH_TEXT_FEATURES = ["bold", "italic", "ol", "ul"]
DRAWINGS = settings.BASE_DIR / "static" / "img" / "drawings"


def drawing_names(folder: Path = DRAWINGS) -> list[str]:
    """The drawings that Setuju ships, by name."""
    return sorted(path.stem for path in folder.glob("*.svg"))


def drawing_choices() -> list[tuple[str, str]]:
    return [(name, name.replace("-", " ").capitalize()) for name in drawing_names()]


class DrawingBlock(blocks.ChoiceBlock):
    """One of the shipped drawings, by name."""

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", "A drawing that Setuju ships.")
        super().__init__(choices=drawing_choices, **kwargs)


class PlainBlock(blocks.StructBlock):
    """What every lesson block has: where it shows."""

    show_on = blocks.MultipleChoiceBlock(
        choices=[("screen", "Lesson page"), ("slides", "Slides")],
        default=["screen", "slides"],
        required=False,
        help_text="Long texts belong on the lesson page only: a slide holds one idea.",
    )


def alt_block():
    return blocks.CharBlock(
        required=False,
        default="",
        max_length=160,
        label="Alternative text",
        help_text="What the drawing shows, in one sentence.",
    )
