"""Lays the words of one language into the structure of a content file, and checks both on the way."""

import re
from collections.abc import Iterable
from typing import Any

from curriculum import fonts, prose
from curriculum.answers import check_answers
from curriculum.documents import Entry
from curriculum.grammar import (
    BLOCKS,
    ITEMS,
    LANGUAGES,
    MEDIA,
    NEVER_MARKED,
    PLAIN,
    SOURCE_LANGUAGE,
    Blocks,
    Cells,
    Group,
    Many,
    Part,
    Setting,
    Word,
)  # fmt: skip

ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
EXEMPT_FROM_TERMS = re.compile(r"(^|\.)instead_of$")


class Composer:
    """Lays the words of one language into the structure; collects faults on both sides."""

    def __init__(self, language: str, drawings: frozenset[str], terms: dict[str, str]) -> None:
        self.language, self.drawings = language, drawings
        self.terms = [(avoid, avoid.lower(), use) for avoid, use in terms.items()]
        self.shapes: dict[str, tuple[Entry, tuple[str, ...]]] = {}  # path -> (entry, paragraphs and items)
        self.left_out: dict[str, Entry] = {}  # optional words that are not there: path -> where they would stand

    # Words

    def word(self, words: Entry, key: str, spec: Word, where: str) -> str:
        entry = words.mapping().get(key)
        if entry is None or not entry.text():
            place = entry or words.child(key)
            if spec.optional:
                self.left_out[where] = place
            else:
                place.fault(f"is missing. Write it in {LANGUAGES[self.language]}, or take it out of every language.")
            return ""
        text = entry.text()
        if fault := prose.fault_in(text, rich=spec.rich):
            entry.fault(fault)
        if gone := fonts.missing(text):
            shown = ", ".join(f"{c} (U+{ord(c):04X})" for c in gone)
            entry.fault(f"has characters that no shipped font prints: {shown}. Choose others.")
        if spec.limit and len(text) > spec.limit:
            entry.fault(f"has {len(text)} characters, its place holds {spec.limit}. Say it shorter.")
        if not EXEMPT_FROM_TERMS.search(entry.path):
            flowing = " ".join(text.split()).lower()
            for avoid, small, use in self.terms:
                if small in flowing:
                    entry.fault(f'uses "{avoid}", which we avoid. Write "{use}".')
        self.shapes[where] = (entry, prose.shape(text) if spec.rich else ("text",))
        return prose.to_html(text) if spec.rich else " ".join(text.split())

    def group(self, words: Entry, specs: dict[str, Word], where: str) -> dict[str, str]:
        self.only(words, specs)
        return self.group_of(words, specs, where)

    def group_of(self, words: Entry, specs: dict[str, Word], where: str) -> dict[str, str]:
        """Like `group`, for words that have other keys beside them."""
        return {key: self.word(words, key, spec, f"{where}.{key}") for key, spec in specs.items()}

    def only(self, entry: Entry, allowed: Iterable[str]) -> None:
        allowed = list(allowed)
        for key, child in entry.mapping().items():
            if key in ("right", "answers", "helpful") and key not in allowed:
                child.fault("is a right answer in a word file. It stands once, in the structure.")
            elif key not in allowed:
                child.fault(f"is not known here. Known: {', '.join(allowed) or 'nothing'}.")

    def below(self, words: Entry, key: str) -> Entry:
        entry = words.mapping().get(key)
        if entry is None:
            words.child(key).fault(f"is missing. Write it in {LANGUAGES[self.language]}.")
            return words.child(key, {})
        return entry

    # Structure

    def setting(self, entry: Entry | None, parent: Entry, key: str, spec: Setting) -> Any:
        if entry is None:
            if not spec.optional:
                parent.child(key).fault("is missing.")
            return [] if spec.kind == "ids" else spec.default
        if spec.kind == "ids":
            items = entry.items() if isinstance(entry.value, list) else [entry]
            for item in items:
                if spec.choices and item.text() not in spec.choices:
                    entry.fault(f"names {item.text()!r}, which is not known. Known: {', '.join(spec.choices)}.")
            return [item.text() for item in items]
        text = entry.text()
        if spec.kind == "number":
            if not text.isdigit() or not spec.low <= int(text) <= spec.high:
                entry.fault(f"needs a whole number from {spec.low} to {spec.high}, not {text!r}.")
                return spec.low
            return int(text)
        if spec.kind == "flag":
            if text not in ("true", "false"):
                entry.fault("needs true or false.")
            return text == "true"
        if spec.kind == "name" and not ID.match(text):
            entry.fault(f"is {text!r}. A name is small letters, digits and hyphens.")
        if spec.kind == "choice" and text not in spec.choices:
            entry.fault(f"is {text!r}, which is not known. Known: {', '.join(spec.choices)}.")
        if spec.kind == "drawing" and text not in self.drawings:
            entry.fault(f"is {text!r}, but there is no such drawing in static/img/drawings.")
        return text

    def ids(self, entry: Entry) -> list[tuple[str, Entry]]:
        found: list[tuple[str, Entry]] = []
        for item in entry.items():
            name = item.mapping().get("id") if isinstance(item.value, dict) else item
            if name is None:
                item.fault("needs an id.")
                continue
            if not ID.match(name.text()):
                item.fault(f"has the id {name.text()!r}. An id is small letters, digits and hyphens.")
            if name.text() in [seen for seen, _ in found]:
                item.fault(f"has the id {name.text()!r}, which stands there already. An id is used once.")
                continue
            found.append((name.text(), item))
        return found

    def block(self, structure: Entry, words: Entry, kinds: dict[str, dict[str, Part]], where: str) -> dict[str, Any]:
        given = structure.mapping()
        kind = given["type"].text() if "type" in given else ""
        if kind not in kinds:
            structure.fault(f"has the type {kind!r}, which is not known. Known: {', '.join(kinds)}.")
            return {"id": where, "type": "unknown", "value": {}}
        parts = kinds[kind]
        settings = [key for key, part in parts.items() if not isinstance(part, Word | Group | Cells)]
        extra = ["outcome"] if kinds is ITEMS else ["show_on"]
        if kind in NEVER_MARKED and "right" in given:
            given["right"].fault("is a key, and an agree scale has none: it is never marked. Take it out.")
            settings.append("right")
        self.only(structure, ["id", "type", *extra, *settings])
        self.only(words, [key for key, part in parts.items() if not isinstance(part, Setting)])
        value: dict[str, Any] = {}
        for key, part in parts.items():
            here = f"{where}.{key}"
            if isinstance(part, Word):
                if not part.with_picture or given.get("picture"):
                    value[key] = self.word(words, key, part, here)
            elif isinstance(part, Setting):
                value[key] = self.setting(given.get(key), structure, key, part)
            elif isinstance(part, Cells):
                cells = dict.fromkeys(value["answers"], PLAIN)
                value[key] = self.group(self.below(words, key), cells, here) if cells else {}
            elif isinstance(part, Group):
                group = self.group(self.below(words, key), dict.fromkeys(part.words, PLAIN), here)
                value |= {f"{key}_{name}": text for name, text in group.items()}
            else:
                inside = given.get(key) or structure.child(key, [])
                below = self.below(words, key)
                if isinstance(part, Blocks):
                    value[key] = self.blocks(inside, below, here)
                else:
                    value[key] = self.many(inside, below, part, here)
        shown = {"show_on": Setting("ids", MEDIA), "outcome": Setting()}
        value |= {key: self.setting(given[key], structure, key, shown[key]) for key in extra if key in given}
        check_answers(kind, value, structure, words)
        return {"type": kind, "value": value}

    def many(self, structure: Entry, words: Entry, part: Many, where: str) -> list[dict[str, Any]]:
        entries = self.ids(structure)
        if len(entries) < part.at_least:
            structure.fault(f"needs at least {part.at_least}.")
        if part.at_most and len(entries) > part.at_most:
            structure.fault(f"has {len(entries)}, its place holds {part.at_most}. Take some out.")
        self.only(words, [name for name, _ in entries])
        result: list[dict[str, Any]] = []
        for name, item in entries:
            given = item.mapping() if isinstance(item.value, dict) else {}
            if given:
                self.only(item, ["id", *part.settings, *part.lists])
            here = f"{where}.{name}"
            if isinstance(part.words, Word):
                text = self.word(words, name, part.words, here)
                result.append({"id": name, "value": text})
                continue
            specs = {key: spec for key, spec in part.words.items() if not spec.with_picture or "picture" in given}
            below = self.below(words, name)
            self.only(below, [*specs, *part.lists])
            value: dict[str, Any] = {**self.group_of(below, specs, here)}
            for key, setting in part.settings.items():
                value[key] = self.setting(given.get(key), item, key, setting)
            for key, inner in part.lists.items():
                inside = given.get(key) or item.child(key, [])
                value[key] = self.many(inside, self.below(below, key), inner, f"{here}.{key}")
            result.append({"id": name, "value": value})
        return result

    def blocks(
        self, structure: Entry, words: Entry, where: str, kinds: dict[str, dict[str, Part]] = BLOCKS
    ) -> list[dict[str, Any]]:
        entries = self.ids(structure)
        self.only(words, [name for name, _ in entries])
        return [
            {"id": name, **self.block(item, self.below(words, name), kinds, f"{where}.{name}")}
            for name, item in entries
        ]


def compare_shapes(composers: dict[str, Composer]) -> None:
    """Whether every language has the fields, paragraphs and list items that the English has."""
    source = composers[SOURCE_LANGUAGE]
    for language, composer in composers.items():
        for where, (entry, shape) in composer.shapes.items():
            if where in source.left_out:
                entry.fault("is not in the English file. Add it there, or take it out here.")
            elif where in source.shapes and shape != source.shapes[where][1]:
                theirs = source.shapes[where][1]
                entry.fault(
                    f"has {len(shape)} paragraphs and list items ({' '.join(shape)}), the English has {len(theirs)} "
                    f"({' '.join(theirs)}). Make them alike."
                )
        for where, entry in composer.left_out.items():
            if where in source.shapes:
                entry.fault(f"is missing. Write it in {LANGUAGES[language]}, or take it out everywhere.")


def check_blocks(items: list[dict[str, Any]], entries: dict[str, Entry], body: list[dict[str, Any]]) -> None:
    """Whether the blocks where items are taught stand on the lesson's page, at its first level."""
    there = [block["id"] for block in body if "screen" in (block["value"].get("show_on") or ["screen"])]
    for item in items:
        name = item["value"].get("block")
        if name is not None and name not in there:
            known = ", ".join(there)
            entries[item["id"]].mapping()["block"].fault(
                f"is {name!r}, which the lesson's page does not show. Name one of its blocks, or none: {known}."
            )
