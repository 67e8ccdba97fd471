"""The declarations hold together, and their texts are whole."""

import ast
import subprocess
import sys

import pytest

from grader.contract import Exercise
from grader.exercises import EXERCISES, texts
from grader.patterns import parse


@pytest.mark.parametrize("slug", EXERCISES)
def test_a_declaration_survives_its_journey_as_json(slug):
    exercise = EXERCISES[slug]
    assert Exercise.model_validate_json(exercise.model_dump_json()) == exercise
    assert exercise.slug == slug


def bounds_of(exercise):
    bounds = (
        exercise.speed,
        exercise.memory,
        exercise.traffic,
        exercise.steady,
    )
    return [bound for bound in bounds if bound]


def cases_of(exercise):
    probes = [exercise.probe] if exercise.probe else []
    return [*exercise.cases, *probes, *(bound.case for bound in bounds_of(exercise))]


def test_growth_is_refused_where_nothing_is_timed_that_it_could_be_told_from():
    declared = EXERCISES["sliding-window"].model_dump() | {"speed": None}
    with pytest.raises(ValueError, match="growth is told from the calls"):
        Exercise.model_validate(declared)


@pytest.mark.parametrize("slug", EXERCISES)
def test_every_case_binds_the_pattern_and_gives_every_parameter(slug):
    exercise = EXERCISES[slug]
    for case in cases_of(exercise):
        assert set(exercise.parameters) <= set(case.parameters)
        bound = {name: draw.low for name, draw in case.parameters.items()}
        assert parse(exercise.pattern, bound).count(12) > 0


@pytest.mark.parametrize("slug", EXERCISES)
def test_the_first_case_can_be_drawn_and_is_not_degenerate(slug):
    exercise = EXERCISES[slug]
    first = exercise.cases[0]
    assert first.n.high <= 96
    for name in exercise.parameters:
        assert first.parameters[name].low >= 1
        assert first.parameters[name].high < first.n.low, name


@pytest.mark.parametrize("slug", EXERCISES)
def test_the_statement_tells_thresholds_and_pairs(slug):
    exercise, told = EXERCISES[slug], texts(slug).statement
    if exercise.probe:
        assert f"{probed_pairs(exercise):,}" in told
    if exercise.speed:
        assert f"{exercise.speed.threshold:g} times" in told
    if exercise.growth:
        assert f"{exercise.growth.limit:g}" in told
    if exercise.memory:
        assert f"{exercise.memory.limit_mib} MiB" in told


def probed_pairs(exercise):
    bound = {name: draw.low for name, draw in exercise.probe.parameters.items()}
    if exercise.top_k:
        return bound[exercise.top_k] * (exercise.probe.queries or exercise.probe.n).low
    return parse(exercise.pattern, bound).count(exercise.probe.n.low)


@pytest.mark.parametrize("slug", EXERCISES)
def test_there_are_three_hints(slug):
    hints = texts(slug).hints
    assert len(hints) == 3
    assert all(hints)


FOURTH = {"attention": [], "ring": ["ring"], "decode": ["state"]}


@pytest.mark.parametrize("slug", EXERCISES)
def test_the_starter_has_the_signature_and_does_not_answer(slug):
    exercise, told = EXERCISES[slug], texts(slug)
    (function,) = [
        node for node in ast.parse(told.starter).body if isinstance(node, ast.FunctionDef)
    ]
    names = [argument.arg for argument in function.args.args]
    positional = ["q", "k", "v", *FOURTH[exercise.form]]
    assert function.name == exercise.function
    assert names[: len(positional)] == positional
    assert sorted(names[len(positional) :]) == sorted([*exercise.parameters, *exercise.tensors])
    assert f"def {exercise.function}({', '.join(names)})" in told.statement
    assert "NotImplementedError" in told.starter


def test_an_unknown_exercise_has_no_texts():
    with pytest.raises(KeyError):
        texts("../secrets")


def test_declarations_and_texts_need_no_torch():
    code = (
        "import sys, grader.exercises as e; [e.texts(s) for s in e.EXERCISES];"
        "assert not {'torch', 'numpy', 'django'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
