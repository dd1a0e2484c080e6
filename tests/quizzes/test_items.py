"""What an item is: the order in which items are asked, the ways through a story, and stories that lead nowhere."""

import pytest

from curriculum.branches import fault_in_steps
from quizzes.items import asked, has_key, offered, pairs_asked_twice, path

TWICE = {"asked": "before-and-after"}


def item(id, **more):
    return {"id": id, "type": "true-false", "prompt": f"Is it {id}?", "asked": "once"} | more


def story(**steps):
    """A branching item: `story(a={"x": "b", "y": ""}, b=...)`; a step's id is its name in capitals."""
    return {
        "id": "story",
        "type": "branching",
        "steps": [
            {
                "id": name.upper(),
                "name": name,
                "choices": [{"id": choice, "leads_to": leads_to} for choice, leads_to in choices.items()],
            }
            for name, choices in steps.items()
        ],
    }


def branches(**steps):
    """Steps as `fault_in_steps` takes them: `branches(a=["b", ""], b=[""])`."""
    return [{"name": name, "leads_to": leads_to} for name, leads_to in steps.items()]


class TestAsked:
    def test_items_asked_once_keep_their_order(self):
        items = [item("a"), item("b")]

        assert asked(items) == items

    def test_items_asked_twice_come_first_and_again_in_their_place(self):
        found = asked([item("a"), item("b", **TWICE), item("c"), item("d", **TWICE)])

        assert [each["id"] for each in found] == ["b-before", "d-before", "a", "b", "c", "d"]

    def test_the_first_time_is_the_same_item_but_for_its_moment(self):
        before, again = asked([item("a", **TWICE)])

        assert before == again | {"id": "a-before", "moment": "before"}
        assert "moment" not in again

    def test_the_two_times_are_found_again(self):
        items = asked([item("a"), item("b", **TWICE)])

        assert [(before["id"], after["id"]) for before, after in pairs_asked_twice(items)] == [("b-before", "b")]

    def test_it_leaves_the_items_as_they_were(self):
        items = [item("a", **TWICE)]
        asked(items)

        assert items == [item("a", **TWICE)]

    def test_without_items_nothing_is_asked(self):
        assert asked([]) == pairs_asked_twice([]) == []


def test_retired_choices_are_not_offered():
    assert offered([{"id": "a"}, {"id": "b", "retired": True}, {"id": "c", "retired": False}]) == [
        {"id": "a"},
        {"id": "c", "retired": False},
    ]


def test_a_scale_and_the_first_of_two_times_have_no_key():
    assert has_key(item("a"))
    assert not has_key(item("a", type="agree-scale"))
    assert [has_key(each) for each in asked([item("a", **TWICE)])] == [False, True]


class TestPath:
    STORY = story(a={"x": "b", "y": "c"}, b={"x": "c", "y": ""}, c={"x": "", "y": ""})

    @pytest.mark.parametrize(
        ("response", "walked"),
        [
            ({}, [("a", "")]),
            ({"A": "x"}, [("a", "x"), ("b", "")]),
            ({"A": "y", "C": "x"}, [("a", "y"), ("c", "x")]),
            ({"A": "x", "B": "y"}, [("a", "x"), ("b", "y")]),
            ({"A": "x", "B": "x", "C": "y"}, [("a", "x"), ("b", "x"), ("c", "y")]),
            ({"A": "y", "B": "x", "C": "x"}, [("a", "y"), ("c", "x")]),  # b is beside the way
            ({"B": "y"}, [("a", "")]),
            ({"A": "gone"}, [("a", "gone")]),
        ],
    )
    def test_it_follows_the_choices_from_the_first_step(self, response, walked):
        assert [(step["name"], chosen) for step, chosen in path(self.STORY, response)] == walked

    def test_a_retired_choice_leads_nowhere(self):
        item = story(a={"x": "b", "y": ""}, b={"x": "", "y": ""})
        item["steps"][0]["choices"][0]["retired"] = True

        assert [step["name"] for step, _chosen in path(item, {"A": "x", "B": "x"})] == ["a"]

    def test_a_story_that_goes_round_in_a_circle_is_no_endless_loop(self):
        with pytest.raises(ValueError, match="circle"):
            path(story(a={"x": "b"}, b={"x": "a"}), {"A": "x", "B": "x"})


class TestFaultInSteps:
    @pytest.mark.parametrize(
        "steps",
        [
            branches(a=["", ""]),
            branches(a=["b", ""], b=[""]),
            branches(a=["b", "c"], b=["c", ""], c=["", ""]),
            branches(a=["c", "b"], c=["b"], b=[""]),  # told in another order than it is walked
            [],
        ],
    )
    def test_a_story_that_ends_wherever_it_goes_has_none(self, steps):
        assert fault_in_steps(steps) == ""

    @pytest.mark.parametrize(
        ("steps", "named"),
        [
            (branches(a=["a", ""]), "a"),
            (branches(a=["b"], b=["a", ""]), "a"),
            (branches(a=["b", ""], b=["c"], c=["b", ""]), "b"),
            (branches(a=["b", "c"], b=["d"], c=["d"], d=["c", ""]), "c|d"),
        ],
    )
    def test_a_loop_is_named(self, steps, named):
        fault = fault_in_steps(steps)

        assert "leads back to itself" in fault
        assert any(f'"{name}"' in fault for name in named.split("|"))

    def test_a_dead_end_is_named_with_the_step_that_leads_there(self):
        fault = fault_in_steps(branches(a=["b"], b=["attic", ""]))

        assert '"b"' in fault
        assert '"attic"' in fault

    def test_a_step_that_nothing_leads_to_is_named(self):
        assert '"c"' in fault_in_steps(branches(a=["b", ""], b=[""], c=["b", ""]))

    def test_a_loop_that_nothing_leads_to_is_a_fault_too(self):
        assert fault_in_steps(branches(a=["", ""], b=["c"], c=["b"]))

    def test_two_steps_of_one_name_are_named(self):
        steps = [*branches(a=["b"], b=[""]), {"name": "b", "leads_to": [""]}]

        assert fault_in_steps(steps) == 'Two steps are called "b".'

    def test_a_long_story_is_checked_in_no_time(self):
        """Every step leads on twice: ways double with each step, steps do not."""
        names = [f"s{number}" for number in range(40)]
        steps = [
            {"name": name, "leads_to": [following, following]}
            for name, following in zip(names, [*names[1:], ""], strict=True)
        ]

        assert fault_in_steps(steps) == ""
