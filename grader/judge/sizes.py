"""Larger sizes for a device that a CPU's sizes would not keep busy.

On a GPU the clock is the wall's. Starting kernels and copying inputs take a part of it that grows
with n, as dense attention does with the square: what is timed must be so long that this is small.
"""

from grader.contract import Case, Draw, Exercise, Growth, Memory, Speed
from sandbox.limits import Device

#: How many times as long sequences are on a GPU where time or memory is measured. At 4 times the
#: copies take as long as dense attention, at 20 a third of it (docs/gpu.md).
LONGER_ON_GPU = 20
#: The same beside an arm that keeps all n x n scores, for these must fit on the device.
LONGER_BESIDE_SCORES = 8
#: Growth is told over this factor there: machines with a GPU are quieter, and n is long already.
GROWTH_ON_GPU = 2


def for_device(exercise: Exercise, device: Device) -> Exercise:
    """Return the exercise with the sizes that its costs are measured at on this device."""
    if device == "cpu":
        return exercise
    # In decoding the cache is as full: torch reads it for one query 13 times as slowly as a window.
    speed = exercise.speed if exercise.form == "decode" else _longer_speed(exercise.speed)
    growth = Growth(times=GROWTH_ON_GPU, limit=exercise.growth.limit) if exercise.growth else None
    memory = _longer_memory(exercise.memory)
    return exercise.model_copy(update={"speed": speed, "growth": growth, "memory": memory})


def _longer_speed(speed: Speed | None) -> Speed | None:
    if speed is None:
        return None
    times = LONGER_BESIDE_SCORES if speed.against == "naive" else LONGER_ON_GPU
    return speed.model_copy(update={"case": _longer(speed.case, times)})


def _longer_memory(memory: Memory | None) -> Memory | None:
    """Return the bound at a longer sequence; it grows along, for it holds something linear in n."""
    if memory is None:
        return None
    limit = memory.limit_mib * LONGER_ON_GPU
    return memory.model_copy(
        update={"case": _longer(memory.case, LONGER_ON_GPU), "limit_mib": limit}
    )


def _longer(case: Case, times: int) -> Case:
    n = Draw(low=case.n.low * times, high=case.n.high * times, step=case.n.step)
    return case.model_copy(update={"n": n})
