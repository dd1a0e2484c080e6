"""Every word that a reader can meet is there in Malay, Chinese and Tamil: in the catalogues, and on the pages."""

import functools
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from audiences.management.commands.collect_library_messages import CATALOGUES, untranslated
from tests.factories import PASSWORD, EditorFactory, SupportServiceFactory
from tests.reading import page_at, parse, text_nodes
from tests.site import LANGUAGES

pytestmark = pytest.mark.django_db
ROOT = settings.BASE_DIR
CATALOGUE_LANGUAGES = ("ms", "ta", "zh_Hans")
TRANSLATED = [language for language in LANGUAGES if language != "en"]
OURS = {language: ROOT / "locale" / language / "LC_MESSAGES" / "django.po" for language in CATALOGUE_LANGUAGES}
LIBRARIES = {
    language: ROOT / "locale" / "libraries" / language / "LC_MESSAGES" / "django.po" for language in CATALOGUE_LANGUAGES
}
# What is rightly the same in English: names of formats, units, signs.
SAME = {"%s GB", "%s KB", "%s MB", "%s PB", "%s TB", ", ", ":", ":?.!", "IPv4", "IPv6", "…", "%(truncated_text)s…"}
NAMES = {"Telenita, All Women's Action Society (Awam)"}
GAPS = re.compile(r"%\(\w+\)[sd]|%[sdi]|\{\w*\}")
TAGS = re.compile(r"</?\w+")
ENGLISH = re.compile(
    r"\b(the|and|you|your|with|this|that|are|is|was|of|to|for|not|please|have|has|been|from|our|we|it's|there)\b", re.I
)
in_every_catalogue = pytest.mark.parametrize(
    "path", [*OURS.values(), *LIBRARIES.values()], ids=lambda path: str(path.relative_to(ROOT / "locale").parent.parent)
)
in_every_translation = pytest.mark.parametrize("language", TRANSLATED)


def texts(entry):
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def key(entry):
    return entry.msgctxt, entry.msgid, entry.msgid_plural


@in_every_catalogue
class TestCatalogues:
    def test_every_message_is_translated_and_sure(self, path):
        entries = polib.pofile(str(path))

        assert len(entries) > 0
        assert [entry.msgid for entry in entries if not all(text.strip() for text in texts(entry))] == []
        assert [entry.msgid for entry in entries if entry.fuzzy] == []
        assert [entry.msgid for entry in entries if entry.obsolete] == []

    def test_plurals_have_as_many_forms_as_the_language(self, path):
        catalogue = polib.pofile(str(path))
        forms = int(re.search(r"nplurals=(\d)", catalogue.metadata["Plural-Forms"])[1])

        assert [entry.msgid for entry in catalogue if entry.msgid_plural and len(entry.msgstr_plural) != forms] == []

    def test_every_gap_and_tag_is_kept(self, path):
        for entry in polib.pofile(str(path)):
            originals = [entry.msgid, entry.msgid_plural or entry.msgid]
            gaps = [sorted(GAPS.findall(original)) for original in originals]
            tags = [sorted(TAGS.findall(original)) for original in originals]
            for text in texts(entry):
                assert sorted(GAPS.findall(text)) in gaps, entry.msgid
                assert sorted(TAGS.findall(text)) in tags, entry.msgid
            assert sorted(GAPS.findall(texts(entry)[-1])) == gaps[-1], entry.msgid

    def test_nothing_is_still_english(self, path):
        same = {
            entry.msgid for entry in polib.pofile(str(path)) if {entry.msgid, entry.msgid_plural} & set(texts(entry))
        }

        assert same - SAME == set()

    def test_it_begins_and_ends_like_the_original(self, path):
        for entry in polib.pofile(str(path)):
            for text in texts(entry):
                assert text.startswith("\n") == entry.msgid.startswith("\n"), entry.msgid
                assert text.endswith("\n") == entry.msgid.endswith("\n"), entry.msgid

    def test_the_compiler_finds_no_mistake_in_it(self, path):
        command = ["msgfmt", "--check-format", "--check-domain", "-o", "/dev/null", str(path)]

        done = subprocess.run(command, capture_output=True, text=True)

        assert done.returncode == 0, done.stderr


def test_the_three_catalogues_hold_the_same_messages():
    malay, tamil, chinese = ({key(entry) for entry in polib.pofile(str(OURS[name]))} for name in CATALOGUE_LANGUAGES)

    assert malay == tamil == chinese


def test_every_message_of_the_sources_is_in_the_catalogue(tmp_path):
    """Collects the messages anew, in a copy, as `make messages` does."""
    for folder in ("config", "curriculum", "quizzes", "audiences", "templates", "locale"):
        shutil.copytree(
            ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "content", "*.mo")
        )
    shutil.copy(ROOT / "manage.py", tmp_path)
    (tmp_path / "static" / "img" / "drawings").mkdir(parents=True)
    command = [sys.executable, "manage.py", "makemessages", "-l", "ms", "--no-location", "--no-obsolete"]

    subprocess.run(
        command, cwd=tmp_path, env={"PATH": "/usr/bin:/bin", "DEBUG": "1", "DATA_DIR": str(tmp_path / "var")},
        check=True, capture_output=True,
    )  # fmt: skip

    found = polib.pofile(str(tmp_path / OURS["ms"].relative_to(ROOT)))
    assert len(found) > 100
    assert {key(entry) for entry in found} == {key(entry) for entry in polib.pofile(str(OURS["ms"]))}
    assert [entry.msgid for entry in found if entry.fuzzy or not entry.translated()] == []


@pytest.mark.parametrize("language", CATALOGUE_LANGUAGES)
def test_what_the_libraries_leave_untranslated_is_translated_here(language):
    ours = polib.pofile(str(LIBRARIES[language]))

    missing = [
        entry.msgid
        for entry in untranslated(language, polib)
        if not (found := ours.find(entry.msgid, msgctxt=entry.msgctxt or False)) or not found.translated()
    ]

    assert missing == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_our_words_win_over_the_libraries(language):
    with translation.override(language):
        assert gettext("Sign Up Closed") != "Sign Up Closed"
        assert gettext("Enter a valid email address.") != "Enter a valid email address."
        assert gettext("Not in this language yet") != "Not in this language yet"


# Pages


@pytest.fixture(scope="module")
def english():
    """Says whether a text is English: a message of two words and more that a library or we could show, or prose."""
    messages = {entry.msgid for path in (*OURS.values(), *LIBRARIES.values()) for entry in polib.pofile(str(path))}
    for folder in CATALOGUES:
        messages |= {entry.msgid for entry in polib.pofile(str(Path(folder) / "en" / "LC_MESSAGES" / "django.po"))}
    patterns = []
    for message in messages:
        plain = " ".join(TAGS.sub(" ", GAPS.sub(" ", message)).split())
        if len(re.findall(r"[A-Za-z']{2,}", plain)) >= 2:
            pieces = [re.escape(" ".join(piece.split())) for piece in GAPS.split(message)]
            patterns.append(".+".join(pieces))
    message = re.compile("|".join(rf"(?:^|\W)(?:{pattern})(?:\W|$)" for pattern in sorted(patterns)))

    @functools.cache
    def is_english(text):
        return bool(ENGLISH.search(text) or message.search(text))

    return is_english


def in_another_language(soup, language):
    """Parts of a page that say themselves that they are in another language."""
    return [element for element in soup.select("body [lang]") if element["lang"] != language]


def left_over(html, language, english):
    """English texts of a page that is in another language."""
    soup = parse(html)
    texts = set(text_nodes(soup, skip=in_another_language(soup, language)))
    return sorted(text for text in texts if english(text))


def test_a_left_over_would_be_found(english):
    page = '<html lang="ms"><body><p>{}</p><p lang="en">Choose one</p></body></html>'

    assert left_over(page.format("Skip to the content"), "ms", english) == ["Skip to the content"]
    assert left_over(page.format("Enter a valid email address."), "ms", english) == ["Enter a valid email address."]
    assert left_over(page.format("Times table"), "ms", english) == ["Times table"]
    assert left_over(page.format("This sentence stands in no catalogue"), "ms", english)
    assert left_over('<img alt="Choose one">', "ms", english) == ["Choose one"]
    assert left_over(page.format("Pilih satu"), "ms", english) == []


@in_every_translation
def test_no_public_page_has_an_english_left_over(public_pages, language, english):
    found = {
        url: texts
        for url, answer in public_pages.items()
        if answer.language == language and (texts := left_over(answer.html, language, english))
    }

    assert found == {}


@in_every_translation
def test_no_text_is_the_same_as_on_the_english_page(public_pages, language):
    """Names stay as they are; whole sentences do not."""
    found = {}
    for url, answer in public_pages.items():
        if answer.language == language:
            original = public_pages[f"/en/{url.split('/', 2)[2]}"]
            skip = in_another_language(answer.soup, language) + answer.soup.select("bdi")
            there = set(text_nodes(original.soup, skip=in_another_language(original.soup, "en")))
            same = there & set(text_nodes(answer.soup, skip=skip))
            found |= {text: url for text in same - NAMES if len(re.findall(r"[a-z']{2,}", text)) >= 3}

    assert found == {}


@in_every_translation
class TestForms:
    def answers(self, client, language):
        """What a reader meets who makes mistakes in every form that there is."""
        quiz = f"/{language}/student/s2/4/quiz/"
        items = [field["name"] for field in parse(client.get(quiz)).select("fieldset [name]:not(button)")]
        account = f"/{language}/account/"
        yield client.post(quiz, {"check": "all"})
        for button in parse(client.get(quiz)).select("button[name=check]"):
            yield client.post(quiz, {"check": button["value"]})
        yield client.post(quiz, {**dict.fromkeys(items, "forged"), "check": "all"})
        yield client.post(quiz, {**dict.fromkeys(items, "1"), "check": "all"})
        yield client.post(quiz, {"item-foreign": "x", "check": "foreign"})
        yield client.post(quiz, {"note": "a" * 100_000})
        yield client.post(quiz, {f"field-{n}": "x" for n in range(1001)})
        yield Client(enforce_csrf_checks=True).post(quiz, {"check": "all"})
        yield client.get(f"/{language}/nowhere/")
        yield client.get(f"/{language}/", headers={"host": "evil.example"})
        for address in ("login/", "signup/", "inactive/", "password/reset/", "password/reset/done/",
                        "password/reset/key/1-nonsense/", "password/reset/key/done/"):  # fmt: skip
            yield client.get(f"{account}{address}")
        yield client.post(f"{account}login/", {})
        yield client.post(f"{account}login/", {"login": "nonsense", "password": "x"})
        yield client.post(f"{account}login/", {"login": "nobody@example.org", "password": "wrong"})
        yield client.post(f"{account}password/reset/", {})
        yield client.post(f"{account}password/reset/", {"email": "nonsense"})

    def test_no_answer_has_an_english_left_over(self, client, language, english):
        cache.clear()
        found = {}
        for number, response in enumerate(self.answers(client, language)):
            soup = parse(response)
            assert soup.html["lang"] == language
            for text in left_over(response, language, english):
                found[text] = f"answer {number}: {response.request['PATH_INFO']}"

        assert found == {}

    def test_no_page_behind_the_door_has_one(self, client, language, english):
        cache.clear()
        editor = EditorFactory(email="penyunting@example.org")
        account = f"/{language}/account/"
        client.post(f"{account}login/", {"login": editor.email, "password": PASSWORD})
        wrong = {"oldpassword": "x", "password1": "password", "password2": "other"}
        easy = {"oldpassword": PASSWORD, "password1": "password", "password2": "password"}
        found = {}

        for response in (
            client.get(f"{account}password/change/"),
            client.post(f"{account}password/change/", {}),
            client.post(f"{account}password/change/", wrong),
            client.post(f"{account}password/change/", easy),
            client.get(f"{account}reauthenticate/"),
            client.post(f"{account}reauthenticate/", {"password": "wrong"}),
            client.get(f"{account}logout/"),
            client.post(f"{account}logout/", follow=True, headers={"accept-language": language}),
        ):
            assert parse(response).html["lang"] == language
            found |= dict.fromkeys(left_over(response, language, english), response.request["PATH_INFO"])

        assert found == {}

    def test_a_missing_language_and_an_overdue_listing_have_none(self, client, language, english):
        SupportServiceFactory(language=language, name="Rumah", what_for="Rumah.", overdue=True, phones="15999")
        page_at(f"/{language}/student/s3/4/").delete()

        for address in ("student/s3/4/", "help/", "student/s2/4/"):
            assert left_over(client.get(f"/{language}/{address}"), language, english) == []


@in_every_translation
def test_dates_are_written_in_the_language(client, language):
    SupportServiceFactory(language=language, call_tested=True)
    SupportServiceFactory(language="en", call_tested=True)

    text = str(parse(client.get(f"/{language}/help/")).select_one(".verified"))

    assert "March" in str(parse(client.get("/en/help/")).select_one(".verified"))
    assert "2026" in text
    assert "March" not in text
