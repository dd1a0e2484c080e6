"""Composed blocks of the content files as the raw data of a StreamField, with ids that last."""

import uuid
from collections.abc import Callable
from typing import Any

NAMESPACE = uuid.UUID("5e7b0b54-6e6a-4f0e-9d0b-3a4c1d9f2e61")


def key_for(name: str) -> uuid.UUID:
    """The lasting identity of a part of the content files, e.g. `lessons/s2-4/body/clues`."""
    return uuid.uuid5(NAMESPACE, name)


def raw_blocks(blocks: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """Composed blocks as a StreamField's raw data; block and list item ids last, and are the same in all languages."""
    return [raw_block(block, f"{name}/{block['id']}") for block in blocks]


def raw_block(block: dict[str, Any], name: str) -> dict[str, Any]:
    value = dict(block["value"])
    shape = SHAPES.get(block["type"])
    if shape:
        value = shape(value)
    raw: dict[str, Any] = {}
    for key, part in value.items():
        if isinstance(part, list) and part and isinstance(part[0], dict):
            items = raw_blocks if "type" in part[0] else raw_items
            raw[key] = items(part, f"{name}/{key}")
        elif part is not None:
            raw[key] = part
    return {"type": block["type"].replace("-", "_"), "value": raw, "id": str(key_for(name))}


def raw_items(entries: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """Entries as ListBlock items, lists inside them included."""
    raw = []
    for entry in entries:
        value, here = entry["value"], f"{name}/{entry['id']}"
        if isinstance(value, dict):
            value = {
                key: raw_items(part, f"{here}/{key}") if isinstance(part, list) else part
                for key, part in value.items()
                if part is not None
            }
        raw.append({"type": "item", "value": value, "id": str(key_for(here))})
    return raw


def _scenario(value):
    helpful = value.pop("helpful")
    options = [
        {"id": option["id"], "value": {**option["value"], "helpful": option["id"] in helpful}}
        for option in value["options"]
    ]
    return {**value, "options": options}


def _sorting(value):
    cards = value.pop("cards")
    columns = []
    for column in value["columns"]:
        inside = [
            {"id": card["id"], "value": {key: part for key, part in card["value"].items() if key != "column"}}
            for card in cards
            if card["value"]["column"] == column["id"]
        ]
        columns.append({"id": column["id"], "value": {"label": column["value"], "cards": inside}})
    return {**value, "columns": columns}


def _table(value):
    look_for = value.pop("look_for", {})
    value.pop("answers", None)
    numbers = {column["id"]: number for number, column in enumerate(value["columns"], 1)}
    rows = []
    for row in value["rows"]:
        cells = [cell.split("/") for cell in look_for if cell.split("/")[0] == row["id"]]
        answers = [
            {"id": column, "value": {"column": numbers[column], "text": look_for[f"{row['id']}/{column}"]}}
            for _row, column in cells
        ]
        rows.append({"id": row["id"], "value": {"label": row["value"], "answers": answers}})
    return {**value, "rows": rows}


def _choices(value):
    right, retired = value.pop("right"), value.pop("retired")
    return {**value, "choices": _marked(value["choices"], right, retired)}


def _marked(choices, right, retired):
    """Choices that say of themselves whether they are right, and whether they are still offered."""
    return [
        {
            "id": choice["id"],
            "value": {**choice["value"], "right": choice["id"] in right, "retired": choice["id"] in retired},
        }
        for choice in choices
    ]


def _branching(value):
    right, retired = value.pop("right"), value.pop("retired")
    steps = []
    for step in value["steps"]:
        below = [[id.partition("/")[2] for id in ids if id.startswith(f"{step['id']}/")] for ids in (right, retired)]
        choices = _marked(step["value"]["choices"], *below)
        steps.append({"id": step["id"], "value": {**step["value"], "name": step["id"], "choices": choices}})
    return {**value, "steps": steps}


# Where a file says an answer once for the whole block, the block says it on each entry.
SHAPES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "scenario": lambda value: _choices(value) if "choices" in value else _scenario(value),
    "sorting": _sorting,
    "table": _table,
    "single-choice": _choices,
    "multiple-choice": _choices,
    "picture-choice": _choices,
    "branching": _branching,
}
