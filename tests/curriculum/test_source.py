"""Every fault that a writer can make: one clear line with the file, the line and what to do."""

import shutil

import pytest

from curriculum.documents import Faults
from curriculum.grammar import LANGUAGES
from curriculum.source import read

DRAWINGS = frozenset({"tam", "door"})
STRUCTURE = "lessons/s2-1/lesson.yaml"
ENGLISH, MALAY, CHINESE, TAMIL = (f"lessons/s2-1/{name}.yaml" for name in ("en", "ms", "zh-hans", "ta"))

FILES = {
    "terms.yaml": "en: {bad touch: unsafe touch}\nms: {gambar lucah: imej yang disalahgunakan}\n",
    "topics/topics.yaml": 'topics: ["4.2"]\n',
    "services/services.yaml": """\
services:
  - id: kasih
    fact: F-1
    state: V
    source: A newspaper
    source_year: 2025
    shown_to: [student]
    phones: ["15999"]
""",
    "site/site.yaml": """\
audiences:
  - {id: student, slug: student, picture: door}
courses:
  - {id: s2, audience: student, tier: S2, slug: s2}
guides:
  - id: help
    slug: help
    body:
      - id: now
        type: key-idea
""",
    STRUCTURE: """\
lesson: s2-1
course: s2
slug: "1"
minutes: 30
content_note: CN1
topics: ["4.2"]
picture: tam
companion: s2-1
outcomes: [refuse]
body:
  - id: consent
    type: definition
  - id: rule
    type: text
  - id: space
    type: sorting
    columns: [mine, ours]
    cards:
      - {id: arm, column: mine, picture: tam}
      - {id: park, column: ours}
  - id: hug
    type: scenario
    options: [ask, grab]
    helpful: [ask]
  - id: lines
    type: say
    pairs: [first]
worksheet:
  - id: grid
    type: table
    columns: [alone, together]
    rows: [song, photo]
    answers: [song/alone]
parallel_task:
  - id: draw
    type: drawing
    height: 60
activities:
  - {id: begin, kind: warm-up, minutes: 10}
  - {id: end, kind: close, minutes: 20}
quiz:
  items:
    - {id: what, type: single-choice, outcome: refuse, choices: [free, forced], right: free}
    - {id: who, type: multiple-choice, outcome: refuse, choices: [me, you, none], right: [me, you]}
    - {id: silence, type: true-false, outcome: refuse, right: "false"}
    - {id: steps, type: order, outcome: refuse, entries: [ask, wait, thank]}
    - {id: twins, type: match, outcome: refuse, pairs: [open, shut]}
    - id: tale
      type: branching
      outcome: refuse
      steps:
        - id: asking
          choices:
            - {id: wait, leads_to: answer}
            - {id: push}
        - id: answer
          choices: [{id: accept}, {id: nag}, {id: leave}]
      right: [asking/wait, answer/accept, answer/leave]
    - id: where
      type: picture-choice
      outcome: refuse
      choices: [{id: tapir, picture: tam}, {id: gate, picture: door}, {id: both, picture: door}]
      right: gate
    - {id: saying, type: agree-scale, outcome: refuse, myth: only-a-hug, asked: before-and-after}
""",
}

WORDS = {
    "topics": 'topics: {"4.2": Consent}\n',
    "services": "services:\n  kasih:\n    name: Talian Kasih\n    what_for: For everyone.\n    hours: Day and night\n",
    "site": """\
home: {title: Setuju, headline: Look after one another., introduction: Short lessons., help_message: Tell an adult.}
audiences:
  student: {title: Students, door: I want to know., introduction: Choose a course.}
courses:
  s2: {title: Respect, stage: Year 4 to 6, introduction: Learn., help_message: Tell an adult.}
guides:
  help:
    title: Help
    introduction: You can get help.
    body:
      now: {idea: It is not your fault.}
""",
    "lessons/s2-1": """\
title: My space
summary: Learn to say what you want.
content_note: {about: Unkindness., without: No pictures., choices: You can pass.}
teacher_notes: Breathe.
home_card: {title: At home, text: Ask first., ask: What do you like?, promise: I listen.}
outcomes:
  refuse: Say no in a clear voice.
body:
  consent:
    term: consent
    meaning: A free yes.
  rule:
    text: |-
      Ask first.

      - Wait for the answer.
      - Say thank you.
  space:
    heading: Whose is it?
    instruction: Sort the cards.
    columns: {mine: Mine, ours: Ours}
    cards:
      arm: {text: My arm, because: It is my body., alt: A tapir.}
      park: {text: The park, because: We share it.}
  hug:
    heading: A hug
    situation: Tam wants a hug.
    question: What now?
    options:
      ask: {text: Ask, response: Yes.}
      grab: {text: Just hug, response: Ask first.}
  lines:
    heading: Words
    pairs:
      first: {instead_of: Come here!, say: May I?}
worksheet:
  intro: Take your time.
  blocks:
    grid:
      heading: Alone or together
      instruction: Fill in the table.
      columns: {alone: Alone, together: Together}
      rows: {song: A song, photo: A photo}
      look_for: {song/alone: Yes}
parallel_task:
  title: A garden
  blocks:
    draw: {prompt: Draw a tree., look_for: Anything.}
activities:
  begin: {title: Hello, steps: 1. Greet.}
  end: {title: Goodbye, steps: 1. Wave.}
quiz:
  title: Check what you know
  intro: There is no score.
  items:
    what:
      prompt: What is consent?
      rationale: The meaning.
      choices:
        free: {text: A free yes, feedback: Yes.}
        forced: {text: A forced yes, feedback: A yes is free.}
    who:
      prompt: Who decides?
      rationale: Both do.
      choices:
        me: {text: I do, feedback: Yes.}
        you: {text: You do, feedback: Yes.}
        none: {text: Nobody, feedback: Both decide.}
    silence:
      prompt: Silence is a yes.
      rationale: It is not.
      feedback: {"true": Silence is no yes., "false": Yes., unsure: Silence is no yes.}
    steps:
      prompt: In which order?
      rationale: Asking comes first.
      entries: {ask: Ask, wait: Wait, thank: Thank}
      feedback: {right: Yes., other: Ask first.}
    twins:
      prompt: What belongs together?
      rationale: Signs.
      pairs:
        open: {left: Open arms, right: Come, feedback: Still ask.}
        shut: {left: Crossed arms, right: Stop, feedback: Give space.}
    tale:
      prompt: What happens next?
      rationale: A yes is asked for.
      steps:
        asking:
          situation: Tam would like a hug.
          prompt: What could Tam do?
          choices:
            wait: {text: Ask and wait, feedback: Yes. Asking comes first.}
            push: {text: Hug at once, feedback: A hug is asked for.}
        answer:
          situation: Your answer is no.
          prompt: And now?
          choices:
            accept: {text: Say that it is fine, feedback: Yes. A no is a no.}
            nag: {text: Ask ten times, feedback: One no is enough.}
            leave: {text: Wave from afar, feedback: Yes. Waving is kind.}
    where:
      prompt: Where do you knock?
      rationale: Doors.
      choices:
        tapir: {text: At a tapir, feedback: A tapir has no door.}
        gate: {text: At the door, feedback: Yes. At the door.}
        both: {text: At the window, feedback: The door is better.}
    saying:
      prompt: It is only a hug.
      rationale: A common saying.
      feedback: {all: A hug needs a yes.}
""",
}


class Content:
    """A tiny valid curriculum in a folder; a test breaks one thing in it."""

    def __init__(self, root):
        self.root = root

    def text(self, file):
        return (self.root / file).read_text(encoding="utf-8")

    def write(self, file, text):
        (self.root / file).parent.mkdir(parents=True, exist_ok=True)
        (self.root / file).write_text(text, encoding="utf-8")

    def change(self, file, old, new):
        assert self.text(file).count(old) == 1, f"{old!r} is not once in {file}"
        self.write(file, self.text(file).replace(old, new))

    def change_everywhere(self, folder, old, new):
        for language in LANGUAGES:
            self.change(f"{folder}/{language}.yaml", old, new)

    def at(self, file, start):
        """The file and the number of its only line that begins with `start`, as a fault prints them."""
        lines = [n for n, line in enumerate(self.text(file).splitlines(), 1) if line.strip().startswith(start)]
        assert len(lines) == 1, f"{start!r} begins lines {lines} of {file}"
        return f"{self.root.name}/{file}:{lines[0]}: "

    def faults(self, *only):
        try:
            read(self.root, DRAWINGS, only)
        except Faults as faults:
            return [str(fault) for fault in faults.faults]
        return []


def build(root):
    content = Content(root)
    for file, text in FILES.items():
        content.write(file, text)
    for folder, text in WORDS.items():
        for language in LANGUAGES:
            content.write(f"{folder}/{language}.yaml", text)
    return content


@pytest.fixture
def content(tmp_path):
    return build(tmp_path / "content")


def test_a_folder_without_faults_is_read_in_four_languages(content):
    curriculum = read(content.root, DRAWINGS)
    assert list(curriculum.lessons) == ["s2-1"]
    lesson = curriculum.lessons["s2-1"]
    assert list(lesson.words) == list(LANGUAGES)
    assert lesson.source["body"][1]["value"]["text"] == (
        "<p>Ask first.</p><ul><li>Wait for the answer.</li><li>Say thank you.</li></ul>"
    )


def test_every_fault_is_named_at_once_in_the_order_of_files_and_lines(content):
    content.change(TAMIL, "meaning: A free yes.", "meaning: <b>A free yes.</b>")
    content.change(TAMIL, "term: consent", "term: <i>consent</i>")
    content.change(MALAY, "title: My space", "title: www.example")
    starts = [content.at(MALAY, "title: www"), content.at(TAMIL, "term:"), content.at(TAMIL, "meaning:")]
    faults = content.faults()
    assert len(faults) == 3
    assert all(fault.startswith(start) for fault, start in zip(faults, starts, strict=True))


def test_a_digest_changes_with_a_word_and_with_a_setting(content):
    def digest():
        return read(content.root, DRAWINGS).lessons["s2-1"].digest

    first = digest()
    assert digest() == first
    content.change(TAMIL, "meaning: A free yes.", "meaning: A yes that is free.")
    second = digest()
    content.change(STRUCTURE, "height: 60", "height: 70")
    assert len({first, second, digest()}) == 3


# Files


@pytest.mark.parametrize("file", [TAMIL, "topics/ms.yaml", "services/zh-hans.yaml", "site/en.yaml", "site/site.yaml"])
def test_a_missing_file_is_named(content, file):
    (content.root / file).unlink()
    assert content.faults() == [f"content/{file}:1: is missing. Every lesson has its structure and four word files."]


def test_a_lesson_folder_without_its_structure_is_named(content):
    (content.root / STRUCTURE).rename(content.root / "lessons/s2-1/lesson.yml")
    assert content.faults() == [
        f"content/{STRUCTURE}:1: is missing. Every lesson has its structure and four word files."
    ]


def test_an_empty_file_is_named(content):
    content.write(TAMIL, "")
    assert content.faults() == [f"content/{TAMIL}:1: is empty or has no keys."]


def test_a_file_that_is_not_utf8_is_named(content):
    (content.root / CHINESE).write_bytes("title: 我的空间".encode("gb18030"))
    assert content.faults() == [f"content/{CHINESE}:1: is not UTF-8. Save it again as UTF-8."]


def test_broken_yaml_is_named_with_its_line(content):
    content.change(TAMIL, "meaning: A free yes.", "meaning: A free yes: always")
    (fault,) = content.faults()
    assert fault.startswith(content.at(TAMIL, "meaning:") + "is not readable as YAML: ")
    assert fault.endswith(". See the manual.")


def test_yaml_that_repeats_itself_for_ever_is_a_fault_and_no_crash(content):
    content.write(TAMIL, "title: &again\n  body: *again\n")
    assert any(fault.startswith(f"content/{TAMIL}:") for fault in content.faults())


def test_a_key_that_stands_twice_is_named_with_its_second_line(content):
    content.change(TAMIL, "    meaning: A free yes.\n", "    meaning: A free yes.\n    'meaning': No force.\n")
    assert content.faults() == [content.at(TAMIL, "'meaning'") + '"meaning" stands twice. Keep one.']


def test_a_list_where_a_text_belongs_is_named(content):
    content.change(TAMIL, "meaning: A free yes.", "meaning: [A free yes.]")
    assert (
        content.at(TAMIL, "meaning:") + '"body.consent.meaning" needs a text, not a list or keys.' in content.faults()
    )


def test_a_text_where_a_list_belongs_is_named(content):
    content.change(STRUCTURE, "entries: [ask, wait, thank]", "entries: ask")
    assert content.at(STRUCTURE, "- {id: steps") + '"quiz.items[4].entries" needs a list (`- ...`, or `[a, b]`).' in (
        content.faults()
    )


def test_a_text_where_keys_belong_is_named(content):
    content.change_everywhere("lessons/s2-1", "{mine: Mine, ours: Ours}", "Mine")
    assert content.at(TAMIL, "columns: Mine") + '"body.space.columns" needs keys under it (`name: ...`).' in (
        content.faults()
    )


# The same words in four languages


def test_a_missing_word_is_named_once_with_its_language(content):
    content.change(TAMIL, "    meaning: A free yes.\n", "")
    assert content.faults() == [
        content.at(TAMIL, "consent:")
        + '"body.consent.meaning" is missing. Write it in Tamil, or take it out of every language.'
    ]


def test_an_empty_word_is_a_missing_word(content):
    content.change(CHINESE, "meaning: A free yes.", "meaning:")
    assert content.faults() == [
        content.at(CHINESE, "meaning:")
        + '"body.consent.meaning" is missing. Write it in Chinese, or take it out of every language.'
    ]


def test_a_missing_word_in_english_is_named_once(content):
    content.change(ENGLISH, "    meaning: A free yes.\n", "")
    assert content.faults() == [
        content.at(ENGLISH, "consent:")
        + '"body.consent.meaning" is missing. Write it in English, or take it out of every language.'
    ]


def test_the_missing_words_of_a_whole_block_are_named(content):
    content.change(MALAY, "  consent:\n    term: consent\n    meaning: A free yes.\n", "")
    assert content.at(MALAY, "body:") + '"body.consent" is missing. Write it in Malay.' in content.faults()


def test_a_word_too_many_is_named_with_the_words_that_belong_there(content):
    content.change(TAMIL, "    meaning: A free yes.\n", "    meaning: A free yes.\n    origin: Latin\n")
    assert content.faults() == [
        content.at(TAMIL, "origin:") + '"body.consent.origin" is not known here. Known: term, meaning, example.'
    ]


def test_words_of_a_block_that_the_structure_does_not_have_are_named(content):
    content.change(TAMIL, "  rule:\n", "  joke:\n    idea: Ha.\n  rule:\n")
    assert content.faults() == [
        content.at(TAMIL, "joke:") + '"body.joke" is not known here. Known: consent, rule, space, hug, lines.'
    ]


def test_an_alternative_text_without_a_picture_is_a_word_too_many(content):
    content.change(TAMIL, "because: We share it.}", "because: We share it., alt: A park.}")
    assert content.faults() == [
        content.at(TAMIL, "park:") + '"body.space.cards.park.alt" is not known here. Known: text, because.'
    ]


def test_a_picture_without_an_alternative_text_is_a_missing_word(content):
    content.change(TAMIL, ", alt: A tapir.}", "}")
    assert content.faults() == [
        content.at(TAMIL, "arm:")
        + '"body.space.cards.arm.alt" is missing. Write it in Tamil, or take it out of every language.'
    ]


def test_a_content_note_that_the_structure_does_not_announce_is_a_word_too_many(content):
    content.change(STRUCTURE, "content_note: CN1", "content_note: CN0")
    assert [fault.split(" ")[0] for fault in content.faults()] == [
        content.at(file, "content_note:").strip() for file in sorted((ENGLISH, MALAY, CHINESE, TAMIL))
    ]


def test_an_optional_word_in_one_language_only_is_named_there(content):
    content.change(TAMIL, "    meaning: A free yes.\n", "    meaning: A free yes.\n    example: A nod.\n")
    assert content.faults() == [
        content.at(TAMIL, "example:")
        + '"body.consent.example" is not in the English file. Add it there, or take it out here.'
    ]


def test_an_optional_word_in_english_only_is_named_where_it_is_missing(content):
    content.change(ENGLISH, "    meaning: A free yes.\n", "    meaning: A free yes.\n    example: A nod.\n")
    assert content.faults() == [
        content.at(file, "consent:")
        + f'"body.consent.example" is missing. Write it in {language}, or take it out everywhere.'
        for file, language in ((MALAY, "Malay"), (TAMIL, "Tamil"), (CHINESE, "Chinese"))
    ]


def test_another_number_of_paragraphs_is_named_with_both_numbers(content):
    content.change(TAMIL, "      - Say thank you.\n", "")
    assert content.faults() == [
        content.at(TAMIL, "text: |-")
        + '"body.rule.text" has 2 paragraphs and list items (p li), the English has 3 (p li li). Make them alike.'
    ]


def test_a_plain_word_of_two_paragraphs_is_named(content):
    content.change(TAMIL, "meaning: A free yes.", "meaning: |-\n      A free yes.\n\n      No force.")
    assert content.faults() == [
        content.at(TAMIL, "meaning:")
        + '"body.consent.meaning" this field is one plain paragraph. Join the lines (put it behind >-).'
    ]


# What no word may hold


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "A <b>free</b> yes", "javascript:alert(1)", "<img src=x onerror='x'>", "</p>"]
)
@pytest.mark.parametrize("field", ["meaning: A free yes.", "teacher_notes: Breathe."], ids=["plain", "rich"])
def test_html_and_script_are_refused(content, field, text):
    name = field.partition(":")[0]
    content.change(TAMIL, field, f"{name}: >-\n      {text}")
    (fault,) = content.faults()
    assert fault.startswith(content.at(TAMIL, f"{name}:"))
    assert "HTML or script is not allowed: " in fault
    assert fault.endswith(". Write plain text.")


@pytest.mark.parametrize(
    "text",
    [
        "Read https://example.org now",
        "Read www.example now",
        "Read setuju.org now",
        "请看 setuju.org。",
        "请看setuju.org吧",
        "Read [this](page) now",
    ],
)
def test_links_and_web_addresses_are_refused(content, text):
    content.change(CHINESE, "meaning: A free yes.", f"meaning: >-\n      {text}")
    (fault,) = content.faults()
    assert fault.startswith(content.at(CHINESE, "meaning:"))
    assert "links and web addresses are not allowed: " in fault
    assert fault.endswith(". Services are listed in services/.")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (ENGLISH, "Call 15999 now."),
        (MALAY, "Hubungi 999."),
        (MALAY, "Hubungi 019-261 5999."),
        (MALAY, "Hubungi 03-8884 9352."),
        (ENGLISH, "Call 1-800-18-2327 now."),
        (CHINESE, "请拨 15999。"),
        (CHINESE, "请拨打15999求助。"),
        (CHINESE, "有危险就打999报警。"),
        (CHINESE, "请拨打019-261 5999求助。"),
        (TAMIL, "15999 எண்ணை அழையுங்கள்."),
        (TAMIL, "உடனே 999ஐ அழையுங்கள்."),
    ],
)
def test_a_telephone_number_is_refused_in_every_language(content, file, text):
    content.change(file, "meaning: A free yes.", f"meaning: {text}")
    (fault,) = content.faults()
    assert fault.startswith(content.at(file, "meaning:") + '"body.consent.meaning" telephone numbers are not typed: ')
    assert fault.endswith(". The help strip shows them.")


def test_a_year_an_age_and_a_page_number_are_no_telephone_numbers(content):
    content.change(ENGLISH, "meaning: A free yes.", "meaning: In 2018, page 12 of 40, for 10 to 12 years, 1,000 times.")
    assert content.faults() == []


def test_a_term_that_we_avoid_is_refused_with_the_one_to_write(content):
    content.change(ENGLISH, "meaning: A free yes.", "meaning: No Bad Touch here.")
    content.change(MALAY, "meaning: A free yes.", "meaning: Bukan gambar lucah.")
    assert content.faults() == [
        content.at(ENGLISH, "meaning:")
        + '"body.consent.meaning" uses "bad touch", which we avoid. Write "unsafe touch".',
        content.at(MALAY, "meaning:")
        + '"body.consent.meaning" uses "gambar lucah", which we avoid. Write "imej yang disalahgunakan".',
    ]


def test_a_term_that_we_avoid_is_found_across_a_line_break(content):
    content.change(ENGLISH, "      Ask first.\n\n", "      There is no bad\n      touch here.\n\n")
    assert content.faults() == [
        content.at(ENGLISH, "text: |-") + '"body.rule.text" uses "bad touch", which we avoid. Write "unsafe touch".'
    ]


def test_a_term_that_we_avoid_is_found_between_wide_spaces(content):
    content.change(ENGLISH, "meaning: A free yes.", "meaning: No bad  touch here.")
    assert content.faults() == [
        content.at(ENGLISH, "meaning:")
        + '"body.consent.meaning" uses "bad touch", which we avoid. Write "unsafe touch".'
    ]


def test_a_line_that_shows_what_not_to_say_may_quote_the_term(content):
    content.change(ENGLISH, "instead_of: Come here!", "instead_of: A bad touch!")
    assert content.faults() == []


@pytest.mark.parametrize(
    ("character", "number"), [("😀", "U+1F600"), ("龨", "U+9FA8"), ("𠮷", "U+20BB7"), ("ا", "U+0627"), ("\t", "U+0009")]
)
def test_a_character_that_no_shipped_font_prints_is_named(content, character, number):
    content.change(CHINESE, "meaning: A free yes.", f'meaning: "自由{character}的同意"')
    assert content.faults() == [
        content.at(CHINESE, "meaning:")
        + f'"body.consent.meaning" has characters that no shipped font prints: {character} ({number}). Choose others.'
    ]


# Structure


def test_an_unknown_type_of_block_is_named_with_the_known_ones(content):
    content.change(STRUCTURE, "type: definition", "type: definitely")
    (fault,) = content.faults()
    assert fault.startswith(
        content.at(STRUCTURE, "- id: consent")
        + "\"body[1]\" has the type 'definitely', which is not known. Known: text, key-idea, definition, "
    )


def test_an_unknown_type_of_quiz_item_is_named_with_the_known_ones(content):
    content.change(STRUCTURE, "type: true-false", "type: essay")
    assert content.faults() == [
        content.at(STRUCTURE, "- {id: silence")
        + "\"quiz.items[3]\" has the type 'essay', which is not known. "
        + "Known: single-choice, multiple-choice, scenario, picture-choice, branching, true-false, agree-scale, "
        + "order, match."
    ]


def test_a_setting_that_a_block_does_not_have_is_named(content):
    content.change(STRUCTURE, "    height: 60\n", "    height: 60\n    width: 60\n")
    assert content.faults() == [
        content.at(STRUCTURE, "width:")
        + '"parallel_task[1].width" is not known here. Known: id, type, show_on, height.'
    ]


def test_a_missing_setting_is_named(content):
    content.change(STRUCTURE, "    height: 60\n", "")
    assert content.faults() == [content.at(STRUCTURE, "- id: draw") + '"parallel_task[1].height" is missing.']


@pytest.mark.parametrize("height", ["29", "181", "six", "-60", "60.5"])
def test_a_number_out_of_its_range_is_named(content, height):
    content.change(STRUCTURE, "height: 60", f"height: {height}")
    assert content.faults() == [
        content.at(STRUCTURE, "height:")
        + f"\"parallel_task[1].height\" needs a whole number from 30 to 180, not '{height}'."
    ]


@pytest.mark.parametrize(
    ("line", "old", "new", "message"),
    [
        ("content_note:", "CN1", "CN4", "\"content_note\" is 'CN4', which is not known. Known: CN0, CN1, CN2, CN3."),
        (
            "- {id: end",
            "kind: close,",
            "kind: closing,",
            "\"activities[2].kind\" is 'closing', which is not known. Known: warm-up, main, reflect, close.",
        ),
        (
            "- {id: silence",
            'right: "false"',
            "right: perhaps",
            "\"quiz.items[3].right\" is 'perhaps', which is not known. Known: true, false.",
        ),
        (
            "- {id: end",
            "minutes: 20}",
            "minutes: 20, optional: maybe}",
            '"activities[2].optional" needs true or false.',
        ),
    ],
    ids=["content note", "kind of activity", "true or false", "flag"],
)
def test_a_choice_that_is_not_known_is_named(content, line, old, new, message):
    content.change(STRUCTURE, old, new)
    assert content.faults() == [content.at(STRUCTURE, line) + message]


def test_a_medium_that_is_not_known_is_named(content):
    content.change(STRUCTURE, "type: drawing", "type: drawing\n    show_on: [slide]")
    (fault,) = content.faults()
    assert fault.startswith(content.at(STRUCTURE, "show_on:"))
    assert "'slide'" in fault


def test_an_id_that_stands_twice_is_named(content):
    content.change(STRUCTURE, "  - id: rule\n", "  - id: consent  # again\n")
    assert (
        content.at(STRUCTURE, "- id: consent  # again")
        + "\"body[2]\" has the id 'consent', which stands there already. An id is used once."
    ) in content.faults()


def test_a_choice_that_stands_twice_is_named(content):
    content.change(STRUCTURE, "choices: [me, you, none]", "choices: [me, you, none, you]")
    assert content.faults() == [
        content.at(STRUCTURE, "- {id: who")
        + "\"quiz.items[2].choices[4]\" has the id 'you', which stands there already. An id is used once."
    ]


@pytest.mark.parametrize("name", ["../consent", "Consent", "first copy", "a/b", "-a", "ஒப்புதல்", ""])
def test_an_id_that_is_no_id_is_named(content, name):
    content.change(STRUCTURE, "- id: consent", f'- id: "{name}"')
    assert (
        content.at(STRUCTURE, f'- id: "{name}"')
        + f'"body[1]" has the id {name!r}. An id is small letters, digits and hyphens.'
    ) in content.faults()


def test_a_block_without_an_id_is_named(content):
    content.change(STRUCTURE, "- id: draw\n    type: drawing", "- type: drawing")
    assert content.at(STRUCTURE, "- type: drawing") + '"parallel_task[1]" needs an id.' in content.faults()


def test_a_lesson_without_one_of_its_parts_is_named(content):
    content.change(STRUCTURE, "activities:\n", "")
    content.change(STRUCTURE, "  - {id: begin, kind: warm-up, minutes: 10}\n", "")
    content.change(STRUCTURE, "  - {id: end, kind: close, minutes: 20}\n", "")
    assert content.at(STRUCTURE, "lesson:") + '"activities" is missing. A lesson is a whole pack.' in content.faults()


def test_minutes_that_do_not_add_up_are_named_with_both_sums(content):
    content.change(STRUCTURE, "kind: close, minutes: 20", "kind: close, minutes: 25")
    assert content.faults() == [
        content.at(STRUCTURE, "activities:") + '"activities" add up to 35 minutes, the plan says 30.'
    ]


def test_the_length_of_a_workshop_is_what_its_minutes_add_up_to(content):
    content.change(STRUCTURE, "kind: close, minutes: 20", "kind: close, minutes: 25")
    content.change(STRUCTURE, "minutes: 30", "minutes: 30\nplan_minutes: 35")
    assert content.faults() == []


@pytest.mark.parametrize("picture", ["../../../etc/passwd", "walrus"])
def test_a_drawing_that_is_not_there_is_named(content, picture):
    content.change(STRUCTURE, "picture: tam\n", f"picture: {picture}\n")
    assert content.faults() == [
        content.at(STRUCTURE, "picture:")
        + f'"picture" is {picture!r}, but there is no such drawing in static/img/drawings.'
    ]


def test_a_drawing_of_a_block_that_is_not_there_is_named(content):
    content.change(STRUCTURE, "column: mine, picture: tam}", "column: mine, picture: ../tam}")
    assert content.faults() == [
        content.at(STRUCTURE, "- {id: arm")
        + "\"body[3].cards[1].picture\" is '../tam', but there is no such drawing in static/img/drawings."
    ]


@pytest.mark.parametrize("slug", ["../1", "/1", "Tam", "1.pdf", "%2e%2e", "同意"])
def test_a_lessons_address_with_a_path_is_refused(content, slug):
    content.change(STRUCTURE, 'slug: "1"', f'slug: "{slug}"')
    assert content.faults() == [
        content.at(STRUCTURE, "slug:")
        + f'"slug" is {slug!r}. An address has small letters, digits and hyphens, and no path.'
    ]


@pytest.mark.parametrize(
    ("old", "path", "line"),
    [
        ("slug: student,", "audiences[1].slug", "- {id: student"),
        ("slug: s2}", "courses[1].slug", "- {id: s2"),
        ("slug: help\n", "guides[1].slug", "slug:"),
    ],
    ids=["audience", "course", "guide"],
)
def test_a_pages_address_with_a_path_is_refused(content, old, path, line):
    content.change("site/site.yaml", old, old.replace("slug: ", "slug: ../"))
    (fault,) = content.faults()
    assert fault.startswith(content.at("site/site.yaml", line) + f'"{path}" is \'../')
    assert fault.endswith(". An address has small letters, digits and hyphens, and no path.")


@pytest.mark.parametrize("name", ["s2-2", "../s2-1", "../../site"])
def test_a_lesson_that_is_not_called_like_its_folder_is_named(content, name):
    content.change(STRUCTURE, "lesson: s2-1", f"lesson: {name}")
    assert content.faults() == [content.at(STRUCTURE, "lesson:") + f"\"lesson\" is {name!r}, but the folder is 's2-1'."]


# Answers


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("right: free}", "right: []}", "quiz.items[1].right"),
        ("right: [me, you]}", "right: []}", "quiz.items[2].right"),
    ],
    ids=["single choice", "multiple choice"],
)
def test_an_item_without_a_right_answer_is_named(content, old, new, path):
    content.change(STRUCTURE, old, new)
    (fault,) = content.faults()
    assert fault.endswith(f'"{path}" names no right answer. Name at least one.')


def test_an_item_that_leaves_its_right_answer_out_is_named(content):
    content.change(STRUCTURE, ', right: "false"', "")
    assert content.faults() == [content.at(STRUCTURE, "- {id: silence") + '"quiz.items[3].right" is missing.']


def test_a_scenario_without_a_helpful_option_is_named(content):
    content.change(STRUCTURE, "helpful: [ask]", "helpful: []")
    (fault,) = content.faults()
    assert fault.startswith(content.at(STRUCTURE, "helpful:"))
    assert fault.endswith('"body[4].helpful" names no right answer. Name at least one.')


def test_an_item_where_every_choice_is_right_is_named(content):
    content.change(STRUCTURE, "right: [me, you]", "right: [me, you, none]")
    assert content.faults() == [
        content.at(STRUCTURE, "- {id: who")
        + '"quiz.items[2].right" names every choice. Leave at least one that is not right.'
    ]


def test_a_single_choice_with_two_right_answers_is_named(content):
    content.change(STRUCTURE, "choices: [free, forced], right: free", "choices: [free, forced], right: [free, forced]")
    assert (
        content.at(STRUCTURE, "- {id: what")
        + '"quiz.items[1].right" names more than one answer. A single choice has one.'
        in content.faults()
    )


def test_a_right_answer_that_is_no_choice_is_named_with_the_choices(content):
    content.change(STRUCTURE, "right: free", "right: fried")
    assert content.faults() == [
        content.at(STRUCTURE, "- {id: what")
        + "\"quiz.items[1].right\" names 'fried', which is not one of: forced, free."
    ]


def test_a_helpful_option_that_is_no_option_is_named(content):
    content.change(STRUCTURE, "helpful: [ask]", "helpful: [ask, run]")
    (fault,) = content.faults()
    assert fault.startswith(content.at(STRUCTURE, "helpful:"))
    assert fault.endswith("\"body[4].helpful\" names 'run', which is not one of: ask, grab.")


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("      prompt: What is", "      right: forced\n      prompt: What is", "quiz.items.what.right"),
        ("free: {text: A free yes,", "free: {right: yes, text: A free yes,", "quiz.items.what.choices.free.right"),
        ("      prompt: Silence", '      right: "true"\n      prompt: Silence', "quiz.items.silence.right"),
        ("    question: What now?", "    helpful: [grab]\n    question: What now?", "body.hug.helpful"),
        ("      heading: Alone", "      answers: [photo/alone]\n      heading: Alone", "worksheet.blocks.grid.answers"),
    ],
    ids=["item", "choice", "true or false", "scenario", "table"],
)
def test_a_right_answer_in_a_word_file_is_refused(content, old, new, path):
    content.change(TAMIL, old, new)
    line = new.splitlines()[0].strip()
    assert content.faults() == [
        content.at(TAMIL, line) + f'"{path}" is a right answer in a word file. It stands once, in the structure.'
    ]


def test_two_choices_that_read_the_same_in_one_language_are_named_there(content):
    content.change(TAMIL, "forced: {text: A forced yes,", "forced: {text: a FREE yes,")
    (fault,) = content.faults()
    assert fault.startswith(f"content/{TAMIL}:")
    assert "has two choices that read the same: 'a free yes'." in fault


def test_an_item_without_one_of_the_lessons_outcomes_is_named(content):
    content.change(STRUCTURE, "type: order, outcome: refuse", "type: order, outcome: agree")
    (fault,) = content.faults()
    assert fault.endswith("has 'steps' without one of the lesson's outcomes: refuse.")
    assert fault.startswith((content.at(STRUCTURE, "- {id: steps"), content.at(STRUCTURE, "items:")))


def test_too_few_choices_are_named(content):
    content.change(STRUCTURE, "entries: [ask, wait, thank]", "entries: [ask, wait]")
    content.change_everywhere("lessons/s2-1", ", thank: Thank}", "}")
    assert content.faults() == [content.at(STRUCTURE, "- {id: steps") + '"quiz.items[4].entries" needs at least 3.']


def test_a_card_in_a_column_that_is_not_there_is_named(content):
    content.change(STRUCTURE, "{id: park, column: ours}", "{id: park, column: yours}")
    assert content.faults() == [
        content.at(STRUCTURE, "- id: space") + "\"body[3]\" puts 'park' in the column 'yours', which is not there."
    ]


@pytest.mark.parametrize("cell", ["song/both", "film/alone", "song"])
def test_an_answer_for_a_cell_that_is_not_there_is_named(content, cell):
    content.change(STRUCTURE, "answers: [song/alone]", f"answers: [song/alone, {cell}]")
    content.change_everywhere("lessons/s2-1", "{song/alone: Yes}", f"{{song/alone: Yes, {cell}: Yes}}")
    assert content.faults() == [
        content.at(STRUCTURE, "answers:") + f'"worksheet[1].answers" names the cell {cell!r}. A cell is row/column.'
    ]


def test_words_for_a_cell_that_no_answer_names_are_named(content):
    content.change(TAMIL, "{song/alone: Yes}", "{song/alone: Yes, photo/alone: No}")
    assert content.faults() == [
        content.at(TAMIL, "look_for:")
        + '"worksheet.blocks.grid.look_for.photo/alone" is not known here. Known: song/alone.'
    ]


# Quiz items of every type


TALE_RIGHT = "right: [asking/wait, answer/accept, answer/leave]"
SAYING = "{id: saying, type: agree-scale, outcome: refuse, myth: only-a-hug, asked: before-and-after}"


def test_an_item_is_read_with_its_key_its_myth_and_its_steps(content):
    content.change(STRUCTURE, "right: [me, you]}", "right: [me, you], myth: a-yes-is-owed}")
    items = {item["id"]: item["value"] for item in read(content.root, DRAWINGS).lessons["s2-1"].source["quiz"]["items"]}
    assert (items["who"]["myth"], items["what"]["myth"], items["saying"]["myth"]) == (
        "a-yes-is-owed",
        None,
        "only-a-hug",
    )
    assert (items["saying"]["asked"], items["silence"]["asked"]) == ("before-and-after", "once")
    assert items["saying"]["feedback_all"] == "A hug needs a yes."
    assert "right" not in items["saying"]
    first, last = items["tale"]["steps"]
    assert (first["id"], first["value"]["situation"]) == ("asking", "Tam would like a hug.")
    assert [choice["value"]["leads_to"] for choice in first["value"]["choices"]] == ["answer", None]
    assert [choice["id"] for choice in last["value"]["choices"]] == ["accept", "nag", "leave"]
    assert [choice["value"]["picture"] for choice in items["where"]["choices"]] == ["tam", "door", "door"]


@pytest.mark.parametrize("key", ["right: agree", "right: [agree]", 'right: ""'])
def test_a_key_on_an_agree_scale_is_refused(content, key):
    content.change(STRUCTURE, SAYING, SAYING.replace("myth:", f"{key}, myth:"))
    assert content.faults() == [
        content.at(STRUCTURE, "- {id: saying")
        + '"quiz.items[8].right" is a key, and an agree scale has none: it is never marked. Take it out.'
    ]


def test_feedback_for_one_answer_of_an_agree_scale_is_refused(content):
    content.change(TAMIL, "{all: A hug needs a yes.}", "{all: A hug needs a yes., agree: No.}")
    assert content.faults() == [
        content.at(TAMIL, "feedback: {all:") + '"quiz.items.saying.feedback.agree" is not known here. Known: all.'
    ]


@pytest.mark.parametrize("name", ["Only a hug", "only_a_hug", "../hug"])
def test_a_myth_that_is_no_short_name_is_named(content, name):
    content.change(STRUCTURE, "myth: only-a-hug", f"myth: {name}")
    assert content.faults() == [
        content.at(STRUCTURE, "- {id: saying")
        + f'"quiz.items[8].myth" is {name!r}. A name is small letters, digits and hyphens.'
    ]


def test_an_item_may_say_which_block_of_the_lesson_teaches_it(content):
    content.change(STRUCTURE, "right: free}", "right: free, block: consent}")
    items = {item["id"]: item["value"] for item in read(content.root, DRAWINGS).lessons["s2-1"].source["quiz"]["items"]}
    assert (items["what"]["block"], items["who"]["block"]) == ("consent", None)


@pytest.mark.parametrize("name", ["cave", "grid", '""'])  # nowhere, on the sheet, nothing
def test_a_block_that_is_not_on_the_lessons_page_is_named_with_those_that_are(content, name):
    content.change(STRUCTURE, "right: free}", f"right: free, block: {name}}}")
    content.change(STRUCTURE, "  - id: rule\n    type: text\n", "  - id: rule\n    type: text\n    show_on: [slides]\n")
    said = name.strip('"')
    assert content.faults() == [
        content.at(STRUCTURE, "- {id: what")
        + f'"quiz.items[1].block" is {said!r}, which the lesson\'s page does not show. '
        + "Name one of its blocks, or none: consent, space, hug, lines."
    ]


def test_a_block_that_only_the_slides_show_is_named(content):
    content.change(STRUCTURE, "right: free}", "right: free, block: rule}")
    assert content.faults() == []
    content.change(STRUCTURE, "  - id: rule\n    type: text\n", "  - id: rule\n    type: text\n    show_on: [slides]\n")
    (fault,) = content.faults()
    assert fault.startswith(content.at(STRUCTURE, "- {id: what") + "\"quiz.items[1].block\" is 'rule', which ")


def test_an_item_that_is_asked_at_another_time_is_named(content):
    content.change(STRUCTURE, "asked: before-and-after", "asked: twice")
    assert content.faults() == [
        content.at(STRUCTURE, "- {id: saying")
        + "\"quiz.items[8].asked\" is 'twice', which is not known. Known: once, before-and-after."
    ]


def test_an_item_with_choices_is_not_asked_twice(content):
    content.change(STRUCTURE, "right: free}", "right: free, asked: before-and-after}")
    (fault,) = content.faults()
    assert fault.startswith(content.at(STRUCTURE, "- {id: what") + '"quiz.items[1].asked" is not known here. Known: ')


def test_a_picture_choice_without_a_picture_is_named(content):
    content.change(STRUCTURE, "{id: tapir, picture: tam}", "{id: tapir}")
    assert content.faults() == [
        content.at(STRUCTURE, "choices: [{id: tapir") + '"quiz.items[7].choices[1].picture" is missing.'
    ]


def test_a_picture_choice_with_a_drawing_that_is_not_there_is_named(content):
    content.change(STRUCTURE, "{id: tapir, picture: tam}", "{id: tapir, picture: lion}")
    assert content.faults() == [
        content.at(STRUCTURE, "choices: [{id: tapir")
        + "\"quiz.items[7].choices[1].picture\" is 'lion', but there is no such drawing in static/img/drawings."
    ]


def test_a_picture_choice_with_two_right_answers_is_named(content):
    content.change(STRUCTURE, "right: gate", "right: [gate, both]")
    assert content.faults() == [
        content.at(STRUCTURE, "right: [gate")
        + '"quiz.items[7].right" names more than one answer. A picture choice has one.'
    ]


def test_more_choices_than_a_page_shows_are_named(content):
    names = [f"x{number}" for number in range(7)]
    content.change(STRUCTURE, "choices: [free, forced]", f"choices: [free, forced, {', '.join(names)}]")
    more = "".join(f"        {name}: {{text: Sing {name}, feedback: Ask first.}}\n" for name in names)
    content.change_everywhere("lessons/s2-1", "        forced: {text", f"{more}        forced: {{text")
    assert content.faults() == [
        content.at(STRUCTURE, "- {id: what") + '"quiz.items[1].choices" has 9, its place holds 6. Take some out.'
    ]


# Branching scenarios


def test_a_step_that_leads_to_a_step_that_is_not_there_is_named(content):
    content.change(STRUCTURE, "leads_to: answer", "leads_to: attic")
    assert content.faults() == [
        content.at(STRUCTURE, "- id: asking")
        + '"quiz.items[6].steps[1]" breaks the story. The step "asking" leads to "attic", which is not there.'
    ]


def test_a_story_that_goes_round_in_a_circle_is_named(content):
    content.change(STRUCTURE, "{id: nag}", "{id: nag, leads_to: asking}")
    assert content.faults() == [
        content.at(STRUCTURE, "- id: asking")
        + '"quiz.items[6].steps[1]" breaks the story. The step "asking" leads back to itself.'
    ]


def test_a_step_that_nothing_leads_to_is_named(content):
    content.change(STRUCTURE, "{id: wait, leads_to: answer}", "{id: wait}")
    assert content.faults() == [
        content.at(STRUCTURE, "- id: answer")
        + '"quiz.items[6].steps[2]" breaks the story. No choice leads to the step "answer".'
    ]


def test_a_step_that_only_a_retired_choice_leads_to_is_named(content):
    content.change(STRUCTURE, "- {id: push}", "- {id: push}\n            - {id: call}")
    content.change_everywhere(
        "lessons/s2-1", "        answer:\n", "            call: {text: Call, feedback: Ask first.}\n        answer:\n"
    )
    content.change(STRUCTURE, TALE_RIGHT, f"{TALE_RIGHT[:-1]}, asking/call]\n      retired: [asking/wait]")
    assert content.faults() == [
        content.at(STRUCTURE, "- id: answer")
        + '"quiz.items[6].steps[2]" breaks the story. No choice leads to the step "answer".'
    ]


def test_two_steps_of_one_name_are_named(content):
    content.change(STRUCTURE, "- id: answer", "- id: asking")
    assert any(
        fault.startswith(f"content/{STRUCTURE}:")
        and fault.endswith("has the id 'asking', which stands there already. An id is used once.")
        for fault in content.faults()
    )


def test_a_step_without_choices_is_named(content):
    content.change(STRUCTURE, "          choices: [{id: accept}, {id: nag}, {id: leave}]\n", "")
    assert content.at(STRUCTURE, "- id: answer") + '"quiz.items[6].steps[2].choices" needs at least 2.' in (
        content.faults()
    )


def test_a_step_without_words_is_named_once_in_its_language(content):
    content.change(CHINESE, "          situation: Your answer is no.\n", "")
    assert content.faults() == [
        content.at(CHINESE, "answer:")
        + '"quiz.items.tale.steps.answer.situation" is missing. Write it in Chinese, or take it out of every language.'
    ]


def test_a_choice_of_a_step_without_feedback_is_named(content):
    content.change(MALAY, "{text: Say that it is fine, feedback: Yes. A no is a no.}", "{text: Say that it is fine}")
    assert content.faults() == [
        content.at(MALAY, "accept:")
        + '"quiz.items.tale.steps.answer.choices.accept.feedback" is missing. '
        + "Write it in Malay, or take it out of every language."
    ]


def test_words_of_a_step_that_is_not_there_are_named(content):
    content.change(TAMIL, "        answer:\n", "        attic:\n          prompt: Who?\n        answer:\n")
    assert content.faults() == [
        content.at(TAMIL, "attic:") + '"quiz.items.tale.steps.attic" is not known here. Known: asking, answer.'
    ]


@pytest.mark.parametrize("answer", ["wait", "asking/nag", "attic/wait", "asking/"])
def test_a_right_answer_that_is_no_choice_of_a_step_is_named(content, answer):
    content.change(STRUCTURE, TALE_RIGHT, f"{TALE_RIGHT[:-1]}, {answer}]")
    assert content.faults() == [
        content.at(STRUCTURE, TALE_RIGHT[:-1])
        + f'"quiz.items[6].right" names {answer!r}, which is no choice of a step. Write step/choice.'
    ]


def test_a_step_without_a_helpful_answer_is_named(content):
    content.change(STRUCTURE, TALE_RIGHT, "right: [asking/wait]")
    assert content.faults() == [
        content.at(STRUCTURE, "right: [asking/wait]")
        + '"quiz.items[6].right" names no right answer in the step "answer". Name at least one.'
    ]


def test_a_step_where_every_answer_helps_is_named(content):
    content.change(STRUCTURE, TALE_RIGHT, f"{TALE_RIGHT[:-1]}, asking/push]")
    assert content.faults() == [
        content.at(STRUCTURE, TALE_RIGHT[:-1])
        + '"quiz.items[6].right" names every choice in the step "asking". Leave at least one that is not right.'
    ]


def test_two_choices_of_a_step_that_read_the_same_are_named_in_their_language(content):
    content.change(TAMIL, "{text: Ask ten times,", "{text: say that it is FINE,")
    assert content.faults() == [
        content.at(TAMIL, "answer:")
        + "\"quiz.items.tale.steps.answer\" has two choices that read the same: 'say that it is fine'."
    ]


def test_a_right_answer_in_the_words_of_a_step_is_refused(content):
    content.change(TAMIL, "push: {text: Hug at once,", "push: {right: yes, text: Hug at once,")
    assert content.faults() == [
        content.at(TAMIL, "push:")
        + '"quiz.items.tale.steps.asking.choices.push.right" is a right answer in a word file. '
        + "It stands once, in the structure."
    ]


# Choices that are no longer offered


def test_a_retired_choice_may_read_like_another_and_need_not_be_wrong(content):
    content.change(STRUCTURE, "right: [me, you]}", "right: me, retired: you}")
    content.change_everywhere("lessons/s2-1", "you: {text: You do,", "you: {text: I do,")
    assert content.faults() == []


def test_a_retired_choice_that_is_not_there_is_named(content):
    content.change(STRUCTURE, "right: [me, you]}", "right: [me, you], retired: [us]}")
    assert content.faults() == [
        content.at(STRUCTURE, "- {id: who")
        + "\"quiz.items[2].retired\" names 'us', which is not one of: me, none, you."
    ]


def test_a_retired_choice_of_a_step_that_is_not_there_is_named(content):
    content.change(STRUCTURE, TALE_RIGHT, f"{TALE_RIGHT}\n      retired: [nag]")
    assert content.faults() == [
        content.at(STRUCTURE, "retired:")
        + "\"quiz.items[6].retired\" names 'nag', which is no choice of a step. Write step/choice."
    ]


def test_an_item_where_every_choice_that_is_offered_is_right_is_named(content):
    content.change(STRUCTURE, "right: [me, you]}", "right: [me, you], retired: none}")
    assert content.faults() == [
        content.at(STRUCTURE, "- {id: who")
        + '"quiz.items[2].right" names every choice. Leave at least one that is not right.'
    ]


def test_an_item_where_only_retired_choices_are_right_is_named(content):
    content.change(STRUCTURE, "right: [me, you]}", "right: me, retired: me}")
    assert content.faults() == [
        content.at(STRUCTURE, "- {id: who")
        + '"quiz.items[2].right" names only retired answers. Name one that is still offered.'
    ]


def test_an_item_with_one_choice_left_is_named(content):
    content.change(STRUCTURE, "right: free}", "right: free, retired: forced}")
    assert content.faults() == [
        content.at(STRUCTURE, "- {id: what")
        + '"quiz.items[1].retired" leaves fewer than two choices. Retire fewer, or add one.'
    ]


def test_a_step_with_one_choice_left_is_named(content):
    content.change(STRUCTURE, TALE_RIGHT, f"{TALE_RIGHT}\n      retired: [asking/push]")
    assert content.faults() == [
        content.at(STRUCTURE, "retired:")
        + '"quiz.items[6].retired" leaves fewer than two choices in the step "asking". Retire fewer, or add one.'
    ]


def test_an_item_without_choices_retires_none(content):
    content.change(STRUCTURE, "entries: [ask, wait, thank]}", "entries: [ask, wait, thank], retired: [ask]}")
    (fault,) = content.faults()
    assert fault.startswith(content.at(STRUCTURE, "- {id: steps") + '"quiz.items[4].retired" is not known here.')


# How a quiz is taken


def settings_of(content):
    quiz = read(content.root, DRAWINGS).lessons["s2-1"].source["quiz"]
    return {name: quiz[name] for name in ("layout", "feedback_after", "shows_score", "pass_mark")}


def test_a_quiz_that_says_nothing_asks_one_by_one_and_keeps_no_score(content):
    assert settings_of(content) == {"layout": "one", "feedback_after": "each", "shows_score": False, "pass_mark": None}


def test_a_quiz_says_how_it_is_taken(content):
    said = "layout: all\n  feedback_after: end\n  shows_score: true\n  pass_mark: 70"
    content.change(STRUCTURE, "quiz:\n", f"quiz:\n  {said}\n")
    assert settings_of(content) == {"layout": "all", "feedback_after": "end", "shows_score": True, "pass_mark": 70}


@pytest.mark.parametrize(
    ("setting", "fault"),
    [
        ("layout: two", "\"quiz.layout\" is 'two', which is not known. Known: one, all."),
        ("feedback_after: never", "\"quiz.feedback_after\" is 'never', which is not known. Known: each, end."),
        ("shows_score: perhaps", '"quiz.shows_score" needs true or false.'),
        ("pass_mark: 0", "\"quiz.pass_mark\" needs a whole number from 1 to 100, not '0'."),
        ("pass_mark: 101", "\"quiz.pass_mark\" needs a whole number from 1 to 100, not '101'."),
        ("pass_mark: 70%", "\"quiz.pass_mark\" needs a whole number from 1 to 100, not '70%'."),
        (
            "timer: 60",
            '"quiz.timer" is not known here. Known: layout, feedback_after, shows_score, pass_mark, items.',
        ),
    ],
)
def test_a_setting_of_a_quiz_that_cannot_be_is_named(content, setting, fault):
    content.change(STRUCTURE, "quiz:\n", f"quiz:\n  {setting}\n")
    assert content.faults() == [content.at(STRUCTURE, setting) + fault]


def test_a_pass_mark_where_nothing_is_marked_is_named(content):
    structure = content.text(STRUCTURE)
    content.write(
        STRUCTURE, f"{structure[: structure.index('quiz:')]}quiz:\n  pass_mark: 70\n  items:\n    - {SAYING}\n"
    )
    for language in LANGUAGES:
        text = content.text(f"lessons/s2-1/{language}.yaml")
        start, end = text.index("    what:\n      prompt"), text.index("    saying:\n")
        content.write(f"lessons/s2-1/{language}.yaml", text[:start] + text[end:])
    assert content.faults() == [
        content.at(STRUCTURE, "pass_mark:")
        + '"quiz.pass_mark" asks for right answers, and no item has one. Take it out.'
    ]


# References


def test_a_topic_that_is_not_in_the_list_is_named_with_its_line(content):
    content.change(STRUCTURE, 'topics: ["4.2"]', 'topics: ["4.2", "9.9"]')
    assert content.faults() == [
        content.at(STRUCTURE, "topics:") + "\"topics\" names '9.9', which topics/topics.yaml does not have."
    ]


def test_a_course_that_is_not_there_is_named_with_its_line(content):
    content.change(STRUCTURE, "course: s2", "course: s9")
    assert content.faults() == [
        content.at(STRUCTURE, "course:") + "\"course\" is 's9', which site/site.yaml does not have."
    ]


@pytest.mark.parametrize("companion", ["p-9", "../site"])
def test_a_companion_that_is_not_there_is_named_with_its_line(content, companion):
    content.change(STRUCTURE, "companion: s2-1", f"companion: {companion}")
    assert content.faults() == [
        content.at(STRUCTURE, "companion:") + f'"companion" is {companion!r}, but there is no such lesson.'
    ]


def test_two_lessons_on_one_address_are_named_with_the_line(content):
    shutil.copytree(content.root / "lessons/s2-1", content.root / "lessons/s2-2")
    content.change("lessons/s2-2/lesson.yaml", "lesson: s2-1", "lesson: s2-2")
    assert content.faults() == [
        content.at("lessons/s2-2/lesson.yaml", "slug:") + "\"slug\" is '1', which s2-1 has in this course already."
    ]


def test_two_guides_on_one_address_are_named(content):
    content.change("site/site.yaml", "guides:\n", "guides:\n  - {id: about, slug: help, body: []}\n")
    content.change_everywhere("site", "guides:\n", "guides:\n  about: {title: About, introduction: Us., body: {}}\n")
    assert any(fault.startswith("content/site/site.yaml:") for fault in content.faults())


def below(audience, slug):
    """Another guide, below an audience."""
    return f"guides:\n  - {{id: card, audience: {audience}, slug: {slug}, body: []}}\n"


@pytest.mark.parametrize(
    ("audience", "slug", "message"),
    [
        ("head", "card", "is 'head', which is not known. Known: student, caregiver, teacher."),
        ("teacher", "card", "is 'teacher', which has no page among the audiences."),
        ("student", "s2", "is 's2', which stands there already. An address is used once."),
        ("student", "../card", "is '../card'. An address has small letters, digits and hyphens, and no path."),
    ],
)
def test_a_guide_that_cannot_stand_below_its_audience_is_named_with_its_line(content, audience, slug, message):
    content.change("site/site.yaml", "guides:\n", below(audience, slug))
    content.change_everywhere("site", "guides:\n", "guides:\n  card: {title: Card, introduction: Us., body: {}}\n")
    (fault,) = [fault for fault in content.faults() if fault.endswith(message)]
    assert fault.startswith(content.at("site/site.yaml", "- {id: card"))


def test_a_guide_below_an_audience_may_have_the_address_of_one_that_stands_for_itself(content):
    content.change("site/site.yaml", "guides:\n", below("student", "help"))
    content.change_everywhere("site", "guides:\n", "guides:\n  card: {title: Card, introduction: Us., body: {}}\n")
    assert [fault for fault in content.faults() if "help" in fault] == []


def test_a_guide_of_the_home_page_cannot_take_the_address_of_an_audience(content):
    content.change("site/site.yaml", "slug: help\n", "slug: student\n")
    (fault,) = content.faults()
    assert fault.endswith("is 'student', which stands there already. An address is used once.")


def test_a_course_of_an_audience_without_a_page_is_named(content):
    content.change("site/site.yaml", "audience: student, tier", "audience: caregiver, tier")
    (fault,) = content.faults()
    assert fault.endswith("is 'caregiver', which has no page among the audiences.")


def test_a_topic_that_is_no_number_of_the_itgse_is_named(content):
    content.change("topics/topics.yaml", '"4.2"', '"42"')
    content.change_everywhere("topics", '"4.2"', '"42"')
    assert (
        "content/topics/topics.yaml:1: \"topics[1]\" is '42'. A topic is a number of the ITGSE, like 4.2."
        in content.faults()
    )


def test_a_service_for_nobody_we_know_is_named(content):
    content.change("services/services.yaml", "shown_to: [student]", "shown_to: [student, S9]")
    (fault,) = content.faults()
    assert fault.startswith("content/services/services.yaml:")
    assert fault.endswith("\"services\" shows 'kasih' to 'S9'. Known: student, caregiver, teacher, S1, S2, S3, S4.")


def test_a_lesson_that_is_asked_for_and_not_there_is_named_with_the_known_ones(content):
    assert content.faults("s2-1") == []
    assert content.faults("../site") == ["lessons:1: has no lesson '../site'. Lessons: s2-1."]


def test_only_the_lessons_asked_for_are_read(content):
    shutil.copytree(content.root / "lessons/s2-1", content.root / "lessons/s2-2")
    content.write("lessons/s2-2/lesson.yaml", "")
    assert content.faults("s2-1") == []
    assert content.faults() != []


def test_a_text_longer_than_its_field_is_named(content):
    content.change_everywhere("site", "stage: Year 4 to 6", f"stage: {'Year 4 to 6 ' * 10}")
    assert [fault.split(":")[0] for fault in content.faults()] == [
        f"content/site/{language}.yaml" for language in sorted(LANGUAGES)
    ]
