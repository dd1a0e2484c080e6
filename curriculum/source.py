"""The curriculum's files, read and checked: structure once, words four times.

`read(root, drawings)` returns what the loader writes, or raises `Faults` with one line for each mistake. Pure: no
Django, no database. What may stand where is in `curriculum/grammar.py`.
"""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from curriculum.composing import Composer, check_blocks, compare_shapes
from curriculum.documents import Document, Entry, Fault, Faults
from curriculum.documents import read as read_document
from curriculum.grammar import (
    ACTIVITIES,
    AUDIENCE_PAGES,
    AUDIENCES,
    CONTENT_NOTE,
    COURSES,
    GUIDE,
    HOME,
    HOME_CARD,
    ITEMS,
    LANGUAGES,
    LESSON,
    LINE,
    LONG,
    NEVER_MARKED,
    QUIZ,
    RICH,
    SERVICES,
    SHORT,
    SOURCE_LANGUAGE,
    TIERS,
    Many,
    Word,
)  # fmt: skip

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
TOPIC_NAME = Word(limit=120)
TOPIC = re.compile(r"[1-8]\.[1-9]\Z")


@dataclass(frozen=True)
class Unit:
    """One folder of content: `words[language]` is the same tree four times, with ids and settings in it."""

    id: str
    words: dict[str, dict[str, Any]]
    lines: dict[str, int] = field(default_factory=dict, compare=False)  # where the structure says what

    @property
    def digest(self) -> str:
        """Changes when anything that is loaded from this folder changes."""
        return hashlib.sha256(json.dumps(self.words, sort_keys=True).encode()).hexdigest()

    @property
    def source(self) -> dict[str, Any]:
        return self.words[SOURCE_LANGUAGE]


@dataclass(frozen=True)
class Curriculum:
    site: Unit
    topics: Unit
    services: Unit
    lessons: dict[str, Unit]


def read(root: Path, drawings: frozenset[str], only: Sequence[str] = ()) -> Curriculum:
    """Everything under a content folder; with `only`, just these lessons.

    Raises `Faults` when a file is missing, unreadable or breaks a rule; then nothing should be written.
    """
    reader = Reader(root, drawings)
    topics = reader.unit("topics", "topics.yaml", compose_topics)
    services = reader.unit("services", "services.yaml", compose_services)
    site = reader.unit("site", "site.yaml", compose_site)
    found = sorted(path.name for path in root.glob("lessons/*") if path.is_dir())
    for name in only:
        if name not in found:
            known = ", ".join(found)
            reader.faults.append(Fault("lessons", 1, f"has no lesson {name!r}. Lessons: {known}."))
    wanted = [name for name in found if not only or name in only]
    lessons = {name: reader.unit(f"lessons/{name}", "lesson.yaml", compose_lesson) for name in wanted}
    if not reader.faults:
        check_references(lessons, site, topics, found, reader)
    if reader.faults:
        raise Faults(reader.faults)
    return Curriculum(site, topics, services, lessons)


class Reader:
    """Reads folders below one root and collects what is wrong with them."""

    def __init__(self, root: Path, drawings: frozenset[str]) -> None:
        self.root, self.drawings = root, drawings
        self.faults: list[Fault] = []
        self.terms = self._terms()

    def _terms(self) -> dict[str, dict[str, str]]:
        document, entry = read_document(self.root / "terms.yaml", self._name("terms.yaml"))
        self.faults += document.faults
        languages = entry.mapping() if entry else {}
        return {
            language: {avoid: use.text() for avoid, use in words.mapping().items()}
            for language, words in languages.items()
        }

    def _name(self, file: str) -> str:
        return f"{self.root.name}/{file}"

    def unit(self, folder: str, file: str, compose: Callable[..., dict[str, Any]]) -> Unit:
        """Reads one folder in four languages with `compose(composer, structure, words)`."""
        document, structure = read_document(self.root / folder / file, self._name(f"{folder}/{file}"))
        documents, words, composers = [document], {}, {}
        for language in LANGUAGES:
            word_document, entry = read_document(
                self.root / folder / f"{language}.yaml", self._name(f"{folder}/{language}.yaml")
            )
            documents.append(word_document)
            if structure is None or entry is None:
                continue
            composers[language] = Composer(language, self.drawings, self.terms.get(language, {}))
            words[language] = compose(composers[language], structure, entry)
        if len(composers) == len(LANGUAGES):
            compare_shapes(composers)
        self.faults += [fault for each in documents for fault in each.faults]
        lines = {key: entry.line for key, entry in structure.mapping().items()} if structure else {}
        return Unit(folder.rpartition("/")[2], words, lines)


def compose_lesson(composer: Composer, structure: Entry, words: Entry) -> dict[str, Any]:
    given = structure.mapping()
    parts = ["outcomes", "body", "worksheet", "parallel_task", "activities", "quiz"]
    composer.only(structure, [*LESSON, *parts])
    lesson = {key: composer.setting(given.get(key), structure, key, spec) for key, spec in LESSON.items()}
    note = ["content_note"] if lesson["content_note"] != "CN0" else []
    composer.only(words, ["title", "summary", *note, "teacher_notes", "home_card", *parts])
    folder = structure.document.name.split("/")[-2]
    if lesson["lesson"] != folder:
        structure.child("lesson").fault(f"is {lesson['lesson']!r}, but the folder is {folder!r}.")
    check_slug(given.get("slug"))
    lesson |= composer.group_of(words, {"title": LINE, "summary": LINE, "teacher_notes": RICH}, "lesson")
    if note:
        below = composer.below(words, "content_note")
        lesson["note"] = composer.group(below, dict.fromkeys(CONTENT_NOTE.words, LINE), "content_note")
    lesson["home_card"] = composer.group(composer.below(words, "home_card"), HOME_CARD, "home_card")

    def section(key: str) -> Entry:
        if key not in given:
            structure.child(key).fault("is missing. A lesson is a whole pack.")
        return given.get(key) or structure.child(key, [])

    lesson["outcomes"] = composer.many(section("outcomes"), composer.below(words, "outcomes"), Many(LINE), "outcomes")
    lesson["body"] = composer.blocks(section("body"), composer.below(words, "body"), "body")
    for key, name, spec in (("worksheet", "intro", LINE), ("parallel_task", "title", SHORT)):
        below = composer.below(words, key)
        composer.only(below, [name, "blocks"])
        lesson[key] = {
            name: composer.word(below, name, spec, f"{key}.{name}"),
            "blocks": composer.blocks(section(key), composer.below(below, "blocks"), key),
        }
    activities = section("activities")
    lesson["activities"] = composer.many(activities, composer.below(words, "activities"), ACTIVITIES, "activities")
    planned = sum(activity["value"]["minutes"] for activity in lesson["activities"])
    length = lesson["plan_minutes"] or lesson["minutes"]
    if planned != length:
        activities.fault(f"add up to {planned} minutes, the plan says {length}.")
    lesson["quiz"] = compose_quiz(composer, section("quiz"), composer.below(words, "quiz"), lesson)
    return lesson


def compose_quiz(composer: Composer, structure: Entry, words: Entry, lesson: dict[str, Any]) -> dict[str, Any]:
    given = structure.mapping()
    composer.only(structure, [*QUIZ, "items"])
    composer.only(words, ["title", "intro", "items"])
    items = given.get("items") or structure.child("items", [])
    quiz: dict[str, Any] = {key: composer.word(words, key, LINE, f"quiz.{key}") for key in ("title", "intro")}
    quiz |= {key: composer.setting(given.get(key), structure, key, spec) for key, spec in QUIZ.items()}
    quiz["items"] = composer.blocks(items, composer.below(words, "items"), "quiz", ITEMS)
    names = [outcome["id"] for outcome in lesson["outcomes"]]
    for item in quiz["items"]:
        if item["type"] in ITEMS and item["value"].get("outcome") not in names:
            items.fault(f"has {item['id']!r} without one of the lesson's outcomes: {', '.join(names)}.")
    if quiz["pass_mark"] and all(item["type"] in NEVER_MARKED for item in quiz["items"]):
        given["pass_mark"].fault("asks for right answers, and no item has one. Take it out.")
    check_blocks(quiz["items"], dict(composer.ids(items)), lesson["body"])
    return quiz


def compose_topics(composer: Composer, structure: Entry, words: Entry) -> dict[str, Any]:
    composer.only(structure, ["topics"])
    composer.only(words, ["topics"])
    codes = structure.mapping().get("topics") or structure.child("topics", [])
    names = composer.below(words, "topics")
    composer.only(names, [code.text() for code in codes.items()])
    for code in codes.items():
        if not TOPIC.match(code.text()):
            code.fault(f"is {code.text()!r}. A topic is a number of the ITGSE, like 4.2.")
    return {
        code.text(): composer.word(names, code.text(), TOPIC_NAME, f"topics.{code.text()}") for code in codes.items()
    }


def compose_services(composer: Composer, structure: Entry, words: Entry) -> dict[str, Any]:
    composer.only(structure, ["services"])
    composer.only(words, ["services"])
    entries = structure.mapping().get("services") or structure.child("services", [])
    services = composer.many(entries, composer.below(words, "services"), SERVICES, "services")
    for service in services:
        for reader in service["value"]["shown_to"]:
            if reader not in (*AUDIENCES, *TIERS):
                entries.fault(f"shows {service['id']!r} to {reader!r}. Known: {', '.join((*AUDIENCES, *TIERS))}.")
    return {"services": services}


def compose_site(composer: Composer, structure: Entry, words: Entry) -> dict[str, Any]:
    given = structure.mapping()
    composer.only(structure, ["audiences", "courses", "guides"])
    composer.only(words, ["home", "audiences", "courses", "guides"])
    site: dict[str, Any] = {"home": composer.group(composer.below(words, "home"), HOME, "home")}
    lists = {key: given.get(key) or structure.child(key, []) for key in ("audiences", "courses", "guides")}
    for key, part in (("audiences", AUDIENCE_PAGES), ("courses", COURSES)):
        site[key] = composer.many(lists[key], composer.below(words, key), part, key)
    below = composer.below(words, "guides")
    composer.only(below, [name for name, _ in composer.ids(lists["guides"])])
    site["guides"] = []
    for name, item in composer.ids(lists["guides"]):
        given = item.mapping()
        composer.only(item, ["id", *GUIDE, "body"])
        guide_words = composer.below(below, name)
        composer.only(guide_words, ["title", "introduction", "body"])
        value: dict[str, Any] = composer.group_of(guide_words, {"title": LINE, "introduction": LONG}, f"guides.{name}")
        value |= {key: composer.setting(given.get(key), item, key, spec) for key, spec in GUIDE.items()}
        body = given.get("body") or item.child("body", [])
        value["body"] = composer.blocks(body, composer.below(guide_words, "body"), f"guides.{name}")
        site["guides"].append({"id": name, "value": value})
    check_places(lists)
    return site


def check_places(lists: dict[str, Entry]) -> None:
    """Whether the audiences that pages stand below are there, and every page has an address of its own."""
    audiences = [item.mapping()["id"].text() for item in lists["audiences"].items() if "id" in item.mapping()]
    taken: set[tuple[str, str]] = set()
    for item in [item for entries in lists.values() for item in entries.items()]:
        given = item.mapping()
        above = given["audience"].text() if "audience" in given else ""
        if above in AUDIENCES and above not in audiences:
            given["audience"].fault(f"is {above!r}, which has no page among the audiences.")
        if slug := given.get("slug"):
            check_slug(slug)
            place = (above, slug.text())
            if place in taken:
                slug.fault(f"is {slug.text()!r}, which stands there already. An address is used once.")
            taken.add(place)


def check_slug(entry: Entry | None) -> None:
    if entry is not None and not SLUG.match(entry.text()):
        entry.fault(f"is {entry.text()!r}. An address has small letters, digits and hyphens, and no path.")


def check_references(
    lessons: dict[str, Unit], site: Unit, topics: Unit, known_lessons: list[str], reader: Reader
) -> None:
    """Whether the courses, topics and lessons that lessons name are there."""
    courses = [course["id"] for course in site.source["courses"]]
    taken: dict[tuple[str, str], str] = {}
    for name, lesson in lessons.items():
        document = Document(f"{reader.root.name}/lessons/{name}/lesson.yaml")
        source = lesson.source

        def at(key: str, document: Document = document, lines: dict[str, int] = lesson.lines) -> Entry:
            return Entry("", lines.get(key, 1), key, document)

        if source["course"] not in courses:
            at("course").fault(f"is {source['course']!r}, which site/site.yaml does not have.")
        for code in source["topics"]:
            if code not in topics.source:
                at("topics").fault(f"names {code!r}, which topics/topics.yaml does not have.")
        if source["companion"] and source["companion"] not in known_lessons:
            at("companion").fault(f"is {source['companion']!r}, but there is no such lesson.")
        place = (source["course"], source["slug"])
        if place in taken:
            at("slug").fault(f"is {source['slug']!r}, which {taken[place]} has in this course already.")
        taken[place] = name
        reader.faults += document.faults
