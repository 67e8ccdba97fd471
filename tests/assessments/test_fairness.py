"""Whose turn it is."""

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.services.fairness import Desk, Job


def sent_by(desk: Desk) -> list[Job]:
    return list(iter(desk.send, None))


def served(desk: Desk, workers: int = 1) -> list[Job]:
    """Serve everything, each job as long as any other; return the order of starting."""
    queue, running, order = sent_by(desk), list[Job](), list[Job]()
    while queue or running:
        while queue and len(running) < workers:
            running.append(queue.pop(0))
            desk.start(running[-1])
            order.append(running[-1])
            queue += sent_by(desk)
        desk.done(running.pop(0))
        queue += sent_by(desk)
    return order


def test_of_each_learner_one_job_is_sent() -> None:
    jobs = [Job(1, 7), Job(2, 7), Job(3, 8), Job(4, 7), Job(5, 8)]
    assert sent_by(Desk(jobs, [], [], workers=1)) == [Job(1, 7), Job(3, 8)]


def test_learners_with_much_waiting_take_turns() -> None:
    jobs = [Job(n, learner) for n, learner in enumerate([1, 1, 1, 2, 2, 3])]
    order = [job.learner for job in served(Desk(jobs, [], [], workers=1))]
    assert order == [1, 2, 3, 1, 2, 1]


def test_the_first_of_another_comes_before_the_second_of_fifty() -> None:
    mine = [Job(n, 1) for n in range(50)]
    desk = Desk(mine, [], [], workers=1)
    (first,) = sent_by(desk)
    desk.start(first)
    desk.add(Job(99, 2))
    assert sent_by(desk) == [Job(99, 2)]


def test_a_learner_alone_keeps_every_worker_at_work() -> None:
    desk = Desk([Job(n, 1) for n in range(9)], [], [], workers=3)
    assert sent_by(desk) == [Job(0, 1), Job(1, 1), Job(2, 1)]


def test_a_job_that_comes_back_is_its_learners_next() -> None:
    desk = Desk([Job(5, 1), Job(6, 1)], [], [Job(4, 1)], workers=1)
    desk.add(Job(3, 1))
    desk.done(Job(4, 1))
    assert sent_by(desk) == [Job(3, 1)]


@pytest.mark.parametrize("state", ["waiting", "queued"])
def test_a_regrade_waits_while_a_live_job_does(state: str) -> None:
    regrade, live = Job(1, 1, is_regrade=True), Job(2, 2)
    waiting = [regrade, live] if state == "waiting" else [regrade]
    desk = Desk(waiting, [live] if state == "queued" else [], [], workers=1)
    assert regrade not in sent_by(desk)


def test_regrades_are_sent_one_for_each_idle_worker_and_no_more() -> None:
    regrades = [Job(n, 1, is_regrade=True) for n in range(5)]
    assert len(sent_by(Desk(regrades, [], [Job(9, 2)], workers=3))) == 2


def test_a_regrade_that_runs_does_not_hold_up_its_learners_own_submission() -> None:
    desk = Desk([Job(2, 1)], [], [Job(1, 1, is_regrade=True)], workers=1)
    assert sent_by(desk) == [Job(2, 1)]


@given(
    learners=st.lists(st.integers(1, 5), max_size=40),
    regrades=st.lists(st.integers(1, 5), max_size=5),
    workers=st.integers(1, 4),
    seed=st.integers(0, 9),
)
def test_every_job_is_served_once_and_no_learner_is_overtaken_twice_in_a_row(
    learners: list[int], regrades: list[int], workers: int, seed: int
) -> None:
    jobs = [Job(n, learner) for n, learner in enumerate(learners)]
    again = [Job(100 + n, learner, is_regrade=True) for n, learner in enumerate(regrades)]
    mixed = jobs + again
    random.Random(seed).shuffle(mixed)
    order = served(Desk(mixed, [], [], workers=workers), workers)
    assert sorted(order) == sorted(jobs + again)
    live = [job for job in order if not job.is_regrade]
    if workers == 1:
        for learner in set(learners):
            turns = [n for n, job in enumerate(live) if job.learner == learner]
            gaps = [later - sooner for sooner, later in itertools.pairwise(turns)]
            assert max(gaps, default=0) <= len(set(learners))
            mine = [job for job in live if job.learner == learner]
            assert mine == sorted(mine)
