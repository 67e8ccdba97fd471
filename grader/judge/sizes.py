"""Larger sizes for a device that a CPU's sizes would not keep busy.

On a GPU the clock is the wall's, which starting kernels and copying inputs take a part of: what is
timed must last for milliseconds. Not yet measured on one, so neither is any threshold there.
"""

from grader.contract import Case, Draw, Exercise
from sandbox.limits import Device

#: How many times as long sequences are on a GPU where time or memory is measured.
LONGER_ON_GPU = 4


def for_device(exercise: Exercise, device: Device) -> Exercise:
    """Return the exercise with the sizes that its costs are measured at on this device.

    A bound on memory grows along: it holds something linear in n.
    """
    if device == "cpu":
        return exercise
    speed, memory = exercise.speed, exercise.memory
    if speed:
        filled = speed.filled * LONGER_ON_GPU
        # In decoding the steps that are timed stay as many, after more tokens.
        case = speed.case if filled else _longer(speed.case)
        speed = speed.model_copy(update={"case": case, "filled": filled})
    if memory:
        limit = memory.limit_mib * LONGER_ON_GPU
        memory = memory.model_copy(update={"case": _longer(memory.case), "limit_mib": limit})
    return exercise.model_copy(update={"speed": speed, "memory": memory})


def _longer(case: Case) -> Case:
    n = Draw(low=case.n.low * LONGER_ON_GPU, high=case.n.high * LONGER_ON_GPU, step=case.n.step)
    return case.model_copy(update={"n": n})
