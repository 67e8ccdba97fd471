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


@pytest.mark.parametrize("slug", EXERCISES)
def test_every_case_gives_every_parameter(slug):
    exercise = EXERCISES[slug]
    cases = [*exercise.cases, exercise.probe]
    cases += [part.case for part in (exercise.speed, exercise.growth, exercise.memory) if part]
    for case in cases:
        assert set(case.parameters) == set(exercise.parameters)


@pytest.mark.parametrize("slug", EXERCISES)
def test_the_first_case_can_be_drawn_and_is_not_degenerate(slug):
    first = EXERCISES[slug].cases[0]
    assert first.n.high <= 96
    for name, draw in first.parameters.items():
        assert draw.low >= 1
        assert draw.high < first.n.low, name


@pytest.mark.parametrize("slug", EXERCISES)
def test_degenerate_parameters_are_never_timed(slug):
    speed = EXERCISES[slug].speed
    if speed is None:
        assert slug == "dense-causal"
        return
    assert speed.case.n.low >= 8192
    assert speed.case.batch.high * speed.case.heads.high <= 2
    pattern = parse(
        EXERCISES[slug].pattern, {name: draw.high for name, draw in speed.case.parameters.items()}
    )
    assert pattern.count(8192) < parse("causal", {}).count(8192) / 8


@pytest.mark.parametrize("slug", EXERCISES)
def test_the_statement_tells_signature_thresholds_and_pairs(slug):
    exercise, told = EXERCISES[slug], texts(slug)
    signature = f"def {exercise.function}({', '.join(['q', 'k', 'v', *exercise.parameters])})"
    assert signature in told.statement
    bound = {name: draw.low for name, draw in exercise.probe.parameters.items()}
    assert f"{parse(exercise.pattern, bound).count(1024):,}" in told.statement
    if exercise.speed and exercise.growth and exercise.memory:
        assert f"{exercise.speed.threshold:g} times" in told.statement
        assert f"{exercise.growth.limit:g}" in told.statement
        assert f"{exercise.memory.limit_mib} MiB" in told.statement


@pytest.mark.parametrize("slug", EXERCISES)
def test_there_are_three_hints(slug):
    hints = texts(slug).hints
    assert len(hints) == 3
    assert all(hints)


@pytest.mark.parametrize("slug", EXERCISES)
def test_the_starter_has_the_signature_and_does_not_answer(slug):
    exercise = EXERCISES[slug]
    tree = ast.parse(texts(slug).starter)
    (function,) = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert function.name == exercise.function
    names = tuple(argument.arg for argument in function.args.args)
    assert names == ("q", "k", "v", *exercise.parameters)
    assert "NotImplementedError" in texts(slug).starter


def test_an_unknown_exercise_has_no_texts():
    with pytest.raises(KeyError):
        texts("../secrets")


def test_declarations_and_texts_need_no_torch():
    code = (
        "import sys, grader.exercises as e; [e.texts(s) for s in e.EXERCISES];"
        "assert not {'torch', 'numpy', 'django'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
