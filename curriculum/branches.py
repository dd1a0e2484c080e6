"""Whether the steps of a branching scenario hold together. Pure: files, blocks and items ask the same question."""

from typing import Any


def step_at_fault(steps: list[dict[str, Any]]) -> tuple[str, str]:
    """The name of a step that goes wrong and a sentence that says how; two empty texts where all is well.

    A step is `{"name": ..., "leads_to": [name of a step, or "" where the story ends]}`; the first begins the story.
    """
    names = [step["name"] for step in steps]
    for step in steps:
        if names.count(step["name"]) > 1:
            return step["name"], f'Two steps are called "{step["name"]}".'
        for target in step["leads_to"]:
            if target and target not in names:
                return step["name"], f'The step "{step["name"]}" leads to "{target}", which is not there.'
    targets = {step["name"]: [target for target in step["leads_to"] if target] for step in steps}
    reached: set[str] = set()

    def looping(name: str, above: tuple[str, ...]) -> str:
        """The first step that is met again on the way down from `name`, or ""."""
        if name in above:
            return name
        if name in reached:
            return ""
        reached.add(name)
        return next(filter(None, (looping(target, (*above, name)) for target in targets[name])), "")

    if steps and (name := looping(names[0], ())):
        return name, f'The step "{name}" leads back to itself.'
    lost = next((name for name in names if name not in reached), "")
    return (lost, f'No choice leads to the step "{lost}".') if lost else ("", "")


def fault_in_steps(steps: list[dict[str, Any]]) -> str:
    """What is wrong with the steps, in one sentence that names a step, or ""."""
    return step_at_fault(steps)[1]
