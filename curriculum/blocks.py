"""Lesson blocks: one template each, for screen, slides and paper. Field names are those of `grammar.BLOCKS`."""

from django.conf import settings
from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from curriculum.block_base import RICH_TEXT_FEATURES, DrawingBlock, PlainBlock, alt_block
from curriculum.exercises import DrawingBoxBlock, FillTableBlock, LinesBlock, MatchingBlock, SortingBlock


class TextBlock(PlainBlock):
    heading = blocks.CharBlock(required=False, default="")
    text = blocks.RichTextBlock(features=RICH_TEXT_FEATURES)

    class Meta:
        icon = "pilcrow"
        template = "curriculum/blocks/text.html"


class KeyIdeaBlock(PlainBlock):
    idea = blocks.CharBlock(help_text="One sentence to remember.")
    explain = blocks.CharBlock(required=False, default="")

    class Meta:
        icon = "pick"
        template = "curriculum/blocks/key_idea.html"


class DefinitionBlock(PlainBlock):
    term = blocks.CharBlock()
    meaning = blocks.CharBlock()
    example = blocks.CharBlock(required=False, default="")

    class Meta:
        icon = "openquote"
        template = "curriculum/blocks/definition.html"


class FrameBlock(blocks.StructBlock):
    picture = DrawingBlock()
    caption = blocks.CharBlock()
    alt = alt_block()


class StoryBlock(PlainBlock):
    heading = blocks.CharBlock()
    frames = blocks.ListBlock(FrameBlock(), min_num=1)

    class Meta:
        icon = "image"
        template = "curriculum/blocks/story.html"


class OptionBlock(blocks.StructBlock):
    text = blocks.CharBlock()
    response = blocks.CharBlock(help_text="What the reader learns on opening this option.")
    helpful = blocks.BooleanBlock(required=False, help_text="Helps in this situation. More than one may.")


class ScenarioBlock(PlainBlock):
    heading = blocks.CharBlock()
    situation = blocks.CharBlock()
    question = blocks.CharBlock()
    options = blocks.ListBlock(OptionBlock(), min_num=2)

    class Meta:
        icon = "group"
        template = "curriculum/blocks/scenario.html"

    def clean(self, value):
        value = super().clean(value)
        if not any(option["helpful"] for option in value["options"]):
            raise blocks.StructBlockValidationError(
                non_block_errors=[ValidationError("Mark at least one option as helpful.")]
            )
        return value


class SayPairBlock(blocks.StructBlock):
    instead_of = blocks.CharBlock()
    say = blocks.CharBlock()
    why = blocks.CharBlock(required=False, default="")


class SayBlock(PlainBlock):
    heading = blocks.CharBlock()
    pairs = blocks.ListBlock(SayPairBlock(), min_num=1)

    class Meta:
        icon = "comment"
        label = "Say / don't say"
        template = "curriculum/blocks/say.html"


class StepBlock(blocks.StructBlock):
    picture = DrawingBlock(required=False)
    name = blocks.CharBlock()
    detail = blocks.CharBlock()
    alt = alt_block()


class StepsBlock(PlainBlock):
    heading = blocks.CharBlock()
    intro = blocks.CharBlock(required=False, default="")
    steps = blocks.ListBlock(StepBlock(), min_num=1)

    class Meta:
        icon = "list-ol"
        template = "curriculum/blocks/steps.html"


class ChecklistBlock(PlainBlock):
    heading = blocks.CharBlock()
    intro = blocks.CharBlock(required=False, default="")
    points = blocks.ListBlock(blocks.CharBlock(), min_num=1)

    class Meta:
        icon = "tick"
        template = "curriculum/blocks/checklist.html"


class CardBlock(blocks.StructBlock):
    picture = DrawingBlock(required=False)
    lang = blocks.ChoiceBlock(
        choices=settings.LANGUAGES, required=False, help_text="Only for a card that keeps its own language."
    )
    title = blocks.CharBlock()
    text = blocks.CharBlock()
    alt = alt_block()


class CardsBlock(PlainBlock):
    heading = blocks.CharBlock()
    instruction = blocks.CharBlock(required=False, default="")
    cards = blocks.ListBlock(CardBlock(), min_num=1)

    class Meta:
        icon = "copy"
        template = "curriculum/blocks/cards.html"


class ImageBlock(PlainBlock):
    picture = DrawingBlock(required=False)
    image = ImageChooserBlock(required=False, help_text="Or an image of yours: drawn, or with everyone's consent.")
    alt = blocks.CharBlock(max_length=160, label="Alternative text")
    caption = blocks.CharBlock(required=False, default="")
    source = blocks.CharBlock(
        required=False, default="", help_text="Who made it, and the licence. Needed for your own image."
    )

    class Meta:
        icon = "image"
        template = "curriculum/blocks/image.html"

    def clean(self, value):
        value = super().clean(value)
        errors = {}
        if bool(value["picture"]) == bool(value["image"]):
            errors["picture"] = ValidationError("Choose one: a drawing, or an image.")
        if value["image"] and not value["source"]:
            errors["source"] = ValidationError("Say who made the image, and under which licence.")
        if errors:
            raise blocks.StructBlockValidationError(block_errors=errors)
        return value


class RecordingBlock(PlainBlock):
    title = blocks.CharBlock()
    file = DocumentChooserBlock(help_text="MP3, M4A or OGG for audio; MP4 or WebM for video.")
    kind = blocks.ChoiceBlock(choices=[("audio", "Audio"), ("video", "Video")], default="audio")
    transcript = blocks.RichTextBlock(
        features=RICH_TEXT_FEATURES, help_text="Every word that is heard, and what matters of what is seen."
    )

    class Meta:
        icon = "media"
        label = "Audio or video"
        template = "curriculum/blocks/recording.html"


class SheetBlocks(blocks.StreamBlock):
    """Every block that can stand on a page, a slide or a sheet."""

    text = TextBlock(group="Read")
    key_idea = KeyIdeaBlock(group="Read")
    definition = DefinitionBlock(group="Read")
    story = StoryBlock(group="Read")
    say = SayBlock(group="Read")
    steps = StepsBlock(group="Read")
    checklist = ChecklistBlock(group="Read")
    image = ImageBlock(group="Read")
    recording = RecordingBlock(group="Read")
    scenario = ScenarioBlock(group="Think")
    cards = CardsBlock(group="Think")
    sorting = SortingBlock(group="Exercise")
    matching = MatchingBlock(group="Exercise")
    table = FillTableBlock(group="Exercise")
    lines = LinesBlock(group="Exercise")
    drawing = DrawingBoxBlock(group="Exercise")


class ContentNoteBlock(PlainBlock):
    """A notice before something sensitive, with another version that teaches the same: an equal, unrecorded choice."""

    heading = blocks.CharBlock()
    note = blocks.CharBlock(help_text="What comes next, in one calm sentence.")
    this_version = blocks.CharBlock()
    other_version = blocks.CharBlock()
    body = SheetBlocks()
    alternative = SheetBlocks()

    class Meta:
        icon = "warning"
        template = "curriculum/blocks/content_note.html"


class LessonBlocks(SheetBlocks):
    content_note = ContentNoteBlock(group="Care")
