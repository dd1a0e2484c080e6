"""Content files become pages in four languages: all or nothing, once, and never over an editor's work."""

import os
import re
import shutil
import subprocess
import sys
from io import StringIO
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from wagtail.models import Locale, Page, Revision, Site
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from curriculum.block_base import drawing_names
from curriculum.grammar import LANGUAGES
from curriculum.models import (
    AudiencePage,
    CoursePage,
    GuidePage,
    HomePage,
    LessonPage,
    LoadedRecord,
    SupportService,
    Topic,
)  # fmt: skip
from curriculum.source import read
from curriculum.streams import key_for, raw_blocks
from quizzes.items import offered
from quizzes.models import QuizPage
from quizzes.models.attempts import Attempt, Response
from quizzes.parts import raw_quiz_items
from quizzes.versions import current_version
from tests.factories import EditorFactory, LessonPageFactory

CONTENT = settings.BASE_DIR / "curriculum" / "content"
LESSONS = sorted(path.parent.name for path in CONTENT.glob("lessons/*/lesson.yaml"))
ALL_UNCHANGED = re.compile(r"Curriculum loaded: \d+ unchanged\.")
TRANSLATIONS = [language for language in LANGUAGES if language != "en"]

pytestmark = pytest.mark.django_db


def load(*arguments, content=CONTENT):
    """What the command says, line by line."""
    out = StringIO()
    call_command("load_curriculum", *arguments, content=content, stdout=out)
    return out.getvalue().splitlines()


def loaded(model, name, language="en"):
    """The page or snippet that a part of the content files has become."""
    return model.objects.get(translation_key=key_for(name), locale__language_code=language)


def in_four_languages(model, name):
    return {language: loaded(model, name, language) for language in LANGUAGES}


def state():
    """Everything that a load may write, as far as it tells one state from another."""
    models = (Page, LessonPage, QuizPage, SupportService, Topic, LoadedRecord, StringTranslation, Translation)
    rows = {model.__name__: list(model.objects.order_by("pk").values()) for model in models}
    return rows | {"revisions": list(Revision.objects.order_by("pk").values_list("pk", flat=True))}


def replace(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} is not once in {path.name}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def reword(content, language, *, lesson="s2-4", field="title", new):
    """Gives a lesson another title, or another of its first words, in one language's file."""
    path = content / "lessons" / lesson / f"{language}.yaml"
    text = path.read_text(encoding="utf-8")
    changed = re.sub(rf"^{field}:.*\n(?: .*\n)*", f"{field}: {new}\n", text, count=1, flags=re.MULTILINE)
    assert changed != text
    path.write_text(changed, encoding="utf-8")


def add_lesson(content, name, *, slug):
    """A new lesson folder with the words of S2.4."""
    shutil.copytree(content / "lessons" / "s2-4", content / "lessons" / name)
    replace(content / "lessons" / name / "lesson.yaml", "lesson: s2-4", f"lesson: {name}")
    replace(content / "lessons" / name / "lesson.yaml", 'slug: "4"', f'slug: "{slug}"')


@pytest.fixture
def content(tmp_path):
    """A copy of the curriculum's files, to be changed."""
    return shutil.copytree(CONTENT, tmp_path / "content")


@pytest.fixture
def editor():
    return EditorFactory()


def edit(page, editor, **values):
    """What an editor does in the admin: change, and publish."""
    for name, value in values.items():
        setattr(page, name, value)
    page.save_revision(user=editor).publish(user=editor)


# The command


def test_a_check_asks_the_database_nothing(content, django_assert_num_queries):
    reword(content, "ta", new="வேறு தலைப்பு")
    with django_assert_num_queries(0):
        assert load("--check", content=content) == [f"{len(LESSONS)} lessons in four languages: nothing to mend."]


def test_a_broken_folder_is_refused_with_file_and_line_and_nothing_is_written(content):
    reword(content, "ta", new="<b>தலைப்பு</b>")
    reword(content, "ms", lesson="p-4", new="Tajuk lain")
    before = state()
    with pytest.raises(CommandError) as refusal:
        load(content=content)
    first, last = str(refusal.value).splitlines()
    assert re.match(r'content/lessons/s2-4/ta.yaml:\d+: "title" HTML or script is not allowed: ', first)
    assert last == "Nothing was changed: 1 to mend."
    assert state() == before


def test_a_broken_folder_ends_the_command_with_exit_code_1(content, tmp_path):
    (content / "lessons" / "s2-4" / "ta.yaml").unlink()
    run = subprocess.run(
        [sys.executable, "manage.py", "load_curriculum", "--check", "--content", str(content)],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 1
    assert "content/lessons/s2-4/ta.yaml:1: is missing." in run.stderr
    assert "Traceback" not in run.stderr


def test_a_lesson_that_is_not_there_is_refused():
    with pytest.raises(CommandError, match=r"has no lesson 's9-9'. Lessons: p-4, s2-4, "):
        load("s9-9")


def test_a_load_that_breaks_off_half_way_changes_nothing(content):
    """An editor's own lesson stands where a new one of the files would go; other lessons are written before it."""
    LessonPageFactory(parent=loaded(CoursePage, "site/s2"), locale=Locale.objects.get(language_code="en"), slug="5")
    add_lesson(content, "s2-5", slug="5")
    reword(content, "en", lesson="p-4", new="Another title")
    before = state()
    with pytest.raises(CommandError, match=r"^lessons/s2-5: .*slug.* Nothing was changed\.$"):
        load(content=content)
    assert state() == before


def test_a_text_that_no_page_can_hold_is_refused_with_file_and_line(content):
    reword(content, "en", lesson="s3-4", field="summary", new="Very long. " * 30)
    with pytest.raises(CommandError, match=r"content/lessons/s3-4/en.yaml:\d+: \"summary\" "):
        load("--check", content=content)


def test_loading_again_reports_everything_unchanged_and_changes_nothing():
    before = state()
    (line,) = load()
    assert ALL_UNCHANGED.fullmatch(line)
    assert state() == before


def test_loading_again_names_each_part_where_it_is_asked_to_say_more():
    out = StringIO()
    call_command("load_curriculum", stdout=out, verbosity=2)
    assert "unchanged: lessons/s2-4/quiz\n" in out.getvalue()


def test_only_the_lesson_that_is_named_is_loaded(content):
    reword(content, "en", lesson="s2-4", new="Two")
    reword(content, "en", lesson="s3-4", new="Three")
    assert load("s3-4", content=content)[0] == "updated: lessons/s3-4"
    assert loaded(LessonPage, "lessons/s3-4").title == "Three"
    assert loaded(LessonPage, "lessons/s2-4").title != "Two"


# What stands there afterwards


def test_every_part_stands_in_four_languages():
    curriculum = read(CONTENT, frozenset(drawing_names()))
    words = curriculum.site.source
    site = {key: [f"site/{entry['id']}" for entry in words[key]] for key in ("audiences", "courses", "guides")}
    for model, names in (
        (HomePage, ["site/home"]),
        (AudiencePage, site["audiences"]),
        (CoursePage, site["courses"]),
        (GuidePage, site["guides"]),
        (LessonPage, [f"lessons/{name}" for name in LESSONS]),
        (QuizPage, [f"lessons/{name}/quiz" for name in LESSONS]),
    ):
        assert model.objects.count() == len(names) * len(LANGUAGES)
        for name in names:
            pages = in_four_languages(model, name)
            assert all(page.live and not page.has_unpublished_changes for page in pages.values())
            assert {page.url_path.split("/")[1] for page in pages.values()} == set(LANGUAGES)
            assert len({page.url_path.split("/", 2)[2] for page in pages.values()}) == 1, name
    assert Topic.objects.count() == len(curriculum.topics.source) * len(LANGUAGES)
    assert SupportService.objects.count() == len(curriculum.services.source["services"]) * len(LANGUAGES)


def test_the_page_tree_is_whole():
    assert [problem for problem in Page.find_problems() if problem] == []
    assert [page.url_path for page in Page.objects.all() if page.numchild != page.get_children().count()] == []


def test_the_welcome_page_is_gone_and_the_site_begins_at_home():
    assert {type(page.specific) for page in Page.get_first_root_node().get_children()} == {HomePage}
    site = Site.objects.get(is_default_site=True)
    assert site.root_page.specific == loaded(HomePage, "site/home")


def filled(data):
    """A stream's raw data without what is empty or as a block has it by itself."""
    if isinstance(data, dict):
        left = {key: filled(value) for key, value in data.items() if value != ["screen", "slides"]}
        return {key: value for key, value in left.items() if value not in (None, "", [])}
    return [filled(child) for child in data] if isinstance(data, list) else data


def skeleton(data):
    """A stream's data without its words: ids, types, numbers and flags, in order."""
    if isinstance(data, list):
        return [skeleton(child) for child in data]
    if isinstance(data, dict):
        kept = {"id", "type", "picture", "lang", "outcome", "block", "right"}
        return {
            key: value if key in kept and not ("left" in data and key == "right") else skeleton(value)
            for key, value in data.items()
        }
    return data if isinstance(data, bool | int) else "text"


STREAMS = [
    (LessonPage, f"lessons/{name}", field) for name in LESSONS for field in ("body", "worksheet", "parallel_task")
]
STREAMS += [(QuizPage, f"lessons/{name}/quiz", "items") for name in LESSONS]


@pytest.mark.parametrize(("model", "name", "field"), STREAMS)
def test_blocks_list_items_and_right_answers_are_the_same_in_four_languages(model, name, field):
    skeletons = {
        language: skeleton(filled(list(getattr(page, field).raw_data)))
        for language, page in in_four_languages(model, name).items()
    }
    assert str(skeletons["en"]).count("'id': '") >= len(skeletons["en"]) > 0
    assert "'id': None" not in str(skeletons)
    assert all(skeletons[language] == skeletons["en"] for language in TRANSLATIONS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_right_answers_are_those_of_the_file(language):
    items = {item["id"]: item for item in loaded(QuizPage, "lessons/s2-4/quiz", language).item_list}
    name = "lessons/s2-4/quiz"

    def right(item):
        return {choice["id"] for choice in items[str(key_for(f"{name}/{item}"))]["choices"] if choice["right"]}

    def keys(item, *choices):
        return {str(key_for(f"{name}/{item}/choices/{choice}")) for choice in choices}

    assert right("what") == keys("what", "made")
    assert right("received") == keys("received", "stop", "tell", "kind")
    assert right("group") == keys("group", "tell", "refuse")
    assert items[str(key_for(f"{name}/experts"))]["right"] == "true"
    assert [entry["id"] for entry in items[str(key_for(f"{name}/steps"))]["entries"]] == [
        str(key_for(f"{name}/steps/entries/{entry}")) for entry in ("stop", "look", "check", "ask")
    ]


@pytest.mark.parametrize("name", LESSONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_what_its_file_says(name, language):
    words = read(CONTENT, frozenset(drawing_names()), [name]).lessons[name].words[language]
    page, quiz = loaded(LessonPage, f"lessons/{name}", language), loaded(QuizPage, f"lessons/{name}/quiz", language)
    assert (page.title, page.summary, page.note_about) == (words["title"], words["summary"], words["note"]["about"])
    assert page.teacher_notes == words["teacher_notes"]
    assert page.home_text == words["home_card"]["text"]
    assert [outcome.text for outcome in page.outcomes.all()] == [outcome["value"] for outcome in words["outcomes"]]
    assert [activity.steps for activity in page.activities.all()] == [
        activity["value"]["steps"] for activity in words["activities"]
    ]
    for field, blocks in (
        ("body", words["body"]),
        ("worksheet", words["worksheet"]["blocks"]),
        ("parallel_task", words["parallel_task"]["blocks"]),
    ):
        expected = raw_blocks(blocks, f"lessons/{name}/{field}")
        assert filled(list(getattr(page, field).raw_data)) == filled(expected)
    assert filled(list(quiz.items.raw_data)) == filled(raw_quiz_items(words["quiz"]["items"], name))


@pytest.mark.parametrize("language", LANGUAGES)
def test_services_whose_sources_conflict_or_are_missing_are_drafts(language):
    services = SupportService.objects.filter(locale__language_code=language)
    assert {service.state for service in services} >= {"V", "C", "M"}
    assert {service.state for service in services if service.live} == {"V", "V-old", "press"}
    assert not any(service.live for service in services if service.state in ("C", "M"))


def test_a_service_that_turns_out_to_be_doubtful_is_shown_no_longer(content):
    assert loaded(SupportService, "services/kryss").live
    replace(content / "services" / "services.yaml", "fact: F-HLP-05\n    state: press", "fact: F-HLP-05\n    state: C")
    load(content=content)
    for service in in_four_languages(SupportService, "services/kryss").values():
        assert service not in SupportService.objects.shown()


def test_a_service_that_was_found_is_shown_from_then_on(content):
    assert not loaded(SupportService, "services/talian-heal").live
    path = content / "services" / "services.yaml"
    replace(path, "fact: F-HLP-09\n    state: M", "fact: F-HLP-09\n    state: V")
    load(content=content)
    for service in in_four_languages(SupportService, "services/talian-heal").values():
        assert service in SupportService.objects.shown()


# Changes in the files


def test_a_changed_word_updates_its_lesson_in_its_language_and_nothing_else(content):
    def revisions():
        return {page.url_path: page.latest_revision_id for page in Page.objects.all()}

    titles = {language: page.title for language, page in in_four_languages(LessonPage, "lessons/s2-4").items()}
    before = revisions()
    reword(content, "ta", new="வேறு தலைப்பு")
    first, last = load(content=content)
    assert first == "updated: lessons/s2-4"
    assert re.fullmatch(r"Curriculum loaded: \d+ unchanged, 1 updated\.", last)
    after = {language: page.title for language, page in in_four_languages(LessonPage, "lessons/s2-4").items()}
    assert after == {**titles, "ta": "வேறு தலைப்பு"}
    changed = {path for path, revision in revisions().items() if revision != before[path]}
    assert changed <= {f"/{language}/student/s2/4/" for language in LANGUAGES}
    assert not loaded(LessonPage, "lessons/s2-4", "ta").has_unpublished_changes
    (line,) = load(content=content)
    assert ALL_UNCHANGED.fullmatch(line)


def test_a_changed_word_keeps_every_id(content):
    def ids():
        pages = in_four_languages(LessonPage, "lessons/s2-4")
        return {
            language: (
                page.pk,
                skeleton(filled(list(page.body.raw_data))),
                list(page.outcomes.values_list("pk", "key")),
            )
            for language, page in pages.items()
        }

    before = ids()
    replace(content / "lessons" / "s2-4" / "en.yaml", "idea: Seeing is not always proof.", "idea: Look twice.")
    replace(content / "lessons" / "s2-4" / "en.yaml", "check: Use Stop, Look,", "check: Practise Stop, Look,")
    load(content=content)
    page = loaded(LessonPage, "lessons/s2-4")
    assert "Look twice." in str(list(page.body.raw_data))
    assert page.outcomes.get(key="check").text.startswith("Practise")
    assert ids() == before


def test_a_right_answer_that_changes_in_the_file_changes_in_four_languages(content):
    replace(content / "lessons" / "s2-4" / "lesson.yaml", "choices: [shown, none, made], right: made",
            "choices: [shown, none, made], right: none")  # fmt: skip
    load(content=content)
    name = "lessons/s2-4/quiz/fault"
    for quiz in in_four_languages(QuizPage, "lessons/s2-4/quiz").values():
        (item,) = [item for item in quiz.item_list if item["id"] == str(key_for(name))]
        assert [choice["id"] for choice in item["choices"] if choice["right"]] == [str(key_for(f"{name}/choices/none"))]


def test_another_block_for_an_item_is_another_version_of_the_quiz_in_four_languages(content):
    answer("experts", "true")
    attempt = Attempt.objects.get()
    replace(content / "lessons" / "s2-4" / "lesson.yaml", "block: source", "block: proof")
    assert "updated: lessons/s2-4/quiz" in load(content=content)
    key = str(key_for(f"{QUIZ}/experts"))
    for quiz in in_four_languages(QuizPage, QUIZ).values():
        (item,) = [item for item in quiz.item_list if item["id"] == key]
        assert item["block"] == str(key_for("lessons/s2-4/body/proof"))
    attempt.refresh_from_db()
    (begun_with,) = [item for item in attempt.version.content["items"]["en"] if item["id"] == key]
    assert begun_with["block"] == str(key_for("lessons/s2-4/body/source"))
    assert current_version(loaded(QuizPage, QUIZ)) != attempt.version


def test_a_new_folder_becomes_a_lesson_with_its_quiz_in_four_languages(content):
    add_lesson(content, "s2-5", slug="5")
    assert load(content=content)[:2] == ["created: lessons/s2-5", "created: lessons/s2-5/quiz"]
    for language, page in in_four_languages(LessonPage, "lessons/s2-5").items():
        assert page.live
        assert page.url_path == f"/{language}/student/s2/5/"
        assert page.title == loaded(LessonPage, "lessons/s2-4", language).title
        assert page.quiz.specific == loaded(QuizPage, "lessons/s2-5/quiz", language)
    assert [problem for problem in Page.find_problems() if problem] == []
    (line,) = load(content=content)
    assert ALL_UNCHANGED.fullmatch(line)


# Answers that were given

QUIZ = "lessons/s2-4/quiz"


def answer(item, choices):
    """What a learner has answered in the quiz of S2.4, by the ids of its file."""
    quiz = loaded(QuizPage, QUIZ)
    attempt = Attempt.objects.create(learner=uuid4(), quiz=quiz.translation_key, version=current_version(quiz))
    key = str(key_for(f"{QUIZ}/{item}"))
    Response.objects.create(attempt=attempt, item=key, sequence=1, choices=choices)


def take_out_the_laugh(content):
    structure = content / "lessons" / "s2-4" / "lesson.yaml"
    replace(structure, "choices: [tell, laugh, stop, kind]", "choices: [tell, stop, kind]")
    replace(structure, "right: [stop, tell, kind]", "right: [stop, tell]")
    for language in LANGUAGES:
        path = content / "lessons" / "s2-4" / f"{language}.yaml"
        text = path.read_text(encoding="utf-8")
        changed = re.sub(r"^        laugh:\n(?: {10}.*\n)+", "", text, count=1, flags=re.MULTILINE)
        assert changed != text
        path.write_text(changed, encoding="utf-8")


def test_a_choice_that_has_answers_is_not_lost_with_a_file(content):
    answer("received", [str(key_for(f"{QUIZ}/received/choices/laugh"))])
    take_out_the_laugh(content)
    reword(content, "en", lesson="p-4", new="Another title")
    before = state()
    with pytest.raises(CommandError) as refusal:
        load(content=content)
    assert re.fullmatch(
        r"lessons/s2-4/quiz: Item \d+: a choice that is gone has answers\. Bring it back, and retire it\. "
        r"Nothing was changed\.",
        str(refusal.value),
    )
    assert state() == before


def test_a_choice_that_nobody_chose_goes_with_the_file(content):
    answer("received", [str(key_for(f"{QUIZ}/received/choices/tell"))])
    take_out_the_laugh(content)
    assert "updated: lessons/s2-4/quiz" in load(content=content)


def test_a_choice_that_is_retired_in_the_file_is_offered_no_longer_in_four_languages(content):
    answer("received", [str(key_for(f"{QUIZ}/received/choices/laugh"))])
    structure = content / "lessons" / "s2-4" / "lesson.yaml"
    replace(structure, "right: [stop, tell, kind]}", "right: [stop, tell], retired: laugh}")
    assert "updated: lessons/s2-4/quiz" in load(content=content)
    for quiz in in_four_languages(QuizPage, QUIZ).values():
        (item,) = [item for item in quiz.item_list if item["id"] == str(key_for(f"{QUIZ}/received"))]
        names = [key_for(f"{QUIZ}/received/choices/{name}") for name in ("tell", "stop", "kind")]
        assert [choice["id"] for choice in offered(item["choices"])] == [str(name) for name in names]


# How a quiz is taken


def test_a_quiz_is_taken_as_its_file_says_in_four_languages(content):
    said = "quiz:\n  layout: all\n  feedback_after: end\n  shows_score: true\n  pass_mark: 65\n"
    replace(content / "lessons" / "s2-4" / "lesson.yaml", "quiz:\n", said)
    load(content=content)
    for quiz in in_four_languages(QuizPage, QUIZ).values():
        assert quiz.settings == {"layout": "all", "feedback_after": "end", "shows_score": True, "pass_mark": 65}


def test_items_of_every_type_become_items_of_a_page(content):
    """What no shipped lesson has yet: a choice of pictures."""
    items = (
        "    - {id: door, type: picture-choice, outcome: check, right: in, choices: [{id: in, picture: door-student},"
    )
    structure = content / "lessons" / "s2-4" / "lesson.yaml"
    structure.write_text(f"{structure.read_text().rstrip()}\n{items} {{id: out, picture: way-out}}]}}\n")
    words = "    door:\n      prompt: {0}\n      rationale: {0}\n      choices:\n"
    doors = {"en": "Door", "ms": "Pintu", "zh-hans": "门", "ta": "கதவு"}
    for language, word in doors.items():
        path = content / "lessons" / "s2-4" / f"{language}.yaml"
        text = path.read_text(encoding="utf-8").rstrip() + "\n" + words.format(word)
        choices = [f"        {id}: {{text: {word} {id}, feedback: {word}}}\n" for id in ("in", "out")]
        path.write_text(f"{text}{''.join(choices)}", encoding="utf-8")
    load(content=content)
    for language, quiz in in_four_languages(QuizPage, QUIZ).items():
        item = quiz.item_list[-1]
        assert (item["type"], item["id"]) == ("picture-choice", str(key_for(f"{QUIZ}/door")))
        assert [(choice["picture"], choice["right"]) for choice in item["choices"]] == [
            ("door-student", True),
            ("way-out", False),
        ]
        assert item["choices"][0]["text"] == f"{doors[language]} in"


# What an editor has touched


@pytest.mark.parametrize("published", [True, False], ids=["published", "draft"])
def test_an_edited_page_is_left_alone_and_named(content, editor, published):
    page = loaded(LessonPage, "lessons/s2-4")
    page.title = "An editor's title"
    revision = page.save_revision(user=editor)
    if published:
        revision.publish(user=editor)
    reword(content, "en", new="The file's title")
    reword(content, "ta", new="கோப்பின் தலைப்பு")
    before = state()
    lines = load(content=content)
    assert lines[0] == "left alone: lessons/s2-4 (edited in the site)"
    assert re.fullmatch(r"Curriculum loaded: 1 left alone, \d+ unchanged\.", lines[-1])
    assert state() == before


def test_an_edited_translation_is_left_alone_and_named_while_the_others_follow(content, editor):
    edit(loaded(LessonPage, "lessons/s2-4", "ta"), editor, title="ஆசிரியரின் தலைப்பு")
    for language, title in (("en", "New"), ("ms", "Baharu"), ("ta", "புதிய தலைப்பு")):
        reword(content, language, new=title)
    lines = load(content=content)
    assert "left alone: lessons/s2-4 (ta) (edited in the site)" in lines
    titles = {language: page.title for language, page in in_four_languages(LessonPage, "lessons/s2-4").items()}
    assert (titles["en"], titles["ms"], titles["ta"]) == ("New", "Baharu", "ஆசிரியரின் தலைப்பு")


def test_an_edited_service_is_left_alone_and_named(content, editor):
    edit(loaded(SupportService, "services/wao"), editor, phones="03-1111 1111")
    replace(content / "services" / "services.yaml", '"03-3000 8858"', '"03-2222 2222"')
    assert load(content=content)[0] == "left alone: services/wao (edited in the site)"
    assert loaded(SupportService, "services/wao").phones == "03-1111 1111"


def test_words_that_a_translator_has_saved_and_not_yet_published_are_kept(content, editor):
    """The translation editor stores each text at once, without a revision."""
    locale = Locale.objects.get(language_code="ms")
    text = StringTranslation.objects.get(
        context__object_id=key_for("lessons/s2-4"), context__path="home_ask", locale=locale
    )
    text.data, text.last_translated_by = "Kata-kata penterjemah?", editor
    text.save()
    reword(content, "ms", new="Tajuk baharu")
    load(content=content)
    kept = StringTranslation.objects.filter(context=text.context, locale=locale, translation_of=text.translation_of)
    assert [row.data for row in kept] == ["Kata-kata penterjemah?"]


@pytest.mark.parametrize("language", ["en", "ta"])
def test_a_page_that_was_taken_offline_stays_offline(content, editor, language):
    loaded(LessonPage, "lessons/s2-4", language).unpublish(user=editor)
    reword(content, language, new="Another title")
    load(content=content)
    assert not loaded(LessonPage, "lessons/s2-4", language).live


def test_a_service_that_was_taken_offline_stays_offline(content, editor):
    loaded(SupportService, "services/wao").unpublish(user=editor)
    replace(content / "services" / "services.yaml", '"03-3000 8858"', '"03-2222 2222"')
    load(content=content)
    assert not loaded(SupportService, "services/wao").live


def test_a_deleted_lesson_stays_deleted_and_is_named(content):
    loaded(LessonPage, "lessons/s2-4").delete()
    reword(content, "en", new="Another title")
    lines = load(content=content)
    assert "left alone: lessons/s2-4 (deleted in the site)" in lines
    assert not LessonPage.objects.filter(translation_key=key_for("lessons/s2-4"), locale__language_code="en").exists()
    assert [problem for problem in Page.find_problems() if problem] == []


def test_a_deleted_translation_stays_deleted_and_is_named(content):
    loaded(LessonPage, "lessons/s2-4", "ta").delete()
    reword(content, "ta", new="வேறு தலைப்பு")
    lines = load(content=content)
    assert "left alone: lessons/s2-4 (ta) (deleted in the site)" in lines
    assert not LessonPage.objects.filter(translation_key=key_for("lessons/s2-4"), locale__language_code="ta").exists()


def test_a_deleted_translation_does_not_make_each_load_write_again():
    loaded(LessonPage, "lessons/s2-4", "ta").delete()
    load()
    before = state()
    load()
    assert state() == before


def test_a_deleted_quiz_stays_deleted():
    for quiz in in_four_languages(QuizPage, "lessons/s2-4/quiz").values():
        quiz.delete()
    assert "left alone: lessons/s2-4/quiz (deleted in the site)" in load()
    assert not QuizPage.objects.filter(translation_key=key_for("lessons/s2-4/quiz")).exists()


@pytest.mark.parametrize(
    ("model", "name"), [(CoursePage, "site/s2"), (AudiencePage, "site/caregiver"), (HomePage, "site/home")]
)
def test_lessons_below_a_deleted_page_stay_deleted_and_the_load_goes_on(model, name):
    page = loaded(model, name)
    below = list(LessonPage.objects.descendant_of(page).values_list("pk", flat=True))
    if model is HomePage:
        Site.objects.update(root_page=Page.get_first_root_node())
    page.delete()
    lines = load()
    assert f"left alone: {name} (deleted in the site)" in lines
    assert below
    assert not LessonPage.objects.filter(pk__in=below).exists()
    assert not model.objects.filter(translation_key=key_for(name), locale__language_code="en").exists()


def test_a_deleted_service_stays_deleted():
    loaded(SupportService, "services/wao").delete()
    assert "left alone: services/wao (deleted in the site)" in load()
    assert not SupportService.objects.filter(
        translation_key=key_for("services/wao"), locale__language_code="en"
    ).exists()


# First class in the translation workflow


def names_of_parts():
    return sorted(set(LoadedRecord.objects.values_list("name", flat=True)))


def test_everything_has_a_source_and_a_complete_translation_in_each_language():
    for name in names_of_parts():
        source = TranslationSource.objects.get(object_id=key_for(name), locale__language_code="en")
        translations = source.translations.select_related("target_locale")
        assert {translation.target_locale.language_code for translation in translations} == set(TRANSLATIONS), name
        for translation in translations:
            total, done = translation.get_progress()
            assert total == done > 0, (name, translation.target_locale.language_code)
            assert translation.enabled


def values(instance):
    """Every word and setting of a page or snippet, as JSON shows it, without what publishing changes."""
    changing = re.compile(r"_|.*revision|.*published_at|has_unpublished_changes|draft_title")
    serial = instance.serializable_data() if isinstance(instance, Page) else dict(vars(instance))
    return {name: value for name, value in serial.items() if not changing.match(name)}


@pytest.mark.parametrize(
    ("model", "name", "field"),
    [
        (HomePage, "site/home", "headline"),
        (AudiencePage, "site/student", "introduction"),
        (CoursePage, "site/s3", "introduction"),
        (GuidePage, "site/help", "introduction"),
        (LessonPage, "lessons/p-4", "summary"),
        (LessonPage, "lessons/s2-4", "summary"),
        (LessonPage, "lessons/s3-4", "summary"),
        (QuizPage, "lessons/s3-4/quiz", "introduction"),
        (SupportService, "services/wao", "what_for"),
    ],
)
def test_an_editors_change_in_english_leaves_every_other_word_of_the_translations(
    model, name, field, editor, django_capture_on_commit_callbacks
):
    before = {language: values(page) for language, page in in_four_languages(model, name).items()}
    assert len({str(words[field]) for words in before.values()}) == 4
    edit(loaded(model, name), editor, **{field: "An editor's new words."})
    source, created = TranslationSource.update_or_create_from_instance(loaded(model, name))
    assert not created
    for translation in source.translations.all():
        with django_capture_on_commit_callbacks(execute=True):
            translation.save_target(user=editor, publish=True)
    for language in TRANSLATIONS:
        after = values(loaded(model, name, language))
        assert after.pop(field) == "An editor's new words.", "the new words wait for their translation in English"
        assert after == {key: value for key, value in before[language].items() if key != field}


def test_an_editor_can_translate_the_new_words_and_only_their_language_gets_them(
    editor, django_capture_on_commit_callbacks
):
    edit(loaded(LessonPage, "lessons/s2-4"), editor, summary="An editor's new words.")
    source, _created = TranslationSource.update_or_create_from_instance(loaded(LessonPage, "lessons/s2-4"))
    segment = source.stringsegment_set.get(context__path="summary")
    malay = source.translations.get(target_locale__language_code="ms")
    assert [total - done for total, done in [malay.get_progress()]] == [1]
    StringTranslation.objects.create(
        translation_of=segment.string,
        context=segment.context,
        locale=malay.target_locale,
        data="Kata-kata baharu penyunting.",
    )
    with django_capture_on_commit_callbacks(execute=True):
        malay.save_target(user=editor, publish=True)
    summaries = {language: page.summary for language, page in in_four_languages(LessonPage, "lessons/s2-4").items()}
    assert summaries["ms"] == "Kata-kata baharu penyunting."
    assert len(set(summaries.values())) == 4


def test_an_editor_opens_a_translation_in_the_translation_editor(client, editor):
    client.force_login(editor)
    page = loaded(LessonPage, "lessons/s2-4", "ta")
    response = client.get(f"/admin/pages/{page.pk}/edit/")
    assert response.status_code == 200
    assert "wagtail_localize" in response.content.decode()
