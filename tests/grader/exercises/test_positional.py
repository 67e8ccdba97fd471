"""What the declarations of positional patterns must hold beside what holds for all exercises."""

import inspect

import pytest

from grader.contract import Draw
from grader.exercises import EXERCISES
from grader.judge.calls import visible
from grader.judge.inputs import Inputs
from grader.references import source_of

TIMED = (
    "first-plus-window",
    "sliding-window",
    "global-window",
    "bidirectional-window",
    "strided",
    "bigbird",
    "block-sparse",
    "swa-gqa",
)


def costly(slug):
    exercise = EXERCISES[slug]
    return [part.case for part in (exercise.speed, exercise.memory) if part]


@pytest.mark.parametrize("slug", TIMED)
def test_timed_sizes_are_drawn_and_not_fixed(slug):
    for case in costly(slug):
        assert case.n.low < case.n.high
        parameters = {name: draw for name, draw in case.parameters.items() if name != "r"}
        assert all(draw.low < draw.high for name, draw in parameters.items() if name != "more")


@pytest.mark.parametrize("slug", TIMED)
def test_a_timed_call_has_one_head_or_two(slug):
    exercise = EXERCISES[slug]
    case = exercise.speed.case
    assert case.batch.high * case.heads.high * case.groups.high <= 2


@pytest.mark.parametrize("slug", TIMED)
def test_a_costly_call_is_linear_and_far_from_dense_at_both_ends_of_its_draws(slug):
    exercise = EXERCISES[slug]
    dense = 8192 * 8193 // 2
    for case in costly(slug):
        for end in ("low", "high"):
            bound = {name: getattr(draw, end) for name, draw in case.parameters.items()}
            assert visible(exercise, bound).count(8192) < dense / 5


def test_only_a_pattern_of_quadratic_pairs_is_not_asked_how_it_grows():
    assert [slug for slug in TIMED if EXERCISES[slug].growth is None] == ["strided"]


def test_a_bidirectional_window_is_always_even_and_every_even_one_is_drawn():
    exercise = EXERCISES["bidirectional-window"]
    cases = [*exercise.cases, exercise.probe, *costly("bidirectional-window")]
    for case in cases:
        draw = case.parameters["window"]
        assert draw.low % 2 == 0
        assert draw.low == draw.high or draw.step % 2 == 0
    inputs = Inputs(exercise, seed=3)
    drawn = {inputs.integer(Draw(low=4, high=8, step=2)) for _ in range(100)}
    assert drawn == {4, 6, 8}


def test_a_draw_in_steps_never_passes_its_upper_end():
    inputs = Inputs(EXERCISES["bidirectional-window"], seed=3)
    drawn = {inputs.integer(Draw(low=1, high=8, step=3)) for _ in range(100)}
    assert drawn == {1, 4, 7}


def test_rows_of_a_block_mask_differ_in_number_and_none_is_empty():
    exercise = EXERCISES["block-sparse"]
    case = exercise.cases[-1]
    call = Inputs(exercise, seed=5).draw(case)
    numbers = call.tensors["block_mask"].sum(dim=1)
    assert int(numbers.min()) >= 1
    assert len(numbers.unique()) > 1


def test_timed_masks_have_as_many_tiles_in_every_row():
    exercise = EXERCISES["block-sparse"]
    inputs = Inputs(exercise, seed=5)
    call = inputs.draw(inputs.pinned(exercise.speed.case))
    numbers = call.tensors["block_mask"].sum(dim=1)
    assert set(numbers.tolist()) == {call.parameters["tiles"]}


def test_some_short_calls_of_bigbird_have_no_random_block_and_some_repeat_one():
    exercise = EXERCISES["bigbird"]
    inputs = Inputs(exercise, seed=5)
    drawn = [inputs.draw(case).tensors["random_blocks"] for case in exercise.cases * 3]
    assert any(blocks.shape[1] == 0 for blocks in drawn)
    assert any(len(set(row)) < len(row) for blocks in drawn for row in blocks.tolist())


def test_heads_are_grouped_and_sometimes_not():
    exercise = EXERCISES["swa-gqa"]
    groups = [case.groups for case in exercise.cases]
    assert any(draw.low == draw.high == 1 for draw in groups)
    assert any(draw.low > 1 for draw in groups)
    assert any(case.heads.low > 1 and case.groups.low > 1 for case in exercise.cases)


def test_repeated_keys_and_values_do_not_fit_the_memory_of_grouped_heads():
    memory = EXERCISES["swa-gqa"].memory
    case = memory.case
    repeated = 2 * case.heads.low * case.groups.low * case.n.low * case.d.low * 4
    assert repeated > memory.limit_mib * 2**20


@pytest.mark.parametrize("slug", [*TIMED, "dense-causal"])
def test_the_model_solution_takes_what_the_exercise_gives(slug):
    exercise = EXERCISES[slug]
    space = {}
    exec(source_of(slug.replace("-", "_")), space)
    names = set(inspect.signature(space[exercise.function]).parameters)
    assert names == {"q", "k", "v", *exercise.parameters, *exercise.tensors}
