"""The curriculum that ships: four languages with one skeleton, and nothing in them that may not stand there."""

import re

import pytest
import yaml
from django.conf import settings

from curriculum.block_base import drawing_names
from curriculum.documents import read as read_document
from curriculum.grammar import LANGUAGES
from curriculum.source import read

CONTENT = settings.BASE_DIR / "curriculum" / "content"
LESSONS = sorted(path.parent.name for path in CONTENT.glob("lessons/*/lesson.yaml"))
FOLDERS = ("site", "topics", "services", *(f"lessons/{lesson}" for lesson in LESSONS))
TRANSLATIONS = [language for language in LANGUAGES if language != "en"]

SCRIPTS = {
    "en": re.compile(r"[A-Za-zÀ-ɏ]"),
    "ms": re.compile(r"[A-Za-zÀ-ɏ]"),
    "zh-hans": re.compile(r"[㐀-鿿]"),
    "ta": re.compile(r"[஀-௿]"),
}
LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*")
LETTER = re.compile(r"[^\W\d_]")
# Latin words that stay as they are in a Chinese or Tamil text: names of services and of programmes, keys, case letters.
NAMES = set(
    LATIN_WORD.findall(
        """
        Setuju Talian Kasih Take It Down StopNCII MCMC WAO Awam TINA Telenita All Women's Action Society Aid
        Organisation Buddy Bear OSCC Befrienders Kuala Lumpur HEAL MIASA KRYSS Network OGBV JKM KPM Internet Watch
        Foundation SUHAKAM PEERS ITGSE AI TA BEST Shift Cookie PPD A B C D E F P S T LAW EVD
        """
    )
)
# Words of English that no Malay text has by chance.
ENGLISH_WORDS = re.compile(r"\b(the|and|you|your|with|what|not|this|that|are|for|from|they|have)\b", re.IGNORECASE)
TERMS = yaml.safe_load((CONTENT / "terms.yaml").read_text(encoding="utf-8"))


def texts_below(entry):
    if isinstance(entry.value, dict):
        return [pair for child in entry.value.values() for pair in texts_below(child)]
    if isinstance(entry.value, list):
        return [pair for child in entry.value for pair in texts_below(child)]
    return [(entry.path, " ".join(entry.text().split()))]


def texts(folder, language):
    """Every text of a word file by its path, `body.what.meaning`."""
    _document, entry = read_document(CONTENT / folder / f"{language}.yaml", language)
    return dict(texts_below(entry))


def own_language(folder, path):
    """The language that a phrase card keeps in all four files, by the structure; or None."""
    if not folder.startswith("lessons/"):
        return None
    cards = re.findall(r"\{id: ([a-z-]+), lang: ([a-z-]+)\}", (CONTENT / folder / "lesson.yaml").read_text())
    return next((language for id, language in cards if f".cards.{id}." in path), None)


def translated(folder, language):
    """`(path, text)` of a word file, without the cards that keep a language of their own."""
    return [(path, text) for path, text in texts(folder, language).items() if not own_language(folder, path)]


def only_names(text):
    return set(LATIN_WORD.findall(text)) <= NAMES


@pytest.fixture(scope="module")
def curriculum():
    return read(CONTENT, frozenset(drawing_names()))


def blocks_of(tree):
    """Every block, entry and item of composed content, however deep."""
    if isinstance(tree, dict):
        yield tree
    for child in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from blocks_of(child)


def choices_of(item):
    """The lists of choices of an item: one a step, or one, or none."""
    steps = item.get("steps", [])
    return [step["value"]["choices"] for step in steps] or ([item["choices"]] if "choices" in item else [])


def items_of(lesson, language="en"):
    return [(item["type"], item["id"], item["value"]) for item in lesson.words[language]["quiz"]["items"]]


def test_the_files_have_no_fault(curriculum):
    assert sorted(curriculum.lessons) == LESSONS
    assert {"p-4", "s2-4", "s3-4"} <= set(LESSONS)


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_word_file_has_the_ids_of_the_english_one(folder, language):
    assert texts(folder, language).keys() == texts(folder, "en").keys()


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_a_stub(folder, language):
    stubs = re.compile(r"TODO|TBC|XXX|FIXME|lorem|^\.*$|^\?+$", re.IGNORECASE)
    assert [path for path, text in texts(folder, language).items() if stubs.search(text)] == []


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("language", TRANSLATIONS)
def test_a_text_differs_from_the_english_one(folder, language):
    """Save where nothing is to be translated: names, numbers, and one word that Malay shares with English."""
    english = texts(folder, "en")
    same = [(path, text) for path, text in translated(folder, language) if text == english[path]]
    shared = {"deepfake"} if language == "ms" else set()
    assert [(path, text) for path, text in same if text not in shared and not only_names(text)] == []


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("language", ["zh-hans", "ta"])
def test_a_text_is_written_in_the_script_of_its_language(folder, language):
    script = SCRIPTS[language]
    found = translated(folder, language)
    assert [(path, text) for path, text in found if not script.search(text) and not only_names(text)] == []
    left_over = {word for _path, text in found for word in LATIN_WORD.findall(text)} - NAMES
    assert left_over == set()


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_holds_no_letter_of_a_third_script(folder, language):
    strange = [
        (path, letter)
        for path, text in translated(folder, language)
        for letter in LETTER.findall(text)
        if not SCRIPTS[language].match(letter) and not SCRIPTS["en"].match(letter)
    ]
    assert strange == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_malay_text_has_no_english_left_over(folder):
    found = [(path, ENGLISH_WORDS.findall(text)) for path, text in translated(folder, "ms")]
    assert [(path, words) for path, words in found if words] == []


def test_a_phrase_card_keeps_its_language_in_all_four_files():
    cards = {path: own_language("lessons/p-4", path) for path in texts("lessons/p-4", "en")}
    cards = {path: language for path, language in cards.items() if language}
    assert set(cards.values()) == set(LANGUAGES)
    for language in LANGUAGES:
        words = texts("lessons/p-4", language)
        assert {path: words[path] for path in cards} == {path: texts("lessons/p-4", "en")[path] for path in cards}
        assert [path for path, own in cards.items() if not SCRIPTS[own].search(words[path])] == []


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_uses_a_term_that_we_avoid_in_any_language(folder, language):
    avoided = [term.casefold() for terms in TERMS.values() for term in terms]
    used = [
        (path, term)
        for path, text in texts(folder, language).items()
        for term in avoided
        if not path.endswith(".instead_of") and term in text.casefold()
    ]
    assert used == []


def test_terms_that_we_avoid_are_known_in_four_languages():
    assert set(TERMS) == set(LANGUAGES)
    assert min(len(terms) for terms in TERMS.values()) >= 5


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_holds_a_telephone_number_an_address_or_markup(folder, language):
    number = r"(?<!\d)(?:999|15999)(?!\d)|\d(?:[ -]?\d){6,}"
    refused = re.compile(number + r"|https?:|www\.|\.(?:com|org|net|my)(?![a-z])|<|&\w+;|\]\(|javascript:")
    found = [(path, refused.findall(text)) for path, text in texts(folder, language).items()]
    assert [(path, hits) for path, hits in found if hits] == []


# Quizzes


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_item_is_about_one_of_the_lessons_outcomes(curriculum, lesson):
    outcomes = {outcome["id"] for outcome in curriculum.lessons[lesson].source["outcomes"]}
    about = {value["outcome"] for _type, _id, value in items_of(curriculum.lessons[lesson])}
    assert about
    assert about <= outcomes


@pytest.mark.parametrize("lesson", LESSONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_choice_of_every_item_has_feedback(curriculum, lesson, language):
    wanted = {"true-false": ("true", "false", "unsure"), "order": ("right", "other")}
    for kind, id, value in items_of(curriculum.lessons[lesson], language):
        if kind == "agree-scale":
            assert len(value["feedback_all"]) > 10, id
            continue
        if kind in wanted:
            feedback = [value[f"feedback_{name}"] for name in wanted[kind]]
        else:
            entries = [entry for choices in choices_of(value) for entry in choices] or value["pairs"]
            feedback = [entry["value"]["feedback"] for entry in entries]
        assert len(feedback) >= 2, id
        assert all(len(text) > 10 for text in feedback), (id, feedback)
        assert len(set(feedback)) == len(feedback), (id, "two choices have one feedback")


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_scenario_has_a_helpful_answer_and_one_that_helps_less(curriculum, lesson):
    scenarios = [
        tree["value"] for tree in blocks_of(curriculum.lessons[lesson].source) if tree.get("type") == "scenario"
    ]
    assert scenarios
    for value in scenarios:
        options = {option["id"] for option in value.get("options") or value["choices"]}
        helpful = set(value.get("helpful") or value["right"])
        assert helpful
        assert helpful < options


@pytest.mark.parametrize("lesson", LESSONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_answers_of_an_item_read_the_same(curriculum, lesson, language):
    for kind, id, value in items_of(curriculum.lessons[lesson], language):
        if kind == "order":
            columns = [[entry["value"] for entry in value["entries"]]]
        elif kind == "match":
            columns = [[pair["value"][side] for pair in value["pairs"]] for side in ("left", "right")]
        else:
            columns = [[choice["value"]["text"] for choice in choices] for choices in choices_of(value)]
        for column in columns:
            assert len({text.casefold() for text in column}) == len(column), id


def test_a_story_can_be_walked_in_more_than_one_helpful_way(curriculum):
    stories = [
        value for lesson in curriculum.lessons.values() for kind, _id, value in items_of(lesson) if kind == "branching"
    ]
    assert stories
    for story in stories:
        for step in story["steps"]:
            helpful = [answer for answer in story["right"] if answer.startswith(f"{step['id']}/")]
            assert 2 <= len(helpful) < len(step["value"]["choices"])


def test_pupils_are_asked_about_a_myth_before_and_after_and_told_the_fact(curriculum):
    for lesson in ("s2-4", "s3-4"):
        twice = [
            (kind, value)
            for kind, _id, value in items_of(curriculum.lessons[lesson])
            if value.get("asked") != "once" and "asked" in value
        ]
        assert [kind for kind, _value in twice] == ["agree-scale"]
        assert all(value["myth"] for _kind, value in twice)


def test_only_adults_have_a_pass_mark_and_nobody_is_promised_that_nothing_is_kept(curriculum):
    """The page itself says whether answers are kept: for a visitor nothing is, for a learner they are."""
    kept = re.compile(r"kept|keep|simpan|保留|记录|சேமி", re.IGNORECASE)
    score = re.compile(r"\bscore|markah|分|புள்ளி", re.IGNORECASE)
    for name, lesson in curriculum.lessons.items():
        quizzes = {language: words["quiz"] for language, words in lesson.words.items()}
        assert (quizzes["en"]["pass_mark"] is None) == name.startswith("s")
        assert [quiz["intro"] for quiz in quizzes.values() if kept.search(quiz["intro"])] == []
        if quizzes["en"]["pass_mark"] or quizzes["en"]["shows_score"]:
            assert [quiz["intro"] for quiz in quizzes.values() if score.search(quiz["intro"])] == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_right_answers_are_the_same_in_four_languages(curriculum, lesson):
    unit = curriculum.lessons[lesson]
    keys = [
        [(kind, id, value.get("right"), value["outcome"]) for kind, id, value in items_of(unit, language)]
        for language in LANGUAGES
    ]
    assert all(key == keys[0] for key in keys)


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_is_a_whole_pack_in_four_languages(curriculum, lesson):
    for words in curriculum.lessons[lesson].words.values():
        assert words["worksheet"]["blocks"]
        assert words["parallel_task"]["blocks"]
        assert {activity["value"]["kind"] for activity in words["activities"]} >= {"warm-up", "main", "close"}
        assert len(words["quiz"]["items"]) >= 7
        assert all(words["note"].values())
        assert all(words["home_card"].values())
        assert words["topics"]


def test_drawings_have_an_alternative_text_of_one_short_sentence(curriculum):
    for lesson in curriculum.lessons.values():
        for language in LANGUAGES:
            values = [tree for tree in blocks_of(lesson.words[language]) if tree.get("picture") and "alt" in tree]
            assert values
            assert [value["alt"] for value in values if not 3 < len(value["alt"]) <= 160] == []
