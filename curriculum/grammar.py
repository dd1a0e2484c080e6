"""What may stand in a content file: every block and quiz item, its structure and its words.

Pure tables, no logic. Field names are those of the Wagtail blocks (`curriculum/blocks.py`, `quizzes/blocks.py`);
a test keeps the two the same.
"""

from dataclasses import dataclass, field

LANGUAGES = {"en": "English", "ms": "Malay", "zh-hans": "Chinese", "ta": "Tamil"}
SOURCE_LANGUAGE = "en"
AUDIENCES = ("student", "caregiver", "teacher")
TIERS = ("S1", "S2", "S3", "S4")
CONTENT_NOTES = ("CN0", "CN1", "CN2", "CN3")
ACTIVITY_KINDS = ("warm-up", "main", "reflect", "close")
MEDIA = ("screen", "slides")


@dataclass(frozen=True)
class Word:
    """A text that a person reads: plain, or rich with paragraphs, lists and bold."""

    rich: bool = False
    optional: bool = False
    with_picture: bool = False  # only where the entry has a picture (alternative text)
    limit: int = 0  # characters that its database field holds; 0 where there is no end


@dataclass(frozen=True)
class Setting:
    """A value of the structure, the same in every language: text, number, choice, drawing or list of ids."""

    kind: str = "text"  # text | number | flag | choice | drawing | ids
    choices: tuple[str, ...] = ()
    optional: bool = False
    low: int = 0
    high: int = 999


@dataclass(frozen=True)
class Many:
    """A list of entries, each with an id in the structure and words under that id."""

    words: "dict[str, Word] | Word"
    settings: dict[str, Setting] = field(default_factory=dict)
    at_least: int = 1


@dataclass(frozen=True)
class Blocks:
    """A list of blocks inside a block."""


@dataclass(frozen=True)
class Group:
    """Words under one key, e.g. `feedback: {right: ..., other: ...}`; the block's field is `feedback_right`."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Cells:
    """Words for the cells that `answers` names, under `row/column`."""


Part = Word | Setting | Many | Blocks | Group | Cells
PLAIN, RICH = Word(), Word(rich=True)
PLAIN_IF, ALT = Word(optional=True), Word(with_picture=True, limit=160)
LINE, SHORT, LONG = Word(limit=255), Word(limit=160), Word(limit=500)
PICTURE, PICTURE_IF = Setting("drawing"), Setting("drawing", optional=True)

BLOCKS: dict[str, dict[str, Part]] = {
    "text": {"heading": PLAIN_IF, "text": RICH},
    "key-idea": {"idea": PLAIN, "explain": PLAIN_IF},
    "definition": {"term": PLAIN, "meaning": PLAIN, "example": PLAIN_IF},
    "story": {"heading": PLAIN, "frames": Many({"caption": PLAIN, "alt": ALT}, {"picture": PICTURE})},
    "scenario": {
        "heading": PLAIN,
        "situation": PLAIN,
        "question": PLAIN,
        "options": Many({"text": PLAIN, "response": PLAIN}, at_least=2),
        "helpful": Setting("ids"),
    },
    "say": {"heading": PLAIN, "pairs": Many({"instead_of": PLAIN, "say": PLAIN, "why": PLAIN_IF})},
    "steps": {
        "heading": PLAIN,
        "intro": PLAIN_IF,
        "steps": Many({"name": PLAIN, "detail": PLAIN, "alt": ALT}, {"picture": PICTURE_IF}),
    },
    "checklist": {"heading": PLAIN, "intro": PLAIN_IF, "points": Many(PLAIN)},
    "sorting": {
        "heading": PLAIN,
        "instruction": PLAIN,
        "columns": Many(PLAIN, at_least=2),
        "cards": Many(
            {"text": PLAIN, "because": PLAIN, "alt": ALT},
            {"column": Setting("text"), "picture": PICTURE_IF},
            at_least=2,
        ),
    },
    "matching": {
        "heading": PLAIN,
        "instruction": PLAIN,
        "pairs": Many({"left": PLAIN, "right": PLAIN}, at_least=2),
    },
    "cards": {
        "heading": PLAIN,
        "instruction": PLAIN_IF,
        "cards": Many(
            {"title": PLAIN, "text": PLAIN, "alt": ALT},
            {"picture": PICTURE_IF, "lang": Setting("choice", tuple(LANGUAGES), optional=True)},
        ),
    },
    "table": {
        "heading": PLAIN,
        "instruction": PLAIN,
        "columns": Many(PLAIN, at_least=2),
        "rows": Many(PLAIN),
        "answers": Setting("ids", optional=True),
        "look_for": Cells(),
    },
    "lines": {"prompt": PLAIN, "look_for": PLAIN, "lines": Setting("number", low=1, high=24)},
    "drawing": {"prompt": PLAIN, "look_for": PLAIN, "height": Setting("number", low=30, high=180)},
    "image": {"picture": PICTURE, "alt": ALT, "caption": PLAIN_IF},
    "content-note": {
        "heading": PLAIN,
        "note": PLAIN,
        "this_version": PLAIN,
        "other_version": PLAIN,
        "body": Blocks(),
        "alternative": Blocks(),
    },
}

CHOICES = Many({"text": PLAIN, "feedback": PLAIN}, at_least=2)

ITEMS: dict[str, dict[str, Part]] = {
    "single-choice": {"prompt": PLAIN, "rationale": PLAIN, "choices": CHOICES, "right": Setting("ids")},
    "multiple-choice": {"prompt": PLAIN, "rationale": PLAIN, "choices": CHOICES, "right": Setting("ids")},
    "scenario": {
        "situation": PLAIN,
        "prompt": PLAIN,
        "rationale": PLAIN,
        "choices": CHOICES,
        "right": Setting("ids"),
    },
    "true-false": {
        "prompt": PLAIN,
        "rationale": PLAIN,
        "right": Setting("choice", ("true", "false")),
        "feedback": Group(("true", "false", "unsure")),
    },
    "order": {
        "prompt": PLAIN,
        "rationale": PLAIN,
        "entries": Many(PLAIN, at_least=3),
        "feedback": Group(("right", "other")),
    },
    "match": {
        "prompt": PLAIN,
        "rationale": PLAIN,
        "pairs": Many({"left": PLAIN, "right": PLAIN, "feedback": PLAIN}, at_least=2),
    },
}

CONTENT_NOTE = Group(("about", "without", "choices"))
HOME_CARD = {"title": SHORT, "text": RICH, "ask": LINE, "promise": LINE}
ACTIVITIES = Many(
    {
        "title": SHORT,
        "materials": Word(optional=True, limit=255),
        "steps": RICH,
        "say": Word(optional=True, limit=500),
    },
    {
        "kind": Setting("choice", ACTIVITY_KINDS),
        "minutes": Setting("number", low=1, high=180),
        "after_break": Setting("flag", optional=True),
        "optional": Setting("flag", optional=True),
    },
)
LESSON = {
    "lesson": Setting(),
    "course": Setting(),
    "slug": Setting(),
    "minutes": Setting("number", low=5, high=180),
    "plan_minutes": Setting("number", low=5, high=180, optional=True),
    "content_note": Setting("choice", CONTENT_NOTES),
    "topics": Setting("ids"),
    "picture": PICTURE,
    "companion": Setting(optional=True),
}

AUDIENCE_PAGES = Many({"title": LINE, "door": SHORT, "introduction": LONG}, {"slug": Setting(), "picture": PICTURE})
COURSES = Many(
    {"title": LINE, "stage": Word(limit=80), "introduction": LONG, "help_message": LONG},
    {
        "audience": Setting("choice", AUDIENCES),
        "tier": Setting("choice", TIERS, optional=True),
        "slug": Setting(),
    },
)
HOME = {"title": LINE, "headline": SHORT, "introduction": LONG, "help_message": LONG}
SERVICE_STATES = ("V", "V-old", "press", "C", "M")
SERVICES = Many(
    {"name": Word(limit=120), "what_for": LINE, "hours": Word(optional=True, limit=120)},
    {
        "fact": Setting(),
        "state": Setting("choice", SERVICE_STATES),
        "source": Setting(),
        "source_year": Setting("number", low=2000, high=2100),
        "shown_to": Setting("ids"),
        "phones": Setting("ids", optional=True),
        "whatsapp": Setting(optional=True),
        "web": Setting(optional=True),
    },
)
