"""What a right answer is, for every type of item: pure, without a database."""

import pytest

from quizzes.marking import MARKERS, Mark, UnfinishedResponse, UnknownChoice, Verdict, mark

RIGHT, NOT_QUITE, SKIPPED = Verdict.RIGHT, Verdict.NOT_QUITE, Verdict.SKIPPED


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


EVERY_ITEM = [single_choice(), multiple_choice(), scenario(), true_false(), order(), match()]


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
    ]:
        before = (repr(item), repr(response))
        mark(item, response)
        assert (repr(item), repr(response)) == before


def test_an_item_of_a_type_that_is_not_known_is_not_marked():
    with pytest.raises(KeyError):
        mark({"id": "7", "type": "essay"}, "a long text")
