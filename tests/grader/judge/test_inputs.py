import pytest
import torch

from grader.contract import Case, Draw
from grader.exercises import EXERCISES
from grader.judge.calls import visible
from grader.judge.inputs import LARGEST_SCALE, SMALLEST_SCALE, Inputs, rim
from grader.patterns import parse

EXERCISE = EXERCISES["sliding-window"]
CASES = [(slug, case) for slug, exercise in EXERCISES.items() for case in exercise.cases]


@pytest.mark.parametrize(("slug", "case"), CASES)
def test_shapes_and_parameters_stay_in_the_declared_ranges(slug, case):
    call = Inputs(EXERCISES[slug]).draw(case)
    sizes = dict(zip(("batch", "heads", "n", "d"), call.q.shape, strict=True))
    for name, size in (sizes | call.parameters).items():
        declared = case.parameters.get(name) or getattr(case, name)
        assert declared.low <= size <= declared.high
    assert set(call.parameters) == set(EXERCISES[slug].parameters)
    for tensor in call.tensors.values():
        assert tensor.is_contiguous()
        assert tensor.dtype == torch.float32
        assert tensor.shape == call.q.shape
        assert tensor.isfinite().all()


def test_no_two_calls_are_alike():
    inputs = Inputs(EXERCISE)
    first, second = (inputs.draw(EXERCISE.probe) for _ in range(2))
    for name, tensor in first.tensors.items():
        assert not torch.equal(tensor, second.tensors[name])


def test_two_judgings_draw_from_different_seeds():
    first, second = (Inputs(EXERCISE).draw(EXERCISE.probe) for _ in range(2))
    assert not torch.equal(first.v, second.v)


def test_the_scale_of_q_varies_over_the_range_of_the_probe():
    inputs = Inputs(EXERCISE, seed=1)
    case = Case(n=Draw(low=64, high=64), parameters={"window": Draw(low=4, high=4)})
    scales = [inputs.draw(case).q.std().item() for _ in range(60)]
    assert SMALLEST_SCALE * 0.9 < min(scales) < 2 * SMALLEST_SCALE
    assert LARGEST_SCALE / 2 < max(scales) < LARGEST_SCALE * 1.1


def test_large_inputs_overflow_an_unguarded_softmax_up_or_down():
    inputs = Inputs(EXERCISE, seed=2)
    case = Case(
        n=Draw(low=200, high=200), parameters={"window": Draw(low=9, high=9)}, inputs="large"
    )
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
    case = Case(
        n=Draw(low=120, high=120), parameters={"window": Draw(low=30, high=30)}, inputs="needles"
    )
    call = inputs.draw(case)
    inside, _ = rim(visible(EXERCISE, call.parameters), call.n)
    index = torch.arange(call.n)
    seen = (index[None] <= index[:, None]) & (index[:, None] - index[None] < 30)
    logits = (call.q @ call.k.transpose(-1, -2))[0, 0].masked_fill(~seen, -torch.inf)
    on_rim = inside[index, logits.argmax(dim=1)]
    assert on_rim.float().mean() > 0.9
