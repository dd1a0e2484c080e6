"""What a right answer is, for every type of item: pure, without a database."""

import pytest

from quizzes.items import asked
from quizzes.marking import (
    MARKERS,
    Mark,
    Result,
    UnfinishedResponse,
    UnknownChoice,
    Verdict,
    check_known,
    holds_myth,
    mark,
    myths_moved,
    result,
)

RIGHT, NOT_QUITE, NOTED, SKIPPED = Verdict.RIGHT, Verdict.NOT_QUITE, Verdict.NOTED, Verdict.SKIPPED


def choices(*right):
    """Three choices, a, b and c, each with a feedback of its own."""
    return [{"id": id, "text": id.upper(), "right": id in right, "feedback": f"about {id}"} for id in "abc"]


def single_choice():
    return {"id": "1", "type": "single-choice", "choices": choices("b")}


def multiple_choice():
    return {"id": "2", "type": "multiple-choice", "choices": choices("a", "c")}


def scenario():
    return {"id": "3", "type": "scenario", "choices": choices("a", "b")}


def true_false(right="false"):
    feedback = {"true": "about true", "false": "about false", "unsure": "about unsure"}
    return {"id": "4", "type": "true-false", "right": right, "feedback": feedback}


def order():
    entries = [{"id": id, "text": id} for id in ("stop", "look", "ask")]
    return {"id": "5", "type": "order", "entries": entries, "feedback": {"right": "well", "other": "again"}}


def match():
    pairs = [{"id": id, "left": id, "right": id, "feedback": f"about {id}"} for id in ("x", "y", "z")]
    return {"id": "6", "type": "match", "pairs": pairs}


def picture_choice():
    pictured = [choice | {"picture": f"drawing-{choice['id']}"} for choice in choices("c")]
    return {"id": "7", "type": "picture-choice", "choices": pictured}


def agree_scale(**more):
    return {"id": "8", "type": "agree-scale", "feedback": {"all": "to everybody"}} | more


def branching():
    """A story of two or three steps: from the door into the hall or out, from the hall out."""

    def choice(id, leads_to="", *, right=False):
        return {"id": id, "text": id, "right": right, "feedback": f"about {id}", "leads_to": leads_to}

    steps = [
        {"id": "i", "name": "door", "choices": [choice("in", "hall"), choice("out", "street", right=True)]},
        {"id": "ii", "name": "hall", "choices": [choice("tell", right=True), choice("stay"), choice("go", "street")]},
        {"id": "iii", "name": "street", "choices": [choice("ask", right=True), choice("wait")]},
    ]
    return {"id": "9", "type": "branching", "steps": steps}


def retired(item, *ids):
    """The item with some of its choices no longer offered."""
    return item | {"choices": [choice | {"retired": choice["id"] in ids} for choice in item["choices"]]}


EVERY_ITEM = [
    single_choice(),
    multiple_choice(),
    scenario(),
    true_false(),
    order(),
    match(),
    picture_choice(),
    agree_scale(),
    branching(),
]


def test_every_type_of_item_can_be_marked():
    assert {item["type"] for item in EVERY_ITEM} == set(MARKERS)


@pytest.mark.parametrize("item", EVERY_ITEM, ids=lambda item: item["type"])
@pytest.mark.parametrize("nothing", ["", [], {}], ids=["text", "list", "dict"])
def test_an_empty_response_is_a_skip_without_feedback(item, nothing):
    assert mark(item, nothing) == Mark(SKIPPED, ())


def test_a_single_choice_is_right_when_the_right_one_is_chosen():
    assert mark(single_choice(), "b") == Mark(RIGHT, (("b", "about b"),))


@pytest.mark.parametrize("chosen", ["a", "c"])
def test_another_single_choice_is_not_quite_and_has_its_own_feedback(chosen):
    assert mark(single_choice(), chosen) == Mark(NOT_QUITE, ((chosen, f"about {chosen}"),))


@pytest.mark.parametrize("chosen", ["a", "b"])
def test_each_helpful_choice_of_a_scenario_is_right_alone(chosen):
    assert mark(scenario(), chosen) == Mark(RIGHT, ((chosen, f"about {chosen}"),))


def test_another_choice_of_a_scenario_is_not_quite():
    assert mark(scenario(), "c") == Mark(NOT_QUITE, (("c", "about c"),))


@pytest.mark.parametrize("chosen", [["a", "c"], ["c", "a"], ["a", "c", "a"]])
def test_a_multiple_choice_is_right_when_all_the_right_ones_are_chosen(chosen):
    assert mark(multiple_choice(), chosen) == Mark(RIGHT, (("a", "about a"), ("c", "about c")))


@pytest.mark.parametrize(
    ("chosen", "feedback"),
    [
        (["a"], "ac"),  # one is missed
        (["b"], "bac"),  # both are missed
        (["a", "b"], "abc"),
        (["c", "b", "a"], "abc"),  # one too many
    ],
)
def test_another_multiple_choice_is_not_quite_and_tells_of_the_chosen_then_of_the_missed(chosen, feedback):
    assert mark(multiple_choice(), chosen) == Mark(NOT_QUITE, tuple((id, f"about {id}") for id in feedback))


@pytest.mark.parametrize("right", ["true", "false"])
@pytest.mark.parametrize("chosen", ["true", "false", "unsure"])
def test_true_and_false_are_right_as_the_key_says_and_unsure_never_is(right, chosen):
    verdict = RIGHT if chosen == right else NOT_QUITE
    assert mark(true_false(right), chosen) == Mark(verdict, ((chosen, f"about {chosen}"),))


def test_an_order_is_right_when_every_entry_has_its_place():
    assert mark(order(), {"ask": "3", "stop": "1", "look": "2"}) == Mark(RIGHT, (("", "well"),))


@pytest.mark.parametrize("places", ["213", "132", "321", "231", "312"])
def test_another_order_is_not_quite(places):
    response = dict(zip(("stop", "look", "ask"), places, strict=True))
    assert mark(order(), response) == Mark(NOT_QUITE, (("", "again"),))


def test_a_match_is_right_when_every_pair_is():
    assert mark(match(), {"z": "z", "x": "x", "y": "y"}).verdict is RIGHT


@pytest.mark.parametrize(
    "response", [{"x": "y", "y": "x", "z": "z"}, {"x": "y", "y": "z", "z": "x"}, {"x": "x", "y": "x", "z": "z"}]
)
def test_another_match_is_not_quite(response):
    assert mark(match(), response).verdict is NOT_QUITE


@pytest.mark.parametrize("response", [{"x": "x", "y": "y", "z": "z"}, {"z": "y", "y": "z", "x": "x"}])
def test_a_match_has_feedback_on_every_pair_in_the_items_order(response):
    assert mark(match(), response).feedback == (("x", "about x"), ("y", "about y"), ("z", "about z"))


@pytest.mark.parametrize(
    ("item", "response"),
    [
        (single_choice(), "d"),
        (single_choice(), "a b"),
        (single_choice(), "B"),
        (scenario(), "d"),
        (multiple_choice(), ["a", "d"]),
        (multiple_choice(), ["a", ""]),
        (true_false(), "maybe"),
        (true_false(), "True"),
        (order(), {"stop": "1", "look": "2", "run": "3"}),
        (order(), {"stop": "1", "look": "2", "ask": "4"}),
        (order(), {"stop": "0", "look": "1", "ask": "2"}),
        (order(), {"stop": "first", "look": "2", "ask": "3"}),
        (match(), {"x": "x", "y": "y", "w": "z"}),
        (match(), {"x": "x", "y": "y", "z": "w"}),
        (picture_choice(), "d"),
        (picture_choice(), "drawing-c"),
        (agree_scale(), "right"),
        (agree_scale(), "Agree"),
        (branching(), {"i": "out", "iii": "tell"}),
        (branching(), {"i": "leave"}),
        (branching(), {"iv": "out"}),
        (branching(), {"door": "out"}),
        (retired(single_choice(), "a"), "a"),
        (retired(scenario(), "b"), "b"),
        (retired(picture_choice(), "a"), "a"),
        (retired(multiple_choice(), "c"), ["a", "c"]),
    ],
)
def test_a_response_that_names_what_the_item_does_not_have_is_not_marked(item, response):
    with pytest.raises(UnknownChoice):
        mark(item, response)


@pytest.mark.parametrize(
    ("item", "response"),
    [
        (order(), {"stop": "1", "look": "2"}),
        (order(), {"stop": "1", "look": "1", "ask": "2"}),
        (order(), {"ask": "3"}),
        (match(), {"x": "x", "y": "y"}),
        (match(), {"z": "x"}),
        (branching(), {"i": "in"}),
        (branching(), {"i": "in", "ii": "go"}),
        (branching(), {"iii": "ask"}),
        (branching(), {"ii": "tell", "iii": "ask"}),
    ],
)
def test_a_response_that_leaves_out_a_part_or_uses_a_place_twice_is_unfinished(item, response):
    with pytest.raises(UnfinishedResponse):
        mark(item, response)


def test_what_is_unknown_is_said_before_what_is_unfinished():
    with pytest.raises(UnknownChoice):
        mark(match(), {"x": "w"})


def test_marking_leaves_the_item_and_the_response_as_they_were():
    for item, response in [
        (multiple_choice(), ["c", "b"]),
        (order(), {"stop": "2", "look": "1", "ask": "3"}),
        (match(), {"x": "y", "y": "x", "z": "z"}),
        (branching(), {"i": "in", "ii": "tell", "iii": "ask"}),
    ]:
        before = (repr(item), repr(response))
        mark(item, response)
        assert (repr(item), repr(response)) == before


def test_an_item_of_a_type_that_is_not_known_is_not_marked():
    with pytest.raises(KeyError):
        mark({"id": "7", "type": "essay"}, "a long text")


WRONG_SHAPES = {
    "single-choice": [["b"], {"b": "b"}],
    "scenario": [["a"], {"a": "a"}],
    "picture-choice": [["c"], {"c": "c"}],
    "multiple-choice": ["a", {"a": "a"}],
    "true-false": [["false"], {"false": "false"}],
    "agree-scale": [["agree"], {"agree": "agree"}],
    "order": ["stop", ["stop", "look", "ask"]],
    "match": ["x", ["x", "y", "z"]],
    "branching": ["out", ["out", "ask"]],
}


@pytest.mark.parametrize("item", EVERY_ITEM, ids=lambda item: item["type"])
@pytest.mark.parametrize("which", [0, 1])
def test_a_response_of_another_items_shape_is_not_marked(item, which):
    with pytest.raises(UnknownChoice):
        mark(item, WRONG_SHAPES[item["type"]][which])


class TestPictures:
    def test_the_right_one_is_right(self):
        assert mark(picture_choice(), "c") == Mark(RIGHT, (("c", "about c"),))

    @pytest.mark.parametrize("chosen", ["a", "b"])
    def test_another_one_is_not_quite(self, chosen):
        assert mark(picture_choice(), chosen) == Mark(NOT_QUITE, ((chosen, f"about {chosen}"),))


class TestScales:
    @pytest.mark.parametrize("chosen", ["agree", "unsure", "disagree"])
    def test_every_view_is_noted_and_everybody_is_told_the_same(self, chosen):
        assert mark(agree_scale(), chosen) == Mark(NOTED, (("", "to everybody"),))

    def test_no_view_counts_in_a_result(self):
        assert result([agree_scale()], {"8": "disagree"}) == Result(0, 0)


class TestStories:
    @pytest.mark.parametrize(
        ("response", "told"),
        [({"i": "out", "iii": "ask"}, ("out", "ask"))],
    )
    def test_a_way_is_right_when_every_step_of_it_was(self, response, told):
        assert mark(branching(), response) == Mark(RIGHT, tuple((id, f"about {id}") for id in told))

    @pytest.mark.parametrize(
        ("response", "told"),
        [
            ({"i": "in", "ii": "tell"}, ("in", "tell")),
            ({"i": "in", "ii": "stay"}, ("in", "stay")),
            ({"i": "in", "ii": "go", "iii": "ask"}, ("in", "go", "ask")),
            ({"i": "out", "iii": "wait"}, ("out", "wait")),
        ],
    )
    def test_another_way_is_not_quite_and_tells_of_every_step(self, response, told):
        assert mark(branching(), response) == Mark(NOT_QUITE, tuple((id, f"about {id}") for id in told))

    def test_a_choice_beside_the_way_neither_helps_nor_harms(self):
        assert mark(branching(), {"i": "out", "ii": "stay", "iii": "ask"}).verdict is RIGHT
        assert mark(branching(), {"i": "in", "ii": "stay", "iii": "ask"}).verdict is NOT_QUITE

    def test_a_retired_choice_cannot_be_walked(self):
        item = branching()
        item["steps"][0]["choices"][0]["retired"] = True

        with pytest.raises(UnknownChoice):
            mark(item, {"i": "in", "ii": "tell"})


class TestRetiredChoices:
    def test_a_multiple_choice_is_right_without_the_retired_right_one(self):
        assert mark(retired(multiple_choice(), "c"), ["a"]) == Mark(RIGHT, (("a", "about a"),))

    def test_the_choices_that_stay_are_marked_as_before(self):
        assert mark(retired(single_choice(), "a"), "b") == Mark(RIGHT, (("b", "about b"),))
        assert mark(retired(single_choice(), "a"), "c").verdict is NOT_QUITE


class TestAskedTwice:
    def items(self):
        return asked([true_false() | {"asked": "before-and-after", "myth": "m"}, single_choice()])

    @pytest.mark.parametrize("chosen", ["true", "false", "unsure"])
    def test_the_first_time_is_noted_without_a_word(self, chosen):
        assert mark(self.items()[0], chosen) == Mark(NOTED, ())

    def test_the_second_time_is_marked(self):
        assert mark(self.items()[1], "false") == Mark(RIGHT, (("false", "about false"),))

    def test_the_first_time_is_not_counted(self):
        assert result(self.items(), {"4-before": "false", "4": "true", "1": "b"}) == Result(1, 2)

    def test_a_forged_first_answer_is_refused_like_any_other(self):
        with pytest.raises(UnknownChoice):
            mark(self.items()[0], "maybe")

    def test_a_skip_of_the_first_time_is_a_skip(self):
        assert mark(self.items()[0], "") == Mark(SKIPPED, ())


@pytest.mark.parametrize(
    ("item", "response", "held"),
    [
        (agree_scale(), "agree", True),
        (agree_scale(), "unsure", True),
        (agree_scale(), "disagree", False),
        (true_false("false"), "true", True),
        (true_false("false"), "unsure", True),
        (true_false("false"), "false", False),
        (true_false("true"), "true", False),
        (single_choice(), "a", True),
        (single_choice(), "b", False),
        (branching(), {"i": "out", "iii": "ask"}, False),
        (branching(), {"i": "in", "ii": "tell"}, True),
    ],
)
def test_a_myth_is_held_by_whoever_does_not_see_through_it(item, response, held):
    assert holds_myth(item, response) is held


class TestMythsMoved:
    ITEMS = asked(
        [
            true_false() | {"asked": "before-and-after", "myth": "m"},
            agree_scale(asked="before-and-after", myth="n"),
            single_choice(),
        ]
    )

    @pytest.mark.parametrize(
        ("responses", "moved"),
        [
            ({}, (0, 0)),
            ({"4-before": "true", "4": "false"}, (1, 1)),
            ({"4-before": "true", "4": "true"}, (0, 1)),
            ({"4-before": "false", "4": "false"}, (0, 0)),  # there was nothing to move
            ({"4-before": "false", "4": "true"}, (0, 0)),
            ({"4-before": "true"}, (0, 0)),  # asked once only
            ({"4-before": "true", "4": ""}, (0, 0)),
            ({"4-before": "", "4": "false"}, (0, 0)),
            ({"8-before": "unsure", "8": "disagree", "1": "b"}, (1, 1)),
            ({"4-before": "unsure", "4": "false", "8-before": "agree", "8": "unsure"}, (1, 2)),
            ({"4-before": "true", "4": "false", "8-before": "agree", "8": "disagree"}, (2, 2)),
        ],
    )
    def test_it_counts_what_was_answered_twice_and_held_at_first(self, responses, moved):
        assert myths_moved(self.ITEMS, responses) == moved


class TestResult:
    ITEMS = [single_choice(), multiple_choice(), true_false(), agree_scale()]

    @pytest.mark.parametrize(
        ("responses", "right"),
        [
            ({}, 0),
            ({"1": "b"}, 1),
            ({"1": "a", "2": ["a", "c"], "4": "false", "8": "agree"}, 2),
            ({"1": "b", "2": ["c", "a"], "4": "false"}, 3),
            ({"1": "", "2": [], "4": "unsure"}, 0),
        ],
    )
    def test_it_counts_the_right_ones_of_those_that_have_a_key(self, responses, right):
        assert result(self.ITEMS, responses) == Result(right, 3)

    def test_it_needs_no_score_from_anybody(self):
        assert result(self.ITEMS, {"score": "100", "right": "3"}) == Result(0, 3)

    @pytest.mark.parametrize(
        ("right", "marked", "pass_mark", "passes", "missing"),
        [
            (7, 10, 70, True, 0),
            (6, 10, 70, False, 1),
            (0, 10, 70, False, 7),
            (2, 3, 70, False, 1),  # 2.1 is rounded up: 67 percent are not 70
            (2, 3, 66, True, 0),
            (3, 3, 100, True, 0),
            (2, 3, 100, False, 1),
            (0, 3, 1, False, 1),
            (1, 3, 1, True, 0),
            (0, 0, 80, True, 0),  # a quiz of views only
        ],
    )
    def test_a_pass_is_a_share_of_right_answers_and_says_what_is_missing(
        self, right, marked, pass_mark, passes, missing
    ):
        assert Result(right, marked).passes(pass_mark) is passes
        assert Result(right, marked).missing(pass_mark) == missing

    def test_without_a_pass_mark_nobody_passes_or_fails(self):
        assert Result(0, 3).passes(None) is None


class TestCheckKnown:
    @pytest.mark.parametrize(
        ("item", "response"),
        [
            (order(), {"stop": "1"}),
            (match(), {"x": "y"}),
            (branching(), {"i": "in"}),
            (single_choice(), ""),
            (multiple_choice(), []),
            (agree_scale(), "unsure"),
        ],
    )
    def test_a_half_finished_answer_may_be_kept(self, item, response):
        check_known(item, response)

    @pytest.mark.parametrize(
        ("item", "response"),
        [
            (order(), {"stop": "9"}),
            (match(), {"x": "w"}),
            (branching(), {"i": "tell"}),
            (agree_scale(), "true"),
        ],
    )
    def test_an_answer_that_is_not_offered_may_not(self, item, response):
        with pytest.raises(UnknownChoice):
            check_known(item, response)
