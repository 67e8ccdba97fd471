"""When a question is worth asking again: spaced repetition by FSRS.

The free spaced repetition scheduler (Ye, Su and Cao, "A Stochastic Shortest Path Algorithm for
Optimizing Spaced Repetition Scheduling", KDD 2022; the library ``fsrs``) says when the probability
to remember falls to ``RETENTION``. Nothing is kept of it: the answers given so far say it all, and
are gone through anew.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fsrs import Card, Rating, Scheduler

RETENTION: Final = 0.9
_PARTLY: Final = 0.5
# Steps of minutes are for flash cards; here a question comes back after a day at the earliest.
_SCHEDULER: Final = Scheduler(
    desired_retention=RETENTION, learning_steps=(), relearning_steps=(), enable_fuzzing=False
)


@dataclass(frozen=True)
class Answered:
    """When a question was answered, and with which share of the credit."""

    at: datetime
    share: float


@dataclass(frozen=True)
class Recall:
    """From when on a question is worth asking again, and how likely the answer is known now."""

    due_at: datetime
    likely: float


def recall(answers: Iterable[Answered], now: datetime) -> Recall | None:
    """Return when to ask again after these answers, oldest first; nothing without any."""
    card = None
    for answer in answers:
        begun = card or Card(card_id=1, due=answer.at)
        card, _ = _SCHEDULER.review_card(begun, rating(answer.share), answer.at)
    if card is None:
        return None
    return Recall(card.due, _SCHEDULER.get_card_retrievability(card, now))


def rating(share: float) -> Rating:
    """Return what a share of the credit says of memory: all of it, half of it, or less."""
    if share >= 1:
        return Rating.Good
    return Rating.Hard if share >= _PARTLY else Rating.Again
