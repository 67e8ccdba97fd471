import pytest
import torch

from grader.contract import Case, Draw
from grader.exercises import EXERCISES
from grader.judge.calls import visible
from grader.judge.correctness import rows_to_check
from grader.judge.expected import mask_rows
from grader.judge.inputs import LARGEST_SCALE, SMALLEST_SCALE, Inputs, rim
from grader.patterns import parse

EXERCISE = EXERCISES["sliding-window"]
CASES = [(slug, case) for slug, exercise in EXERCISES.items() for case in exercise.cases]


def fixed(value):
    return Draw(low=value, high=value)


def within(draw, value):
    return draw.low <= value <= draw.high


@pytest.mark.parametrize(("slug", "case"), CASES)
def test_shapes_and_parameters_stay_in_the_declared_ranges(slug, case):
    exercise = EXERCISES[slug]
    call = Inputs(exercise).draw(case)
    batch, heads, m, d = call.q.shape
    assert call.k.shape == call.v.shape == (batch, heads // call.groups, call.n, d)
    assert within(case.batch, batch)
    assert within(case.heads, call.k.shape[1])
    assert within(case.groups, call.groups)
    assert within(case.d, d)
    assert within(case.queries or case.n, m) or call.ranks > 1
    assert set(exercise.parameters) <= set(call.parameters)
    assert all(value <= case.parameters[name].high for name, value in call.parameters.items())
    for tensor in (call.q, call.k, call.v):
        assert tensor.is_contiguous()
        assert tensor.dtype == torch.float32
        assert tensor.isfinite().all()


@pytest.mark.parametrize("slug", ["ring"])
def test_ranks_hold_parts_of_equal_length(slug):
    for case in EXERCISES[slug].cases:
        call = Inputs(EXERCISES[slug]).draw(case)
        assert within(case.ranks, call.ranks)
        assert call.n % call.ranks == 0
        assert call.n - case.n.high < call.ranks


def test_no_two_calls_are_alike():
    inputs = Inputs(EXERCISE)
    first, second = (inputs.draw(EXERCISE.probe) for _ in range(2))
    for name in "qkv":
        assert not torch.equal(getattr(first, name), getattr(second, name))


def test_what_was_drawn_does_not_tell_what_is_drawn_next():
    inputs = Inputs(EXERCISE)
    call = inputs.draw(EXERCISE.speed.case)
    known = torch.Generator()
    known.set_state(inputs._generator.get_state())
    rows = rows_to_check(call, inputs.generator).tolist()
    assert rows != rows_to_check(call, known).tolist()
    known.set_state(inputs._generator.get_state())
    assert not torch.equal(inputs.normal(64), torch.randn(64, generator=known))


def test_what_is_pinned_varies_in_length_alone_and_by_no_more_than_the_jitter():
    inputs = Inputs(EXERCISE, seed=4)
    wide = Case(n=Draw(low=500, high=900), parameters={"window": Draw(low=2, high=90)})
    pinned = inputs.pinned(wide, jitter=16)
    calls = [inputs.draw(pinned) for _ in range(30)]
    assert (
        len({(*call.q.shape[:2], call.q.shape[3], call.parameters["window"]) for call in calls})
        == 1
    )
    lengths = {call.n for call in calls}
    assert len(lengths) > 5
    assert max(lengths) - min(lengths) <= 16


def test_two_judgings_pin_different_sizes():
    speed = EXERCISE.speed.case
    assert len({Inputs(EXERCISE).pinned(speed).n.high for _ in range(8)}) > 1


@pytest.mark.parametrize("kind", ["random", "large"])
def test_the_kth_score_stands_clear_of_the_next(kind):
    case = Case(n=fixed(300), queries=fixed(40), parameters={"top_k": fixed(30)}, inputs=kind)
    call = Inputs(EXERCISES["top-k-pruned"], seed=5).draw(case)
    scores = call.q.double() @ call.k.double().transpose(-1, -2)
    best = scores.topk(31, dim=-1).values
    assert ((best[..., -2] - best[..., -1]) / scores.std(dim=-1)).min() > 0.9e-3


def test_a_block_mask_marks_the_tiles_of_the_pattern():
    exercise = EXERCISES["block-sparse"]
    call = Inputs(exercise, seed=6).draw(exercise.cases[0])
    mask, size = call.tensors["block_mask"], call.parameters["block_size"]
    assert mask.dtype == torch.bool
    assert mask.any(dim=1).all()
    index = torch.arange(call.n) // size
    whole = mask_rows(visible(exercise, call.parameters), torch.arange(call.n), call.n)
    assert torch.equal(mask[index[:, None], index[None, :]], whole)


def test_random_blocks_are_in_range_and_sometimes_there_twice():
    exercise = EXERCISES["bigbird"]
    case = Case(
        n=fixed(100),
        parameters={"block_size": fixed(9), "r": fixed(3), "seed": Draw(low=0, high=99)},
    )
    inputs = Inputs(exercise, seed=7)
    drawn = [inputs.draw(case).tensors["random_blocks"] for _ in range(20)]
    assert all(one.dtype == torch.int64 and len(one) == 12 for one in drawn)
    assert all(one.min() >= 0 and one.max() < 12 for one in drawn)
    assert {one.shape[1] for one in drawn} == {3, 4}


def test_two_judgings_draw_from_different_seeds():
    first, second = (Inputs(EXERCISE).draw(EXERCISE.probe) for _ in range(2))
    assert not torch.equal(first.v, second.v)


def test_the_scale_of_q_varies_over_the_range_of_the_probe():
    inputs = Inputs(EXERCISE, seed=1)
    case = Case(n=Draw.only(64), parameters={"window": Draw.only(4)})
    scales = [inputs.draw(case).q.std().item() for _ in range(60)]
    assert SMALLEST_SCALE * 0.9 < min(scales) < 2 * SMALLEST_SCALE
    assert LARGEST_SCALE / 2 < max(scales) < LARGEST_SCALE * 1.1


def test_large_inputs_overflow_an_unguarded_softmax_up_or_down():
    inputs = Inputs(EXERCISE, seed=2)
    case = Case(n=Draw.only(200), parameters={"window": Draw.only(9)}, inputs="large")
    signs = set()
    for _ in range(12):
        call = inputs.draw(case)
        logits = call.q @ call.k.transpose(-1, -2) / call.q.shape[-1] ** 0.5
        assert 8 < logits.std() < 40
        assert logits.abs().max() > 88
        signs.add(bool(logits.mean() > 0))
    assert signs == {True, False}


def test_the_rim_is_both_sides_of_both_edges():
    inside, beyond = rim(parse("causal & window(3)"), 10)
    assert inside[6].nonzero().flatten().tolist() == [4, 6]
    assert beyond[6].nonzero().flatten().tolist() == [3, 7]
    assert inside[0].nonzero().flatten().tolist() == [0]
    assert beyond[0].nonzero().flatten().tolist() == [1]


def test_a_needle_is_the_heaviest_visible_key_of_its_query():
    inputs = Inputs(EXERCISE, seed=3)
    case = Case(n=Draw.only(120), parameters={"window": Draw.only(30)}, inputs="needles")
    call = inputs.draw(case)
    inside, _ = rim(visible(EXERCISE, call.parameters), call.n)
    index = torch.arange(call.n)
    seen = (index[None] <= index[:, None]) & (index[:, None] - index[None] < 30)
    logits = (call.q @ call.k.transpose(-1, -2))[0, 0].masked_fill(~seen, -torch.inf)
    on_rim = inside[index, logits.argmax(dim=1)]
    assert on_rim.float().mean() > 0.9
