"""YAML files that remember their lines: every value is text, and every fault knows file and line."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where libyaml is there


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong, where, and what to do; prints as `file:line: message`."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class Faults(Exception):
    """Everything that is wrong with the content files, sorted by file and line."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(map(str, self.faults)))


@dataclass
class Document:
    """One file and the faults found in it."""

    name: str
    faults: list[Fault] = field(default_factory=list)

    def fault(self, line: int, message: str) -> None:
        self.faults.append(Fault(self.name, line, message))


@dataclass
class Entry:
    """A value of a file: `value` is a text, a list of entries, or a dict of entries."""

    value: "str | list[Entry] | dict[str, Entry]"
    line: int
    path: str
    document: Document

    def fault(self, message: str) -> None:
        self.document.fault(self.line, f'"{self.path}" {message}' if self.path else message)

    def mapping(self) -> "dict[str, Entry]":
        """The entry's keys; a fault and nothing where it has none."""
        if isinstance(self.value, dict):
            return self.value
        self.fault("needs keys under it (`name: ...`).")
        return {}

    def items(self) -> "list[Entry]":
        if isinstance(self.value, list):
            return self.value
        self.fault("needs a list (`- ...`, or `[a, b]`).")
        return []

    def text(self) -> str:
        if isinstance(self.value, str):
            return self.value.strip()
        self.fault("needs a text, not a list or keys.")
        return ""

    def child(self, key: str, value: "str | list[Entry] | dict[str, Entry]" = "") -> "Entry":
        """An entry that is not in the file, standing at this one's line."""
        return Entry(value, self.line, f"{self.path}.{key}".lstrip("."), self.document)


def read(path: Path, name: str) -> tuple[Document, Entry | None]:
    """A file as entries; broken YAML is a fault with its line, and no entry."""
    document = Document(name)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        document.fault(1, "is missing. Every lesson has its structure and four word files.")
        return document, None
    except UnicodeDecodeError:
        document.fault(1, "is not UTF-8. Save it again as UTF-8.")
        return document, None
    try:
        node = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        document.fault(mark.line + 1 if mark else 1, f"is not readable as YAML: {error.problem}. See the manual.")
        return document, None
    except yaml.YAMLError as error:
        document.fault(1, f"is not readable as YAML: {error}.")
        return document, None
    if not isinstance(node, yaml.MappingNode):
        document.fault(1, "is empty or has no keys.")
        return document, None
    if "&" in text and any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=LOADER)):
        document.fault(1, "repeats a part with & and *. Write it out.")
        return document, None
    return document, _entry(node, "", document)


def _entry(node: yaml.Node, path: str, document: Document) -> Entry:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return Entry(dict(_pairs(node, path, document)), line, path, document)
    if isinstance(node, yaml.SequenceNode):
        children = [_entry(child, f"{path}[{n}]", document) for n, child in enumerate(node.value, 1)]
        return Entry(children, line, path, document)
    return Entry(node.value, line, path, document)


def _pairs(node: yaml.MappingNode, path: str, document: Document) -> Iterator[tuple[str, Entry]]:
    seen: set[str] = set()
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in seen:
            document.fault(key_node.start_mark.line + 1, f'"{key}" stands twice. Keep one.')
        seen.add(key)
        child = _entry(value_node, f"{path}.{key}".lstrip("."), document)
        child.line = key_node.start_mark.line + 1
        yield key, child
