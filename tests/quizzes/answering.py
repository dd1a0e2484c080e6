"""Answering a quiz: what a learner's browser posts for an item, and what the page then says about it."""

from quizzes.forms import ROWS, token
from quizzes.items import offered


def name(item, part=None):
    return f"item-{item['id']}" + (f"-{part['id']}" if part else "")


def partner(soup, item, pair, text):
    """The value that a match row offers for a text."""
    options = soup.find("select", attrs={"name": name(item, pair)}).find_all("option")
    return next(option["value"] for option in options if option.get_text() == text)


def answer(item, soup, *, right):
    """What a learner posts who answers one item rightly, or not quite."""
    kind = item["type"]
    if kind == "agree-scale":
        return {name(item): "disagree" if right else "agree"}
    if kind == "branching":
        return {name(item, step): choice["id"] for step, choice in way(item, right=right)}
    if kind == "true-false":
        return {name(item): item["right"] if right else "unsure"}
    if kind == "multiple-choice":
        return {name(item): [choice["id"] for choice in item["choices"] if choice["right"]] if right else _one(item)}
    if kind == "order":
        places = range(1, len(item["entries"]) + 1)
        entries = item["entries"] if right else reversed(item["entries"])
        return {name(item, entry): str(place) for entry, place in zip(entries, places, strict=True)}
    if kind == "match":
        texts = [pair["right"] for pair in item["pairs"]]
        texts = texts if right else texts[1:] + texts[:1]
        rows = zip(item["pairs"], texts, strict=True)
        return {name(item, pair): partner(soup, item, pair, text) for pair, text in rows}
    return {name(item): next(choice["id"] for choice in item["choices"] if choice["right"] == right)}


def way(item, *, right):
    """A way through a story on which every choice is right, or none: `[(step, choice), ...]`."""
    steps = {step["name"]: step for step in item["steps"]}
    step, walked = item["steps"][0], []
    while step:
        choice = next(choice for choice in offered(step["choices"]) if choice["right"] == right)
        walked.append((step, choice))
        step = steps.get(choice.get("leads_to", ""))
    return walked


def response(item, *, right):
    """The same as marking takes it: what is stored."""
    kind = item["type"]
    if kind == "order":
        places = range(1, len(item["entries"]) + 1)
        return {
            entry["id"]: str(place)
            for entry, place in zip(item["entries"], places if right else reversed(places), strict=True)
        }
    if kind == "match":
        ids = [pair["id"] for pair in item["pairs"]]
        return dict(zip(ids, ids if right else ids[1:] + ids[:1], strict=True))
    if kind == "branching":
        return {step["id"]: choice["id"] for step, choice in way(item, right=right)}
    return answer(item, None, right=right)[name(item)]


def sent(item, *, right):
    """The same as the page's own script sends it."""
    stored = response(item, right=right)
    if item["type"] == "match":
        return {left: token(item["id"], chosen) for left, chosen in stored.items()}
    return stored


def posted(item, *, right):
    """The same as a form without script posts it: `answer`, for whoever has no page at hand."""
    given = sent(item, right=right)
    return {f"{name(item)}-{part}": v for part, v in given.items()} if item["type"] in ROWS else {name(item): given}


def _one(item):
    return [next(choice["id"] for choice in item["choices"] if not choice["right"])]


def expected_feedback(item, *, right):
    """The feedback that belongs to `answer`."""
    kind = item["type"]
    if kind == "agree-scale":
        return [item["feedback"]["all"]]
    if kind == "branching":
        return [choice["feedback"] for _step, choice in way(item, right=right)]
    if kind == "true-false":
        return [item["feedback"][item["right"] if right else "unsure"]]
    if kind == "multiple-choice":
        missed = [choice["feedback"] for choice in item["choices"] if choice["right"]]
        return missed if right else [next(c["feedback"] for c in item["choices"] if not c["right"]), *missed]
    if kind == "order":
        return [item["feedback"]["right" if right else "other"]]
    if kind == "match":
        return [pair["feedback"] for pair in item["pairs"]]
    return [next(choice["feedback"] for choice in item["choices"] if choice["right"] == right)]


def all_feedback(item):
    """Every sentence of an item that a learner must not read before checking."""
    parts = [*item.get("choices", []), *item.get("pairs", [])]
    parts += [choice for step in item.get("steps", []) for choice in step["choices"]]
    return [part["feedback"] for part in parts] + [*item.get("feedback", {}).values(), item["rationale"]]


def fieldset(soup, item):
    return soup.select_one(f'fieldset[data-item="{item["id"]}"]')


def verdict(soup, item):
    found = fieldset(soup, item).select_one(".feedback")
    return next(part for part in found["class"] if part.startswith("is-")) if found else None


def chosen(soup, item):
    """What stands chosen in an item: values of inputs, or a value for each row."""
    field = fieldset(soup, item)
    rows = {
        select["name"]: option["value"] for select in field.select("select") for option in select.select("[selected]")
    }
    return rows or [box["value"] for box in field.select("input[checked]")]
