"""How well somebody knows a concept, from their answers, with how sure that is.

A learner's ability at a concept is one number on the logistic scale of Rasch (*Probabilistic Models
for Some Intelligence and Attainment Tests*, 1960): a question of difficulty b is solved with the
probability c + (1 - c) / (1 + exp(b - ability)), where c is what guessing earns (Birnbaum, in Lord
and Novick, *Statistical Theories of Mental Test Scores*, 1968). What is known of the ability is a
normal distribution that each answer moves, as in Elo's ratings but with its width carried along and
grown between answers, for people learn (Glickman, "Parameter Estimation in Large Dynamic Paired
Comparison Experiments", 1999, sections 3 and 5). After each answer the distribution is replaced by
the normal one of the same mean and variance; the two are integrated by Gauss and Hermite's rule.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

ENOUGH: Final = 5
"""Answers below which nothing is said about a concept."""

_PRIOR_MEAN: Final = -0.5
_PRIOR_VARIANCE: Final = 1.5**2
_DRIFT_VARIANCE: Final = 0.25**2  # what somebody may have learnt from one answer to the next
_MIDDLE: Final = 3  # of the difficulties 1 to 5
_STEP: Final = 0.8  # logits from one difficulty to the next
_SURE: Final = 1.2816  # standard deviations that hold 80 of 100

# The nodes and weights of Gauss and Hermite for nine points, for the weight exp(-x^2 / 2).
_NODES: Final = (
    (-4.512745863399783, 2.234584400774658e-05),
    (-3.205429002856470, 2.789141321231769e-03),
    (-2.076847978677830, 4.991640676521788e-02),
    (-1.023255663789133, 2.440975028949394e-01),
    (0.0, 4.063492063492063e-01),
    (1.023255663789133, 2.440975028949394e-01),
    (2.076847978677830, 4.991640676521788e-02),
    (3.205429002856470, 2.789141321231769e-03),
    (4.512745863399783, 2.234584400774658e-05),
)


@dataclass(frozen=True)
class Answer:
    """What one answer earned: ``share`` from 0 to 1, at a question of this difficulty, 1 to 5.

    ``chance`` is what guessing earns there, below 1.
    """

    share: float
    difficulty: int
    chance: float


@dataclass(frozen=True)
class Ability:
    """A normal distribution on the logistic scale."""

    mean: float = _PRIOR_MEAN
    variance: float = _PRIOR_VARIANCE


@dataclass(frozen=True)
class Mastery:
    """The probability to solve a question of middle difficulty without guessing.

    ``low`` and ``high`` are the ends of the interval that holds it with 80 % certainty.
    ``is_known`` is false where there are too few answers to say anything.
    """

    answers: int
    likely: float
    low: float
    high: float

    @property
    def is_known(self) -> bool:
        """Whether there are enough answers to say something."""
        return self.answers >= ENOUGH


def mastery(answers: Iterable[Answer]) -> Mastery:
    """Return the mastery that answers, oldest first, speak for."""
    ability, count = Ability(), 0
    for answer in answers:
        grown = Ability(ability.mean, ability.variance + (_DRIFT_VARIANCE if count else 0.0))
        ability, count = after(grown, answer), count + 1
    spread = _SURE * math.sqrt(ability.variance)
    return Mastery(
        count,
        likely=_sigmoid(ability.mean),
        low=_sigmoid(ability.mean - spread),
        high=_sigmoid(ability.mean + spread),
    )


def after(ability: Ability, answer: Answer) -> Ability:
    """Return what is known of an ability after one more answer."""
    deviation = math.sqrt(ability.variance)
    hard = (answer.difficulty - _MIDDLE) * _STEP
    total = first = second = 0.0
    for node, weight in _NODES:
        value = ability.mean + deviation * node
        solved = answer.chance + (1 - answer.chance) * _sigmoid(value - hard)
        # Credit in between counts as so much of a right answer and so much of a wrong one.
        likelihood = solved**answer.share * (1 - solved) ** (1 - answer.share)
        total += weight * likelihood
        first += weight * likelihood * node
        second += weight * likelihood * node * node
    mean = first / total
    return Ability(
        ability.mean + deviation * mean,
        ability.variance * max(second / total - mean * mean, 1e-6),
    )


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value))
