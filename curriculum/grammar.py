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
    """A value of the structure, the same in every language: text, name, number, choice, drawing or list of ids."""

    kind: str = "text"  # text | name | number | flag | choice | drawing | ids
    choices: tuple[str, ...] = ()
    optional: bool = False
    low: int = 0
    high: int = 999
    default: str | bool | None = None  # what an optional one is where it is left out


@dataclass(frozen=True)
class Many:
    """A list of entries, each with an id in the structure and words under that id."""

    words: "dict[str, Word] | Word"
    settings: dict[str, Setting] = field(default_factory=dict)
    at_least: int = 1
    at_most: int = 0  # 0 where there is no end
    lists: "dict[str, Many]" = field(default_factory=dict)  # inside each entry


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
        "pairs": Many({"left": PLAIN, "right": PLAIN}, at_least=2, at_most=26),
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

CHOICE: dict[str, Word] = {"text": PLAIN, "feedback": PLAIN}
ITEM: dict[str, Part] = {
    "prompt": PLAIN,
    "rationale": PLAIN,
    "myth": Setting("name", optional=True),
    "block": Setting(optional=True),  # of the lesson's body
}
KEY: dict[str, Part] = {"right": Setting("ids"), "retired": Setting("ids", optional=True)}
CHOICES: dict[str, Part] = {**ITEM, "choices": Many(CHOICE, at_least=2, at_most=6), **KEY}
ASKED = Setting("choice", ("once", "before-and-after"), optional=True, default="once")

ITEMS: dict[str, dict[str, Part]] = {
    "single-choice": CHOICES,
    "multiple-choice": CHOICES,
    "scenario": {"situation": PLAIN, **CHOICES},
    "picture-choice": {**ITEM, "choices": Many(CHOICE, {"picture": PICTURE}, at_least=2, at_most=4), **KEY},
    "branching": {
        **ITEM,
        "steps": Many(
            {"situation": PLAIN, "prompt": PLAIN},
            at_least=2,
            at_most=8,
            lists={"choices": Many(CHOICE, {"leads_to": Setting("name", optional=True)}, at_least=2, at_most=4)},
        ),
        **KEY,
    },
    "true-false": {
        **ITEM,
        "asked": ASKED,
        "right": Setting("choice", ("true", "false")),
        "feedback": Group(("true", "false", "unsure")),
    },
    "agree-scale": {**ITEM, "asked": ASKED, "feedback": Group(("all",))},
    "order": {
        **ITEM,
        "entries": Many(PLAIN, at_least=3, at_most=8),
        "feedback": Group(("right", "other")),
    },
    "match": {**ITEM, "pairs": Many({"left": PLAIN, "right": PLAIN, "feedback": PLAIN}, at_least=2, at_most=8)},
}
NEVER_MARKED = ("agree-scale",)
QUIZ = {
    "layout": Setting("choice", ("one", "all"), optional=True, default="one"),
    "feedback_after": Setting("choice", ("each", "end"), optional=True, default="each"),
    "shows_score": Setting("flag", optional=True, default=False),
    "pass_mark": Setting("number", optional=True, low=1, high=100),
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
GUIDE = {"audience": Setting("choice", AUDIENCES, optional=True), "slug": Setting()}
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
