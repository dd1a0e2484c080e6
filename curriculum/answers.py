"""Whether the right answers of a block or item exist, name entries that exist, and leave a wrong one. Pure."""

from typing import Any

from curriculum.branches import step_at_fault
from curriculum.documents import Entry

ONE_ANSWER = {"single-choice": "A single choice", "picture-choice": "A picture choice"}
Entries = list[dict[str, Any]]


def check_answers(kind: str, value: dict[str, Any], structure: Entry, words: Entry) -> None:
    """Faults at the key, or at the entry, that a writer has to change."""
    if kind == "branching":
        check_steps(value, structure, words)
        return
    if kind == "sorting":
        check_columns(value, structure)
    check_cells(value, structure)
    options: Entries = value.get("choices") or value.get("options") or []
    retired = [] if value.get("retired") is None else value["retired"]
    check_named(retired, options, at(structure, "retired"))
    for key in ("right", "helpful"):
        if isinstance(value.get(key), list):
            check_named(value[key], options, at(structure, key))
            check_key(key, value[key], retired, options, structure)
    offered = [option for option in options if option["id"] not in retired]
    if kind in ONE_ANSWER and len({*value["right"]} - {*retired}) > 1:
        at(structure, "right").fault(f"names more than one answer. {ONE_ANSWER[kind]} has one.")
    check_texts(offered, words)


def at(entry: Entry, key: str) -> Entry:
    """Where the file has this key, or where it would stand."""
    found = entry.value.get(key) if isinstance(entry.value, dict) else None
    return found or entry.child(key)


def check_named(ids: list[str], options: Entries, entry: Entry) -> None:
    names = sorted(option["id"] for option in options)
    for id in ids:
        if id not in names:
            entry.fault(f"names {id!r}, which is not one of: {', '.join(names)}.")


def check_key(
    key: str, right: list[str], retired: list[str], options: Entries, structure: Entry, where: str = ""
) -> None:
    """Whether some of the choices that are offered are right, and some are not; `where` names their step."""
    offered = {option["id"] for option in options} - {*retired}
    if not right:
        at(structure, key).fault(f"names no right answer{where}. Name at least one.")
    elif {*right} <= {*retired}:
        at(structure, key).fault(f"names only retired answers{where}. Name one that is still offered.")
    if retired and len(offered) < 2:
        at(structure, "retired").fault(f"leaves fewer than two choices{where}. Retire fewer, or add one.")
    elif key == "right" and offered and offered <= {*right}:
        at(structure, key).fault(f"names every choice{where}. Leave at least one that is not right.")


def check_texts(options: Entries, words: Entry) -> None:
    texts = [option["value"]["text"].casefold() for option in options]
    for text in sorted({text for text in texts if text and texts.count(text) > 1}):
        words.fault(f"has two choices that read the same: {text!r}.")


def check_columns(value: dict[str, Any], structure: Entry) -> None:
    columns = {column["id"] for column in value["columns"]}
    for card in value["cards"]:
        if card["value"]["column"] not in columns:
            structure.fault(f"puts {card['id']!r} in the column {card['value']['column']!r}, which is not there.")


def check_cells(value: dict[str, Any], structure: Entry) -> None:
    rows = {row["id"] for row in value.get("rows", [])}
    columns = {column["id"] for column in value.get("columns", [])}
    for cell in value.get("answers") or []:
        row, _, column = cell.partition("/")
        if row not in rows or column not in columns:
            at(structure, "answers").fault(f"names the cell {cell!r}. A cell is row/column.")


def check_steps(value: dict[str, Any], structure: Entry, words: Entry) -> None:
    """The answers of each step, and whether the steps lead from the first to an end, all of them, without a circle."""
    steps: Entries = value["steps"]
    known = {f"{step['id']}/{choice['id']}" for step in steps for choice in step["value"]["choices"]}
    for key in ("right", "retired"):
        for answer in value[key]:
            if answer not in known:
                at(structure, key).fault(f"names {answer!r}, which is no choice of a step. Write step/choice.")
    branches = []
    for step in steps:
        id, choices = step["id"], step["value"]["choices"]
        right, retired = (
            [a.partition("/")[2] for a in value[key] if a.startswith(f"{id}/")] for key in ("right", "retired")
        )
        if choices:
            check_key("right", right, retired, choices, structure, f' in the step "{id}"')
        offered = [choice for choice in choices if choice["id"] not in retired]
        check_texts(offered, at(at(words, "steps"), id))
        branches.append({"name": id, "leads_to": [choice["value"]["leads_to"] or "" for choice in offered]})
    name, sentence = step_at_fault(branches)
    if sentence:
        step_entry(structure, name).fault(f"breaks the story. {sentence}")


def step_entry(structure: Entry, name: str) -> Entry:
    """Where the file has the step of this name."""
    steps = at(structure, "steps")
    found = [step for step in steps.items() if isinstance(step.value, dict) and at(step, "id").value == name]
    return found[0] if found else steps
