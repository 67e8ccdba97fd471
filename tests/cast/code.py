"""A code question made from a typed pattern, with a model and two wrong solutions."""

from functools import cache
from typing import Any

from grader.exercises.typed import Declaration, Parameter, declare
from question_bank import authoring
from question_bank.models import Draft

NAMES = ("model", "not_causal", "no_scale")
"""The solutions, of which the first has to pass."""

DECLARED = Declaration(
    slug="near-the-diagonal",
    title="Near the diagonal",
    pattern="causal & window(w)",
    parameters={"w": Parameter(low=1, high=400)},
    probe_values={"w": 64},
    work=False,
)


@cache
def _made() -> dict[str, Any]:
    made = declare(DECLARED)
    wrong = {one.name: one for one in made.wrong}
    solutions = [{"name": "model", "told": "", "expected": ["passed"], "source": made.model}] + [
        {"name": name, "told": wrong[name].told, "expected": [wrong[name].verdict.value],
         "source": wrong[name].source}
        for name in NAMES[1:]
    ]  # fmt: skip
    return {
        "kind": "code",
        "title": "Near the diagonal",
        "concepts": ["window"],
        "bloom": "apply",
        "difficulty": 3,
        "source": "",
        "explanation": "",
        "tests": [],
        "exercise": made.exercise.model_dump(mode="json"),
        "statement": made.statement,
        "starter": made.starter,
        "hints": list(made.hints),
        "solutions": solutions,
    }


def code_content(**changed: Any) -> dict[str, Any]:
    """Return the content of such a question."""
    return _made() | changed


def code_handed_in(by: int, **changed: Any) -> Draft:
    """Return a draft of such a question, new, that has been handed in."""
    draft = authoring.new_question("near-the-diagonal", code_content(**changed), by)
    authoring.propose(draft, by, revision=draft.revision)
    draft.refresh_from_db()
    return draft
