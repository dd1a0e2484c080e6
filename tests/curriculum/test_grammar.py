"""The tables of what may stand in a content file, beside the Wagtail blocks that they become."""

from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db.models import NOT_PROVIDED
from wagtail.blocks import BaseStructBlock, IntegerBlock, ListBlock, StreamBlock

from curriculum import grammar
from curriculum.blocks import LessonBlocks, SheetBlocks
from curriculum.grammar import BLOCKS, ITEMS, Blocks, Cells, Group, Many, Setting, Word
from curriculum.models import Activity, AudiencePage, CoursePage, HomePage, LearningOutcome, LessonPage, SupportService
from curriculum.models.choices import Audience, ContentNote, Tier
from curriculum.models.support import State
from curriculum.streams import SHAPES
from quizzes.blocks import QuizBlocks
from quizzes.items import TWICE, has_key
from quizzes.models import QuizPage

# What only an editor can make in the site: files hold neither uploads nor recordings.
ONLY_IN_THE_SITE = {"recording": None, "image": {"image", "source"}}


def block_for(kind, blocks):
    return blocks().child_blocks[kind.replace("-", "_")]


def fields_of(block):
    """The fields of a struct block, lists inside them as dicts, plain texts as None."""
    if isinstance(block, ListBlock):
        return fields_of(block.child_block)
    if isinstance(block, BaseStructBlock):
        return {name: fields_of(child) for name, child in block.child_blocks.items()}
    return None


def fields_from(parts):
    """The fields that a table of the grammar promises, as `fields_of` shows them; a group's words stand alone."""
    fields = {}
    for name, part in parts.items():
        if isinstance(part, Group):
            fields |= {f"{name}_{word}": None for word in part.words}
        elif isinstance(part, Many):
            words = {} if isinstance(part.words, Word) else part.words
            inside = dict.fromkeys([*words, *part.settings]) | fields_from(part.lists)
            fields[name] = inside or None
        else:
            assert isinstance(part, Word | Setting | Blocks | Cells)
            fields[name] = None
    return fields


def reshaped(kind, fields):
    """Where a file says an answer once for the whole block, the block says it on each entry (`SHAPES`)."""
    if kind == "scenario" and "helpful" in fields:
        fields["options"]["helpful"] = fields.pop("helpful")
    elif kind == "branching":  # the id of a step is its name
        fields["steps"]["name"] = None
        fields["steps"]["choices"] |= {key: fields.pop(key) for key in ("right", "retired")}
    elif "choices" in fields:
        fields["choices"] |= {key: fields.pop(key) for key in ("right", "retired")}
    elif kind == "sorting":
        cards = fields.pop("cards")
        cards.pop("column")
        fields["columns"] = {"label": None, "cards": cards}
    elif kind == "table":
        fields.pop("answers")
        fields.pop("look_for")
        fields["rows"] = {"label": None, "answers": {"column": None, "text": None}}
    return fields


@pytest.mark.parametrize("kind", BLOCKS)
def test_a_block_has_the_fields_that_the_grammar_says(kind):
    block = block_for(kind, LessonBlocks)
    extra = {"show_on", *ONLY_IN_THE_SITE.get(kind, ())}
    fields = {name: value for name, value in fields_of(block).items() if name not in extra}
    inside = {name for name, child in block.child_blocks.items() if isinstance(child, StreamBlock)}
    assert inside == {name for name, part in BLOCKS[kind].items() if isinstance(part, Blocks)}
    assert fields == reshaped(kind, fields_from(BLOCKS[kind]))


@pytest.mark.parametrize("kind", BLOCKS)
def test_a_block_can_say_where_it_shows(kind):
    assert "show_on" in block_for(kind, LessonBlocks).child_blocks


@pytest.mark.parametrize("kind", ITEMS)
def test_a_quiz_item_has_the_fields_that_the_grammar_says(kind):
    fields = fields_of(block_for(kind, QuizBlocks))
    fields.pop("outcome")
    assert fields == reshaped(kind, fields_from(ITEMS[kind]))


def test_the_site_and_the_files_know_the_same_blocks():
    names = {kind.replace("-", "_") for kind in BLOCKS}
    only_in_the_site = {name for name, fields in ONLY_IN_THE_SITE.items() if fields is None}
    assert set(LessonBlocks().child_blocks) == names | only_in_the_site
    assert set(SheetBlocks().child_blocks) == set(LessonBlocks().child_blocks) - {"content_note"}


def test_the_site_and_the_files_know_the_same_quiz_items():
    assert set(QuizBlocks().child_blocks) == {kind.replace("-", "_") for kind in ITEMS}


def test_every_block_that_is_reshaped_is_one_that_the_grammar_has():
    assert set(SHAPES) <= set(BLOCKS) | set(ITEMS)


EVERY_PART = [
    (blocks, kind, name, part)
    for table, blocks in ((BLOCKS, LessonBlocks), (ITEMS, QuizBlocks))
    for kind, parts in table.items()
    for name, part in parts.items()
]


@pytest.mark.parametrize(("blocks", "kind", "name", "part"), [row for row in EVERY_PART if isinstance(row[3], Word)])
def test_a_word_is_needed_in_the_site_where_it_is_needed_in_a_file(blocks, kind, name, part):
    assert block_for(kind, blocks).child_blocks[name].required is not part.optional


EVERY_LIST = [row for row in EVERY_PART if isinstance(row[3], Many) and row[1:3] != ("sorting", "cards")]  # in columns


@pytest.mark.parametrize(("blocks", "kind", "name", "part"), EVERY_LIST)
def test_a_list_needs_as_many_entries_in_the_site_as_in_a_file(blocks, kind, name, part):
    block = block_for(kind, blocks).child_blocks[name]
    assert (block.meta.min_num, block.meta.max_num or 0) == (part.at_least, part.at_most)
    for inner, inside in part.lists.items():
        meta = block.child_block.child_blocks[inner].meta
        assert (meta.min_num, meta.max_num) == (inside.at_least, inside.at_most)


@pytest.mark.parametrize(
    ("kind", "name", "part"), [row[1:] for row in EVERY_PART if row[0] is QuizBlocks and isinstance(row[3], Setting)]
)
def test_a_setting_of_an_item_is_needed_in_the_site_where_it_is_needed_in_a_file(kind, name, part):
    block = block_for(kind, QuizBlocks).child_blocks.get(name)
    if block is None:
        assert name in ("right", "retired"), "said on each choice in the site"
        return
    assert block.required is (not part.optional or part.default is not None)
    if part.kind == "choice":
        assert [value for value, _label in block.field.choices] == list(part.choices)
        assert part.default in (None, block.meta.default)


def test_a_quiz_is_taken_in_the_same_ways_in_the_site_as_in_a_file():
    for name, setting in grammar.QUIZ.items():
        field = QuizPage._meta.get_field(name)
        assert [value for value, _label in field.choices or ()] == list(setting.choices)
        assert field.default in (setting.default, NOT_PROVIDED)
    limits = {validator.limit_value for validator in QuizPage._meta.get_field("pass_mark")._validators}
    assert {grammar.QUIZ["pass_mark"].low, grammar.QUIZ["pass_mark"].high} <= limits
    assert set(grammar.QUIZ) == set(QuizPage.settings.fget(SimpleNamespace(**dict.fromkeys(grammar.QUIZ))))


def test_what_is_never_marked_has_no_key_anywhere():
    for kind in grammar.NEVER_MARKED:
        assert "right" not in ITEMS[kind]
        assert not has_key({"type": kind})
    assert all(has_key({"type": kind}) for kind in set(ITEMS) - set(grammar.NEVER_MARKED))


def test_an_item_is_asked_twice_by_the_same_name_in_the_site_as_in_a_file():
    assert TWICE in grammar.ASKED.choices


@pytest.mark.parametrize(("kind", "name"), [("lines", "lines"), ("drawing", "height")])
def test_a_number_has_the_same_limits_in_the_site_as_in_a_file(kind, name):
    block, part = block_for(kind, LessonBlocks).child_blocks[name], BLOCKS[kind][name]
    assert isinstance(block, IntegerBlock)
    limits = {type(validator).__name__: validator.limit_value for validator in block.field.validators}
    assert limits == {"MinValueValidator": part.low, "MaxValueValidator": part.high}


@pytest.mark.parametrize(
    ("listed", "known"),
    [
        (grammar.LANGUAGES, [code for code, _name in settings.LANGUAGES]),
        (grammar.AUDIENCES, Audience.values),
        (grammar.TIERS, Tier.values),
        (grammar.CONTENT_NOTES, ContentNote.values),
        (grammar.ACTIVITY_KINDS, Activity.Kind.values),
        (grammar.SERVICE_STATES, State.values),
    ],
    ids=["languages", "audiences", "tiers", "content notes", "kinds of activity", "states of a service"],
)
def test_the_site_and_the_files_know_the_same_closed_lists(listed, known):
    assert set(listed) == set(known)


def names_of(model):
    return {field.name for field in model._meta.get_fields()}


@pytest.mark.parametrize(
    ("model", "names"),
    [
        (HomePage, {*grammar.HOME}),
        (AudiencePage, {*grammar.AUDIENCE_PAGES.words, *grammar.AUDIENCE_PAGES.settings}),
        (CoursePage, {*grammar.COURSES.words, *grammar.COURSES.settings} - {"audience"}),  # its place in the tree
        (LessonPage, {*grammar.LESSON} - {"lesson", "course"}),  # its folder, and its place in the tree
        (LessonPage, {f"note_{word}" for word in grammar.CONTENT_NOTE.words}),
        (LessonPage, {f"home_{word}" for word in grammar.HOME_CARD}),
        (LessonPage, {"body", "worksheet", "parallel_task", "outcomes", "activities"}),
        (LearningOutcome, {"key", "text"}),
        (Activity, {*grammar.ACTIVITIES.words, *grammar.ACTIVITIES.settings}),
        (SupportService, {*grammar.SERVICES.words, *grammar.SERVICES.settings} - {"fact"}),  # for whoever checks
    ],
)
def test_a_page_or_snippet_has_the_fields_that_the_grammar_says(model, names):
    assert names <= names_of(model)


@pytest.mark.parametrize(
    ("model", "prefix", "words"),
    [
        (HomePage, "", grammar.HOME),
        (AudiencePage, "", grammar.AUDIENCE_PAGES.words),
        (CoursePage, "", grammar.COURSES.words),
        (LessonPage, "home_", grammar.HOME_CARD),
        (Activity, "", grammar.ACTIVITIES.words),
        (SupportService, "", grammar.SERVICES.words),
    ],
)
def test_a_word_may_be_as_long_in_a_file_as_in_the_site(model, prefix, words):
    for name, word in words.items():
        assert (model._meta.get_field(f"{prefix}{name}").max_length or 0) == word.limit, name


def test_an_alternative_text_may_be_as_long_in_a_file_as_in_the_site():
    blocks = LessonBlocks().child_blocks
    entries = [blocks[kind].child_blocks[name].child_block for kind, name in (("story", "frames"), ("steps", "steps"))]
    for block in (*entries, blocks["cards"].child_blocks["cards"].child_block, blocks["image"]):
        assert block.child_blocks["alt"].field.max_length == grammar.ALT.limit > 0
