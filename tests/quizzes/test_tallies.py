"""Tallies: they add up in any order, and nothing that is shown of them tells of fewer than five."""

from collections import defaultdict
from itertools import combinations, product
from operator import mul

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes import tallies
from quizzes.items import asked
from quizzes.tallies import (
    LEAST,
    Share,
    Tally,
    hardest,
    interval,
    parts,
    right_share,
    shares,
    shifts,
    tally,
)

MYTH = {"prompt": "?", "outcome": "explain", "myth": "harmless", "asked": "once"}
TWICE = MYTH | {"asked": "before-and-after"}


def choices(right, of):
    return [{"id": id, "text": id, "right": id in right, "feedback": ""} for id in of]


def single(*right, of="abcd", kind="single-choice"):
    return MYTH | {"id": "1", "type": kind, "choices": choices(right, of)}


def multiple(*right, of="abc"):
    return MYTH | {"id": "2", "type": "multiple-choice", "choices": choices(right, of)}


def true_false(**more):
    return MYTH | {"id": "3", "type": "true-false", "right": "false", "feedback": dict.fromkeys(ALL_TRUE_FALSE)} | more


def scale(**more):
    return MYTH | {"id": "4", "type": "agree-scale", "feedback": {"all": ""}} | more


def order():
    entries = [{"id": id, "text": id} for id in "xyz"]
    return MYTH | {"id": "5", "type": "order", "entries": entries, "feedback": {"right": "", "other": ""}}


def match(of="xy"):
    pairs = [{"id": id, "left": id, "right": id, "feedback": ""} for id in of]
    return MYTH | {"id": "6", "type": "match", "pairs": pairs}


def story(right, **steps):
    """A branching item; of each step, where its choices lead: `i={"a": "ii", "b": ""}`."""
    found = []
    for name, leads in steps.items():
        offered = [choice | {"leads_to": leads[choice["id"]]} for choice in choices(right, leads)]
        found.append({"id": name, "name": name, "choices": offered})
    return MYTH | {"id": "7", "type": "branching", "steps": found}


def walks(item, name="i"):
    """Every way through a story."""
    step = next(step for step in item["steps"] if step["name"] == name)
    for choice in step["choices"]:
        for rest in walks(item, choice["leads_to"]) if choice["leads_to"] else [{}]:
            yield {name: choice["id"], **rest}


def branching():
    """At the first step, one of two ends the story; the other leads to a step with two more."""
    return story("ac", i={"a": "", "b": "ii"}, ii={"c": "", "d": ""})


STORIES = {
    "story that every mistake ends": story("ac", i={"a": "ii", "b": ""}, ii={"c": "", "d": ""}),
    "story in a row": story("ac", i={"a": "ii", "b": "ii"}, ii={"c": "", "d": ""}),
    "story with a way back": story("ace", i={"a": "iii", "b": "ii"}, ii={"c": "iii", "d": ""}, iii={"e": "", "f": ""}),
    "story with two right ways": story("abd", i={"a": "", "b": "ii", "c": "ii"}, ii={"d": "", "e": ""}),
    "story with a detour": story(
        "abdf", i={"a": "ii", "b": "iii", "c": "iii"}, ii={"d": "iii", "e": "iii"}, iii={"f": "", "g": ""}
    ),
}


ALL_TRUE_FALSE = ("true", "false", "unsure")
ALL_SCALE = ("agree", "unsure", "disagree")
PLACES = [dict(zip("xyz", places, strict=True)) for places in (("1", "2", "3"), ("2", "1", "3"), ("3", "2", "1"))]

# Every item with every response that it can have, but the skip.
ITEMS = {
    "single": (single("a"), list("abcd")),
    "single of two": (single("a", of="ab"), list("ab")),
    "single of three": (single("a", of="abc"), list("abc")),
    "picture": (single("b", of="abc", kind="picture-choice"), list("abc")),
    "scenario": (single("a", "b", kind="scenario"), list("abcd")),
    "scenario of three": (single("a", "b", of="abc", kind="scenario"), list("abc")),
    "true-false": (true_false(), list(ALL_TRUE_FALSE)),
    "scale": (scale(), list(ALL_SCALE)),
    "order": (order(), PLACES),
    "multiple of two": (multiple("a", of="ab"), [["a"], ["b"], ["a", "b"]]),
    "multiple": (multiple("a"), [list(c) for size in (1, 2, 3) for c in combinations("abc", size)]),
    "multiple with two right": (multiple("a", "b"), [list(c) for size in (1, 2, 3) for c in combinations("abc", size)]),
    "match": (match(), [{"x": left, "y": right} for left in "xy" for right in "xy"]),
    "match of three": (match("xyz"), [dict(zip("xyz", rows, strict=True)) for rows in product("xyz", repeat=3)]),
    **{name: (item, list(walks(item))) for name, item in STORIES.items()},
    "branching": (branching(), list(walks(branching()))),
}
ITEMS_BY_TYPE = {item["type"]: responses for item, responses in ITEMS.values()}
any_item = st.sampled_from(sorted(ITEMS))


@st.composite
def answered_items(draw):
    """An item and a list of responses to it, skips included."""
    item, possible = ITEMS[draw(any_item)]
    return item, draw(st.lists(st.sampled_from([*possible, ""]), max_size=30))


class TestTallying:
    @given(answered_items(), st.randoms(use_true_random=False))
    def test_no_order_of_the_answers_matters(self, answered, random):
        item, responses = answered
        shuffled = random.sample(responses, len(responses))

        assert tally(item, shuffled) == tally(item, responses)

    @given(answered_items(), st.integers(0, 30), st.integers(0, 30))
    def test_the_tallies_of_parts_of_a_class_add_up_to_that_of_the_class(self, answered, one, two):
        item, responses = answered
        first, last = sorted((one, two))
        whole = tally(item, responses)

        apart = [tally(item, part) for part in (responses[:first], responses[first:last], responses[last:])]

        assert apart[0] + apart[1] + apart[2] == apart[2] + (apart[1] + apart[0]) == whole
        assert whole + Tally() == whole

    @given(answered_items())
    def test_everybody_is_counted_once(self, answered):
        item, responses = answered
        counted = tally(item, responses)

        assert counted.answered + counted.skipped == len(responses)
        assert counted.skipped == responses.count("")
        assert counted.right <= counted.answered
        assert counted.held <= counted.answered
        assert set(counted.chosen) <= set(parts(item))
        assert all(0 < count <= counted.answered for count in counted.chosen.values())

    @pytest.mark.parametrize(
        ("item", "responses", "counted"),
        [
            (single("a"), ["a", "b", "a", ""], Tally(3, 1, 2, 1, {"a": 2, "b": 1})),
            (multiple("a", "c"), [["a", "c"], ["a", "b"], []], Tally(2, 1, 1, 1, {"a": 2, "b": 1, "c": 1})),
            (true_false(), ["true", "false", "unsure"], Tally(3, 0, 1, 2, {"true": 1, "false": 1, "unsure": 1})),
            (scale(), ["agree", "disagree", "unsure"], Tally(3, 0, 0, 2, {"agree": 1, "disagree": 1, "unsure": 1})),
            (order(), PLACES, Tally(3, 0, 1, 2, {"right": 1, "other": 2})),
            (match(), [{"x": "x", "y": "y"}, {"x": "x", "y": "x"}, {}], Tally(2, 1, 1, 1, {"x": 2, "y": 1})),
            (branching(), [{"i": "a"}, {"i": "b", "ii": "c"}], Tally(2, 0, 1, 1, {"i/a": 1, "i/b": 1, "ii/c": 1})),
        ],
        ids=lambda value: value["type"] if isinstance(value, dict) else "",
    )
    def test_it_counts_each_part_that_was_chosen(self, item, responses, counted):
        assert tally(item, responses) == counted

    def test_without_a_myth_nobody_holds_one(self):
        assert tally(single("a") | {"myth": ""}, ["b", "c"]).held == 0

    def test_the_first_of_two_times_has_no_right_answers(self):
        before = asked([true_false(**TWICE)])[0]

        assert tally(before, ["false", "true"]) == Tally(2, 0, 0, 1, {"false": 1, "true": 1})

    def test_a_retired_choice_is_counted_only_where_somebody_chose_it_before(self):
        before, now = single("a", of="abc"), single("a", of="abc")
        now["choices"][2]["retired"] = True
        later = tally(now, ["a"] * 10 + ["b"] * 10)

        assert [share.choices for share in shares(now, later)] == [("a",), ("b",)]
        assert [share.choices for share in shares(now, later + tally(before, ["c"] * 5))] == [("a",), ("b",), ("c",)]


def shown(item, counted, other=None):
    """Everything that an attacker reads of one item, and the number of answers. `other`: the item's second tally."""
    both = asked([item])
    counts = {both[0]["id"]: counted, both[-1]["id"]: other or counted}
    return (
        counted.answered,
        shares(both[0], counted) and tuple(shares(both[0], counted)),
        right_share(item, counted),
        tuple(share for _item, share in hardest([item], {item["id"]: counted})),
        tuple(shifts(both, counts)),
    )


def kinds(item, responses):
    """Every answer that counts like no other: the tally of one of each."""
    return list({repr(one): one for one in (tally(item, [response]) for response in responses)}.values())


def spreads(answers, kinds):
    """Every way in which so many answers can be of so many kinds: `(how many of each kind)`."""
    if kinds == 1:
        yield (answers,)
        return
    for first in range(answers + 1):
        for rest in spreads(answers - first, kinds - 1):
            yield (first, *rest)


def numbers(spread):
    """Every number that may be small: who answered in one of these ways, for every group of kinds but all."""
    return {group: sum(spread[kind] for kind in group) for group in groups(len(spread))}


def groups(kinds):
    return [group for size in range(1, kinds) for group in combinations(range(kinds), size)]


def alike(item, responses, answers):
    """All that so many answers can be, by what is shown of them: `{shown: [spread, ...]}`."""
    ones, names = kinds(item, responses), parts(item)
    counts = [[one.chosen.get(name, 0) for one in ones] for name in names]
    counts += [[one.right for one in ones], [one.held for one in ones]]
    by_counts, found = defaultdict(list), defaultdict(list)
    for spread in spreads(answers, len(ones)):
        by_counts[tuple(sum(map(mul, spread, count)) for count in counts)].append(spread)
    for (*chosen, right, held), same in by_counts.items():
        counted = Tally(answers, 0, right, held, dict(zip(names, chosen, strict=True)))
        found[shown(item, counted, other=FAR)] += same
    return found


def pinned(item, responses, answers, least):
    """What an attacker can conclude who knows the rules: numbers under `least` with only one value that fits."""
    return [
        (view, group, value)
        for view, (one, *others) in alike(item, responses, answers).items()
        for group, value in numbers(one).items()
        if value < least and all(sum(other[kind] for kind in group) == value for other in others)
    ]


FAR = Tally(
    1000, 0, 500, 500, {"agree": 300, "unsure": 200, "disagree": 500, "true": 500, "false": 300, "unsure ": 200}
)
FEW_PARTS = [name for name, (item, _responses) in ITEMS.items() if len(parts(item)) <= 3]


class TestDisclosure:
    """The attacker knows the rules, how many answered, and all that is shown, and asks which tallies look the same."""

    @pytest.mark.parametrize("name", ITEMS)
    def test_no_number_under_five_follows_from_all_that_is_shown(self, name):
        item, responses = ITEMS[name]
        wide = len(kinds(item, responses)) > 4
        answers = (10, 11) if wide else range(LEAST, 23 if len(parts(item)) < 4 else 18)

        assert [found for number in answers for found in pinned(item, responses, number, LEAST)] == []

    @pytest.mark.parametrize("name", ITEMS)
    @pytest.mark.parametrize(("least", "most"), [(2, 10), (3, 11)])
    def test_the_same_rules_hold_in_a_small_world_where_two_or_three_are_enough(self, name, least, most, monkeypatch):
        """Small numbers that bind each other meet sooner here than among five."""
        monkeypatch.setattr(tallies, "LEAST", least)
        monkeypatch.setattr(tallies, "TELLING", 2 * least)
        item, responses = ITEMS[name]

        assert [found for number in range(least, most + 1) for found in pinned(item, responses, number, least)] == []

    @pytest.mark.parametrize("name", ["true-false", "scale"])
    def test_items_asked_twice_give_away_no_more(self, name):
        item, responses = ITEMS[name]

        assert [f for number in range(LEAST, 21) for f in pinned(item | TWICE, responses, number, LEAST)] == []

    @settings(max_examples=20)
    @given(st.integers(1, 3), st.lists(st.integers(0, 25), min_size=3, max_size=3))
    def test_a_class_of_any_size_and_spread(self, right, spread):
        item = single(*"abc"[:right]) if right < 3 else true_false()
        item = item if right == 3 else single(*"abc"[:right], of="abc", kind="scenario")
        counted = whole(item, spread)
        of = counted.answered
        view, truth = shown(item, counted), numbers(spread)

        alike = [numbers(other) for other in spreads(of, 3) if shown(item, whole(item, other)) == view]

        small = [name for name, value in truth.items() if value < LEAST]
        assert truth in alike
        assert of < LEAST or [name for name in small if len({each[name] for each in alike}) < 2] == []

    def test_the_proof_finds_a_rule_that_tells(self, monkeypatch):
        """Merging the smallest parts, as one would first think of it, gives a right answer of four away."""
        assert pinned(single("a", of="abc"), "abc", 14, LEAST) == []

        def merge_smallest(item, counts, of):
            rising = sorted(counts, key=lambda part: (part == "a", counts[part]))
            merged = [part for part in rising if counts[part] < LEAST]
            for part in rising:
                if part not in merged and sum(counts[each] for each in merged) < LEAST:
                    merged.append(part)
            groups = [(part,) for part in counts if part not in merged] + [tuple(sorted(merged))]
            return [Share(group, total := sum(counts[part] for part in group), total, of) for group in groups]

        monkeypatch.setattr(tallies, "_right_or_not", merge_smallest)
        assert pinned(single("a", of="abc"), "abc", 14, LEAST) != []

    @given(answered_items())
    def test_nothing_at_all_is_shown_of_fewer_than_five_answers(self, answered):
        item, responses = answered
        counted = tally(item, [response for response in responses if response][: LEAST - 1])

        assert shown(item, counted, other=FAR)[1:] == (None, None, (), ())

    @given(answered_items())
    def test_no_number_under_five_is_shown_as_it_is_and_every_interval_holds_the_truth(self, answered):
        item, responses = answered
        counted = tally(item, responses)
        of_all = right_share(item, counted)

        for share in [*(shares(item, counted) or []), *([of_all] if of_all else [])]:
            number = sum(counted.chosen.get(part, 0) for part in share.choices) if share.choices else counted.right
            assert share.least <= number <= share.most
            assert share.of == counted.answered >= LEAST
            assert not share.is_exact or LEAST <= number <= share.of - LEAST

    @given(answered_items())
    def test_each_part_is_shown_once(self, answered):
        item, responses = answered
        found = shares(item, tally(item, responses))

        if found:
            assert sorted(part for share in found for part in share.choices) == sorted(parts(item))


def whole(item, spread):
    """The tally of a one-of item with so many answers for each part."""
    responses = parts(item)
    each = [tally(item, [response]) for response in responses]
    times = zip(each, spread, responses, strict=True)
    total = Tally(sum(spread), chosen={})
    for one, count, part in times:
        more = Tally(0, 0, one.right * count, one.held * count, {part: count} if count else {})
        total += more
    return total


class TestShares:
    def counted(self, **chosen):
        return tally(single("a"), [part for part, count in chosen.items() for _ in range(count)])

    def test_where_every_choice_has_five_the_numbers_are_exact(self):
        assert shares(single("a"), self.counted(a=10, b=5, c=7, d=8)) == [
            Share(("a",), 10, 10, 30),
            Share(("b",), 5, 5, 30),
            Share(("c",), 7, 7, 30),
            Share(("d",), 8, 8, 30),
        ]

    def test_where_a_choice_is_small_right_and_not_right_are_told_apart(self):
        found = shares(single("a"), self.counted(a=20, b=9, c=1))

        assert found == [Share(("a",), 20, 20, 30), Share(("b", "c", "d"), 10, 10, 30)]

    def test_where_nearly_all_were_right_that_is_all_that_is_said(self):
        for right in (27, 30):
            found = shares(single("a"), self.counted(a=right, b=30 - right))

            assert found == [Share(("a",), 26, 30, 30), Share(("b", "c", "d"), 0, 4, 30)]

    def test_of_fewer_than_ten_answers_nothing_is_told_apart(self):
        assert {(s.least, s.most) for s in shares(single("a"), self.counted(a=5, b=4))} == {(0, 9)}

    @pytest.mark.parametrize(
        ("item", "often", "seldom"),
        [
            (multiple("a", "c"), [["a", "c"], ["a", "b"], ["b", "c"], ["a"]], ["b"]),
            (match("xyz"), [dict.fromkeys("xyz", part) for part in "xyz"], {"x": "x", "y": "y", "z": "z"}),
            (branching(), [{"i": "a"}, {"i": "b", "ii": "c"}, {"i": "b", "ii": "d"}], None),
        ],
        ids=["multiple-choice", "match", "branching"],
    )
    def test_parts_that_bind_each_other_are_shown_whole_or_not_at_all(self, item, often, seldom):
        many = [response for response in often for _ in range(8)]
        right = next(response for response in ITEMS_BY_TYPE[item["type"]] if tally(item, [response]).right)
        few = [seldom or often[0]] * 2
        enough = tally(item, [*many, *[right] * 8])

        assert all(share.is_exact for share in shares(item, enough))
        assert [share.least for share in shares(item, enough)] == [enough.chosen[part] for part in parts(item)]
        assert shares(item, tally(item, many[8:] + few)) is None

    @pytest.mark.parametrize(
        ("item", "right", "others"),
        [
            (multiple("a", "b"), ["a", "b"], [["a", "c"], ["b"]]),
            (match(), {"x": "x", "y": "y"}, [{"x": left, "y": right} for left, right in ("xx", "yy", "yx")]),
            (STORIES["story in a row"], {"i": "a", "ii": "c"}, [{"i": i, "ii": ii} for i, ii in ("ad", "bc", "bd")]),
        ],
        ids=["multiple-choice", "match", "branching"],
    )
    def test_nor_where_few_had_a_part_of_it_right(self, item, right, others):
        assert shares(item, tally(item, [right] * 9 + others * 5))
        for other in others:
            fewer = others * 5
            fewer.remove(other)
            assert shares(item, tally(item, [right] * 9 + fewer)) is None

    def test_one_who_chose_a_right_choice_without_being_right_cannot_be_found(self):
        responses = [["a", "b"]] * 9 + [["a", "c"]] + [["b", "c"]] * 4 + [["c"]] * 6

        assert shares(multiple("a", "b"), tally(multiple("a", "b"), responses)) is None

    def test_a_scale_is_shown_whole(self):
        counted = tally(scale(), ["agree"] * 5 + ["unsure"] * 6 + ["disagree"] * 7)

        assert [share.least for share in shares(scale(), counted)] == [5, 6, 7]
        assert all(share.is_exact for share in shares(scale(), counted))

    @pytest.mark.parametrize("few", ALL_SCALE)
    def test_or_not_at_all(self, few):
        responses = [view for view in ALL_SCALE for _ in range(4 if view == few else 20)]

        assert shares(scale(), tally(scale(), responses)) is None
        before, after = asked([scale(**TWICE)])
        counted = tally(after, responses)
        assert shifts([before, after], {before["id"]: counted, after["id"]: counted}) == []

    def test_a_scale_has_no_right_share(self):
        assert right_share(scale(), tally(scale(), ["disagree"] * 40)) is None


@given(st.integers(0, 60), st.integers(0, 60))
def test_what_is_said_of_a_count_and_of_the_rest_is_the_same(count, rest):
    one, other = interval(count, count + rest), interval(rest, count + rest)

    if count + rest < LEAST:
        assert one is other is None
    else:
        assert (one.least, one.most) == (one.of - other.most, one.of - other.least)
        assert one.least <= count <= one.most


class TestHardest:
    def test_the_items_with_the_fewest_right_answers_come_first(self):
        items = [single("a") | {"id": id} for id in ("easy", "hard", "few", "middle")]
        right = {"easy": 35, "hard": 5, "middle": 20}
        counts = {id: tally(items[0], ["a"] * n + ["b"] * (40 - n)) for id, n in right.items()}

        found = hardest(items, counts | {"few": tally(items[0], ["b"] * 4)})

        assert [item["id"] for item, _share in found] == ["hard", "middle", "easy"]
        assert found[0][1] == Share((), 5, 5, 40)

    def test_views_and_first_times_are_not_among_them(self):
        items = asked([scale(**TWICE), true_false(**TWICE)])
        counts = {
            item["id"]: tally(item, ["disagree" if item["id"].startswith("4") else "false"] * 40) for item in items
        }

        assert [item["id"] for item, _share in hardest(items, counts)] == ["3"]


class TestShifts:
    def test_it_tells_by_outcome_who_held_the_myths_before_and_after(self):
        items = asked([true_false(**TWICE), scale(**TWICE), true_false(id="8", **(TWICE | {"outcome": "other"}))])
        counts = {
            "3-before": tally(true_false(), ["true"] * 15 + ["false"] * 15),
            "3": tally(true_false(), ["true"] * 5 + ["unsure"] * 5 + ["false"] * 20),
            "4-before": tally(scale(), ["agree"] * 10 + ["unsure"] * 10 + ["disagree"] * 10),
            "4": tally(scale(), ["agree"] * 5 + ["unsure"] * 5 + ["disagree"] * 20),
            "8-before": tally(true_false(), ["true"] * 30),
            "8": tally(true_false(), ["false"] * 30),
        }

        by_outcome = {shift.outcome: (shift.before, shift.after) for shift in shifts(items, counts)}

        assert by_outcome == {
            "explain": (Share((), 35, 35, 60), Share((), 20, 20, 60)),
            "other": (Share((), 26, 30, 30), Share((), 0, 4, 30)),
        }

    def test_an_item_that_was_hardly_answered_again_is_left_out(self):
        items = asked([true_false(**TWICE)])
        many, few = tally(items[0], ["true"] * 30), tally(items[1], ["true"] * 4)

        assert shifts(items, {"3-before": many, "3": few}) == []
        assert shifts(items, {"3-before": many}) == []

    def test_an_item_without_a_myth_moves_none(self):
        items = asked([true_false(**(TWICE | {"myth": ""}))])
        counted = tally(items[0], ["true"] * 30)

        assert shifts(items, {"3-before": counted, "3": counted}) == []
