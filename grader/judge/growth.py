"""How does time grow with n? A long call beside each pair of a race, set against the short one.

Two calls in a row are disturbed alike, so that their ratios can be decided by the rule of the race.
The short one is held to the speed that was shown in the race: code that wastes time at small n, to
seem to grow less, would have to waste it there too.
"""

import math
import statistics

from grader.contract import Case, Draw, Growth, GrowthPoint
from grader.judge.decision import EARLY_LOOKS
from grader.judge.inputs import Inputs
from grader.judge.speed import LEAST_SECONDS, CallRace, Series
from sandbox.placing import starting_together

# Not always the same multiple, so that no length can be told to be the long one.
_STRETCH = (0.96, 1.04)
#: The plot begins at half the timed length, where the dense arm is cheap.
_PLOTTED = 0.5
_PLOTTED_CALLS = 3


class GrowthRace(Series):
    """A finished race that goes on, with a long call of the candidate's in each pair.

    A pair's ratio is the time that growth at the limit allows the long call, over what it took.
    ``shown`` is how many times as fast as the reference the candidate was seen to be at least.
    """

    looks = EARLY_LOOKS

    def __init__(self, growth: Growth, race: CallRace, shown: float, inputs: Inputs) -> None:
        self._race, self._limit, self._shown = race, growth.limit, shown
        self._long = stretched(race.case, growth.times * inputs.uniform(*_STRETCH))
        self._span = self._long.n.high / race.case.n.high
        self._seconds: list[tuple[float, float]] = []

    def pair(self) -> float:
        """Time both arms, then the candidate's long call."""
        with starting_together():
            self._race.pair()
            long = max(self._race.candidate_alone(self._long), LEAST_SECONDS)
        at_most = self._race.reference_seconds[-1] / self._shown
        short = max(min(self._race.seconds[-1], at_most), LEAST_SECONDS)
        self._seconds.append((short, long))
        return math.pow(self._span, self._limit) * short / long

    def warm_up(self) -> None:
        """Let the candidate touch the pages of a long call."""
        self._race.candidate_alone(self._long)

    def forget(self) -> None:
        """Leave out what was timed so far."""
        self._seconds.clear()

    @property
    def slope(self) -> float:
        """Median slope of log seconds over log n."""
        ratio = statistics.median(long / short for short, long in self._seconds)
        return math.log(ratio) / math.log(self._span)

    def points(self) -> tuple[GrowthPoint, ...]:
        """Return median seconds from half the timed length to the longest, for a plot."""
        race = self._race
        half = stretched(race.case, _PLOTTED)
        ours = [race.candidate_alone(half) for _ in range(_PLOTTED_CALLS)]
        dense = [race.reference_alone(half) for _ in range(_PLOTTED_CALLS)]
        short, long = (statistics.median(seconds) for seconds in zip(*self._seconds, strict=True))
        middle = statistics.median(race.reference_seconds)
        return (
            GrowthPoint(
                n=half.n.high,
                seconds=statistics.median(ours),
                reference_seconds=statistics.median(dense),
            ),
            GrowthPoint(n=race.case.n.high, seconds=short, reference_seconds=middle),
            GrowthPoint(n=self._long.n.high, seconds=long),
        )


def stretched(case: Case, times: float) -> Case:
    """Return the case at ``times`` its lengths."""
    high = round(case.n.high * times)
    return case.model_copy(update={"n": Draw(low=high - (case.n.high - case.n.low), high=high)})
