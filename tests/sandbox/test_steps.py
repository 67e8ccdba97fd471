"""Steps: one at a time, none ahead of its turn, with a state that lasts."""

import numpy as np

from sandbox.process import Process
from sandbox.wire import Array, Manner, Outcome, OutputSpec, Reply

STEPS = 40
SHAPE = (STEPS, 1, 2)
NEW, KEPT = Manner(state="new"), Manner(state="kept")


def numbers(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(SHAPE).astype(np.float32)


def steps(process: Process, values: np.ndarray, manner: Manner = NEW, **options: float) -> Reply:
    inputs = {"x": Array("float32", SHAPE, values)}
    return process.steps(inputs, {}, OutputSpec("float32", SHAPE), manner, **options)


def result(reply: Reply) -> np.ndarray:
    assert reply.outcome is Outcome.DONE, reply.detail
    return np.frombuffer(reply.output, dtype=np.float32).reshape(SHAPE)


def loads(process: Process, body: str) -> None:
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    source = f"import torch\n\n\ndef step(x, state):\n{lines}\n"
    assert process.load(source.encode(), "step", ("x", "state")).outcome is Outcome.DONE


SUMS = "state['sum'] = state.get('sum', 0) + x\nreturn state['sum'].clone()"


def test_every_step_sees_what_the_steps_before_it_kept(process: Process) -> None:
    loads(process, SUMS)
    values = numbers(1)
    assert np.allclose(result(steps(process, values)), values.cumsum(axis=0), atol=1e-5)


def test_a_new_sequence_begins_with_an_empty_state_and_a_kept_one_goes_on(process: Process) -> None:
    loads(process, SUMS)
    first, second = numbers(1), numbers(2)
    steps(process, first)
    went_on = result(steps(process, second, KEPT))
    assert np.allclose(went_on, first.sum(axis=0) + second.cumsum(axis=0), atol=1e-4)
    assert np.allclose(result(steps(process, second)), second.cumsum(axis=0), atol=1e-5)


def test_no_step_can_read_ahead(process: Process) -> None:
    look = "whole = torch.as_strided(x, (40, 1, 2), (2, 2, 1), 0)\nreturn whole.sum(0)"
    loads(process, look)
    values = numbers(3)
    assert np.allclose(result(steps(process, values)), values.cumsum(axis=0), atol=1e-5)


def test_what_was_answered_cannot_be_mended(process: Process) -> None:
    loads(
        process,
        "state.setdefault('out', [])\n"
        "import gc\n"
        "targets = [t for t in gc.get_objects() if type(t) is torch.Tensor\n"
        "           and tuple(t.shape) == (40, 1, 2) and t is not x._base]\n"
        "for target in targets:\n"
        "    try:\n"
        "        target[0] = 7.0\n"
        "    except RuntimeError:\n"
        "        pass\n"
        "return torch.zeros_like(x)",
    )
    reply = steps(process, numbers(4))
    if reply.outcome is Outcome.DONE:  # else it wrote to an input and died of it
        assert (result(reply)[0] == 0).all()


def test_an_error_in_a_step_ends_the_request_and_not_the_process(process: Process) -> None:
    loads(process, "if float(x.sum()) > 1e9:\n    raise KeyError('far')\nreturn x + 1")
    values = numbers(5)
    values[7] = 1e10
    assert steps(process, values).outcome is Outcome.RAISED
    assert np.allclose(result(steps(process, numbers(6))), numbers(6) + 1)


def test_a_step_of_the_wrong_shape_is_refused(process: Process) -> None:
    loads(process, "return x[0]")
    assert steps(process, numbers(7)).outcome is Outcome.WRONG_SHAPE


def test_a_step_that_never_ends_is_a_timeout(process: Process) -> None:
    loads(process, "while True:\n    pass")
    assert steps(process, numbers(8), seconds=0.5).outcome is Outcome.TIMEOUT


def test_a_process_that_hangs_up_on_the_steps_gives_no_result(process: Process) -> None:
    loads(process, "import os\nos._exit(0)")
    assert steps(process, numbers(9)).outcome is Outcome.DIED
