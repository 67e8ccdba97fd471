"""Larger sizes for a device that a CPU's sizes would not keep busy.

On a GPU the clock is the wall's. Starting kernels and copying inputs take a part of it that grows
with n, as dense attention does with the square: what is timed must be so long that this is small.
"""

from grader.contract import Case, Draw, Exercise, Growth, Memory, Speed
from sandbox.limits import Device

#: How many times as long sequences are on a GPU where time or memory is measured. At 4 times the
#: copies take as long as dense attention; at 20 times good solutions are 3 to 4 times as fast.
LONGER_ON_GPU = 20
#: The longest sequence of an exercise that is timed against an arm which keeps all n x n scores:
#: these, their softmax and a mask must fit on the device.
LONGEST_WITH_SCORES = 33_792
#: Growth is told over this factor there: machines with a GPU are quieter, and n is long already.
GROWTH_ON_GPU = 2


def for_device(exercise: Exercise, device: Device) -> Exercise:
    """Return the exercise with the sizes that its costs are measured at on this device."""
    if device == "cpu":
        return exercise
    growth = Growth(times=GROWTH_ON_GPU, limit=exercise.growth.limit) if exercise.growth else None
    return exercise.model_copy(
        update={"speed": _speed(exercise), "growth": growth, "memory": _memory(exercise)}
    )


def _speed(exercise: Exercise) -> Speed | None:
    speed = exercise.speed
    # In decoding the cache is as full: torch reads it for one query 13 times as slowly as a window.
    if speed is None or exercise.form == "decode":
        return speed
    return speed.model_copy(update={"case": _longer(speed.case, _times(exercise, speed.case))})


def _memory(exercise: Exercise) -> Memory | None:
    """Return the bound at a longer sequence; it grows along, for it holds something linear in n."""
    memory = exercise.memory
    if memory is None:
        return None
    times = _times(exercise, memory.case)
    return memory.model_copy(
        update={"case": _longer(memory.case, times), "limit_mib": memory.limit_mib * times}
    )


def _times(exercise: Exercise, case: Case) -> int:
    """Return how many times as long a case is here; both arms of a race see what was measured."""
    naive = exercise.speed is not None and exercise.speed.against == "naive"
    return LONGEST_WITH_SCORES // case.n.high if naive else LONGER_ON_GPU


def _longer(case: Case, times: int) -> Case:
    n = Draw(low=case.n.low * times, high=case.n.high * times, step=case.n.step)
    return case.model_copy(update={"n": n})
