"""A typed pattern becomes a whole exercise, or is refused in words for its author."""

import ast
import subprocess
import sys

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grader.contract import Draw, Exercise, Failure
from grader.exercises.typed import Parameter, Refused, declare
from grader.exercises.typed.cases import clipped, drawn
from grader.exercises.typed.sources import Signature, model, tables_of
from grader.exercises.typed.splitting import parts_of
from grader.exercises.typed.translation import Translation
from grader.judge.calls import Call, Rule
from grader.judge.correctness import compare
from grader.judge.inputs import Inputs
from grader.patterns import Pattern, RandomBlocks, outline, parse
from tests.grader.exercises.typed_examples import EXAMPLES, STREAMING, TIMED, one
from tests.grader.patterns.trees import patterns, sizes


@pytest.fixture(scope="module", params=EXAMPLES, ids=lambda example: example.slug)
def made(request):
    return declare(request.param)


# The whole


def test_an_exercise_survives_its_journey_as_json(made):
    assert Exercise.model_validate_json(made.exercise.model_dump_json()) == made.exercise


def test_sources_compile_and_have_no_long_lines(made):
    for source in (made.model, made.starter, *(wrong.source for wrong in made.wrong)):
        compile(source, "source", "exec")
        assert max(map(len, source.splitlines())) <= 100


def test_the_statement_and_the_starter_have_the_signature(made):
    exercise = made.exercise
    names = ["q", "k", "v", *exercise.parameters, *exercise.tensors]
    assert f"def {exercise.function}({', '.join(names)})" in made.statement
    (function,) = [
        node
        for node in ast.parse(made.starter).body
        if isinstance(node, ast.FunctionDef) and node.name == exercise.function
    ]
    assert [argument.arg for argument in function.args.args] == names
    assert "NotImplementedError" in made.starter


def test_the_statement_counts_the_probes_pairs(made):
    probe = made.exercise.probe
    values = {name: draw.low for name, draw in probe.parameters.items()}
    pairs = parse(made.exercise.pattern, values).enumerate_count(probe.n.low)
    assert f"there are {pairs:,}." in made.statement


def test_the_statement_tells_every_bound(made):
    exercise = made.exercise
    if exercise.speed:
        assert f"{exercise.speed.threshold:g} times" in made.statement
    for word, bound in (
        ("**Speed**", exercise.speed),
        ("**Growth**", exercise.growth),
        ("**Memory**", exercise.memory),
    ):
        assert (word in made.statement) == (bound is not None)


def test_every_case_binds_the_pattern_and_leaves_no_query_without_keys(made):
    for case in (*made.exercise.cases, made.exercise.probe):
        for n, values in drawn(case):
            pattern = parse(made.exercise.pattern, values)
            if n <= 96:
                assert all(pattern.ranges(query, n) for query in range(n))


def test_short_calls_meet_one_position_and_lengths_divisible_by_nothing(made):
    lengths = [case.n for case in made.exercise.cases]
    assert Draw.only(1) in lengths
    assert any(draw.step == 2 and draw.low % 2 for draw in lengths)
    assert {case.inputs for case in made.exercise.cases} == {"random", "needles", "large"}


def test_there_are_five_wrong_solutions_of_several_kinds(made):
    assert len({wrong.name for wrong in made.wrong}) == len(made.wrong) >= 5
    verdicts = {wrong.verdict for wrong in made.wrong}
    assert {Failure.WRONG_PAIRS, Failure.WRONG_OUTPUT, Failure.WRONG_SHAPE} < verdicts
    assert (Failure.TOO_SLOW in verdicts) == (made.exercise.speed is not None)


def test_the_model_is_right_on_every_short_case(made):
    function = compiled(made.model)
    inputs = Inputs(made.exercise, seed=1)
    for case in made.exercise.cases:
        call = inputs.draw(case)
        given_values = {name: call.parameters[name] for name in made.exercise.parameters}
        output = function(call.q, call.k, call.v, **given_values, **call.tensors)
        rule = Rule(parse(made.exercise.pattern, call.parameters))
        assert compare(call, rule, output, torch.arange(call.n)).passed, call


def compiled(source):
    space = {}
    exec(source, space)
    return space["attention"]


def test_declaring_needs_no_torch():
    code = (
        "import sys; from grader.exercises.typed import *;"
        "declare(Declaration(slug='a', title='A', pattern='causal & window(3)'));"
        "assert not {'torch', 'numpy', 'django'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# Any pattern


@settings(deadline=None, max_examples=150)
@given(patterns, sizes)
def test_the_written_condition_is_the_predicate(pattern: Pattern, n: int) -> None:
    i, j = torch.arange(n)[:, None], torch.arange(n)[None, :]
    written = condition_of(pattern, "sees", n, i=i, j=j).expand(n, n)
    assert written.tolist() == [[bool(pattern.sees(a, b, n)) for b in range(n)] for a in range(n)]


@settings(deadline=None, max_examples=150)
@given(patterns, sizes, st.integers(1, 6))
def test_a_tile_that_may_see_nothing_is_empty_and_one_that_always_sees_is_full(
    pattern: Pattern, n: int, side: int
) -> None:
    starts = torch.arange(0, n, side)
    stops = (starts + side - 1).clamp(max=n - 1)
    tile = {
        "first_i": starts[:, None],
        "last_i": stops[:, None],
        "first_j": starts[None, :],
        "last_j": stops[None, :],
    }
    shape = (len(starts), len(starts))
    may, always = (
        condition_of(pattern, sense, n, **tile).expand(shape)
        for sense in ("may_see", "always_sees")
    )
    for row, column in torch.cartesian_prod(*(torch.arange(len(starts)),) * 2).tolist():
        rows, columns = (range(at * side, min(n, (at + 1) * side)) for at in (row, column))
        pairs = pattern.count_within(rows, columns, n)
        assert may[row, column] or pairs == 0
        assert not always[row, column] or pairs == len(rows) * len(columns)


def condition_of(pattern, sense, n, **scope):
    from grader.exercises.typed import drawn_blocks, tiles_of_blocks
    from grader.exercises.typed.formulas import returned

    tables = tables_of(pattern)
    drawn_tables = {
        name: drawn_blocks.drawn_blocks(
            n, *(node.at(argument, n) for argument in ("size", "number", "seed"))
        )
        for node, name in tables.items()
    }
    lines = returned(Translation(tables)(pattern, sense), 4)
    text = "\n".join(lines).removeprefix("return ")
    return eval(f"({text})", {**vars(tiles_of_blocks), **scope, **drawn_tables, "n": n})


@settings(deadline=None, max_examples=60)
@given(patterns, sizes)
def test_parts_share_no_pair_and_miss_none(pattern: Pattern, n: int) -> None:
    parts = [part.whole for part in parts_of(pattern)]
    for i in range(n):
        for j in range(n):
            assert sum(bool(part.sees(i, j, n)) for part in parts) == bool(pattern.sees(i, j, n))


@settings(deadline=None, max_examples=60)
@given(patterns, st.integers(1, 150))
def test_the_model_of_any_pattern_is_right(pattern: Pattern, n: int) -> None:
    assume(all(pattern.row_count(query, n) for query in range(n)))
    tree, _ = outline(str(pattern))
    function = compiled(model(tree, Signature("attention", ())))
    generator = torch.Generator().manual_seed(n)
    q, k, v = (torch.randn(1, 2, n, 8, generator=generator) for _ in range(3))
    found = compare(Call(q, k, v, {}), Rule(pattern), function(q, k, v), torch.arange(n))
    assert found.passed, found


@pytest.mark.parametrize(("number", "n"), [(0, 40), (2, 40), (9, 41), (3, 1)])
def test_the_blocks_that_a_learner_draws_are_those_of_the_pattern(number, n):
    from grader.exercises.typed.drawn_blocks import drawn_blocks

    node = RandomBlocks(5, number, 7)
    rows = drawn_blocks(n, 5, number, 7).tolist()
    assert [{key for key, seen in enumerate(row) if seen} for row in rows] == [
        set(node.drawn(row, n)) for row in range(len(rows))
    ]


@given(
    st.integers(0, 50), st.integers(0, 9), st.integers(1, 4), st.integers(0, 80), st.integers(0, 80)
)
def test_a_clipped_range_draws_only_values_of_the_range(low, steps, step, start, stop):
    parameter = Parameter(low=low, high=low + steps * step, step=step)
    draw = clipped(parameter, min(start, stop), max(start, stop))
    assert all(value in parameter for value in range(draw.low, draw.high + 1, draw.step))


# Wrong solutions


def test_a_slip_that_changes_no_pair_is_not_offered():
    # window // 2 + 1 is the same for 128 and for 129.
    made = declare(one("window(w // 2 + 1)", {"w": Parameter(low=0, high=300, step=2)}, {"w": 128}))
    names = {wrong.name for wrong in made.wrong}
    assert "w_one_more" not in names
    assert "w_one_less" in names


def test_scale_and_softmax_are_not_offered_where_a_query_sees_one_key():
    made = declare(one("window(1)", {}, {}, work=False))
    assert not {"no_scale", "mean"} & {wrong.name for wrong in made.wrong}


def test_forgotten_causality_is_offered_only_where_there_is_some():
    names = {wrong.name for wrong in declare(STREAMING).wrong}
    assert "not_causal" in names
    both = declare(one("window(w)", {"w": Parameter(low=1, high=9)}, {"w": 5}))
    assert "not_causal" not in {wrong.name for wrong in both.wrong}


def test_given_blocks_make_no_slip_of_the_numbers_that_drew_them():
    parameters = {
        "block_size": Parameter(low=1, high=40),
        "r": Parameter(low=0, high=3),
        "seed": Parameter(low=0, high=99, given=False),
    }
    pattern = "blocks(block_size) | random_blocks(block_size, r, seed)"
    values = {"block_size": 16, "r": 2, "seed": 5}
    made = declare(one(pattern, parameters, values, work=False))
    assert made.exercise.tensors == ("random_blocks",)
    names = {wrong.name for wrong in made.wrong}
    assert "block_size_one_more" in names
    assert not {"r_one_more", "block_size_one_less"} & names


# What work is asked for


def test_growth_is_not_asked_for_where_pairs_grow_with_the_square():
    made = declare(one("causal & dilated(s)", {"s": Parameter(low=1, high=400)}, {"s": 32}))
    assert made.exercise.speed
    assert made.exercise.growth is None
    assert any("Growth is not checked" in remark for remark in made.remarks)


def test_without_work_nothing_is_timed_and_every_device_will_do():
    made = declare(one("causal", {}, {}, work=False))
    assert (made.exercise.speed, made.exercise.growth, made.exercise.memory) == (None,) * 3
    assert made.exercise.devices == ("cpu", "cuda")


@pytest.mark.parametrize("example", TIMED, ids=lambda example: example.slug)
def test_a_threshold_is_at_most_half_of_the_speed_up_told(example):
    made = declare(example)
    assert made.exercise.speed is not None
    told = float(made.remarks[0].rpartition(" about ")[2].rstrip("."))
    assert 1.2 <= made.exercise.speed.threshold <= min(1.6, told / 2 + 0.05)


# Refusals

W = Parameter(low=1, high=400)


@pytest.mark.parametrize(
    ("declaration", "field", "words"),
    [
        (one("causal & windw(3)", {}, {}), "pattern", "Did you mean 'window'?"),
        (one("causal & window(w)", {}, {}), "parameters", "'w', and no range"),
        (one("causal", {"w": W}, {"w": 4}), "parameters", "which is not in the pattern"),
        (
            one("window(w)", {"w": Parameter(low=9, high=3)}, {"w": 4}),
            "parameters",
            "upside down",
        ),
        (
            one("window(w)", {"w": Parameter(low=-2, high=3)}, {"w": 2}),
            "parameters",
            "from -2 to 3",
        ),
        (
            one("window(w)", {"w": Parameter(low=1, high=4, step=2)}, {"w": 3}),
            "parameters",
            "Steps of 2",
        ),
        (one("window(w)", {"w": W}, {}), "probe_values", "at which 'w'"),
        (one("window(w)", {"w": W}, {"w": 500}), "probe_values", "never drawn"),
        (one("window(w)", {"w": W}, {"w": 5, "x": 1}), "probe_values", "'x' is not"),
        (one("window(w)", {"w": W}, {"w": 5}, probe_n=32), "probe_n", "from 64 to 2048"),
        (one("window(w)", {"w": W}, {"w": 5}, probe_n=9999), "probe_n", "from 64 to 2048"),
        (
            one("window(w)", {"w": Parameter(low=0, high=9)}, {"w": 5}),
            "parameters",
            "must be at least 1; it is 0",
        ),
        (one("causal & window(n - 5)", {}, {}), "pattern", "at least 1; it is -4 at n = 1"),
        (one("causal - window(1)", {}, {}), "pattern", "query 0 (from 0) sees no key"),
        (one("causal - causal", {}, {}, work=False), "pattern", "sees no key"),
        (one("causal", {}, {}), "work", "too little to skip"),
        (one("window(lambda)", {"lambda": W}, {"lambda": 3}), "pattern", "is taken"),
        (one("window(n_)", {"n_": W}, {"n_": 3}, slug="No Slug"), "slug", "not a slug"),
        (one("window(w)", {"w": W}, {"w": 3}, function="torch"), "function", "is taken"),
        (one("window(w)", {"w": W}, {"w": 3}, title=" "), "title", "1 to 120"),
        (
            one("window(w)", {"w": Parameter(low=1, high=9, given=False)}, {"w": 3}),
            "parameters",
            "does not receive 'w'",
        ),
        (
            one(
                "causal & (random_blocks(32, 2, seed) | window(9))",
                {"seed": Parameter(low=0, high=9, given=False)},
                {"seed": 3},
            ),
            "parameters",
            "blocks of 'block_size'",
        ),
    ],
)
def test_a_declaration_that_makes_no_exercise_is_refused(declaration, field, words):
    with pytest.raises(Refused) as refused:
        declare(declaration)
    assert refused.value.field == field
    assert words in str(refused.value)


def test_a_name_with_one_value_need_not_be_given():
    made = declare(
        one("causal & window(w)", {"w": Parameter(low=64, high=64, given=False)}, {"w": 64})
    )
    assert made.exercise.parameters == ()
    assert "abs(i - j) < 64" in made.statement
    assert "Throughout, w = 64." in made.statement


def test_a_node_without_a_translation_is_refused():
    from grader.patterns.selection import Selection

    with pytest.raises(Refused, match="no translation"):
        Translation({})(Selection(frozenset({(0, 0)})))
