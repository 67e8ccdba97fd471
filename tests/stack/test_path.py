"""A submission's way through the whole stack, and what happens when parts of it die."""

import itertools
import re
import time
from pathlib import Path

import pytest

from scripts.client import Client, Page
from tests.stack.conftest import Supervised, until

pytestmark = [pytest.mark.stack, pytest.mark.sandbox]

SUBMISSIONS = Path(__file__).parent.parent / "submissions"
RIGHT = (SUBMISSIONS / "sliding-window/blocks.py").read_text()
WRONG = (SUBMISSIONS / "sliding-window/off_by_one.py").read_text()
SLOW_IMPORT = "import time\ntime.sleep(4)\n" + WRONG


_numbers = itertools.count(1)


def fresh(source: str) -> str:
    """Return the same work as other code: the same code is not judged twice."""
    return f"{source}\nNUMBER = {next(_numbers)}\n"


def one_worker_counts(client: Client) -> bool:
    """Whether a worker that a test killed counts no longer: as long as it does, one job more is
    sent ahead of those who come later.
    """
    return 'sparring_workers{device="cpu"} 1.0' in client.get("/metrics").text


def in_stage(client: Client, page: Page) -> bool:
    return client.get(page.url).attribute("data-stage") != ""


def test_a_right_and_a_wrong_submission_get_their_verdicts(learner: Client) -> None:
    right = learner.submit("sliding-window", fresh(RIGHT))
    wrong = learner.submit("sliding-window", fresh(WRONG))
    assert learner.wait(right, 120).attribute("data-failure") == ""
    assert learner.wait(wrong, 60).attribute("data-failure") == "wrong_pairs"


def test_the_page_shows_the_stages_in_their_order(learner: Client) -> None:
    seen: list[str] = []
    page = learner.submit("sliding-window", fresh(RIGHT))
    learner.wait(page, 120, lambda now: seen.append(now.attribute("data-stage")))
    order = [stage for stage in dict.fromkeys(seen) if stage]
    declared = ["preparing", "correctness", "pairs", "memory", "timing", "growth"]
    assert order == [stage for stage in declared if stage in order]
    assert "timing" in order


def test_a_grading_worker_killed_with_9_costs_at_most_30_seconds(
    running: Supervised, learner: Client
) -> None:
    page = learner.submit("sliding-window", fresh(SLOW_IMPORT))
    until(lambda: in_stage(learner, page), 30)
    running.kill("grader-1")
    killed = time.monotonic()
    done = learner.wait(page, 60)
    undisturbed = 15.0  # its own 4 s of import and what judging takes on a busy machine
    assert done.attribute("data-failure") == "wrong_pairs"
    assert time.monotonic() - killed < 30 + undisturbed


def test_a_killed_web_side_worker_loses_no_verdict(running: Supervised, learner: Client) -> None:
    page = learner.submit("sliding-window", fresh(SLOW_IMPORT))
    until(lambda: in_stage(learner, page), 30)
    running.kill("worker")
    assert learner.wait(page, 60).attribute("data-failure") == "wrong_pairs"


def test_a_killed_broker_loses_no_submission(running: Supervised, learner: Client) -> None:
    if "broker" not in running.stack.services:
        pytest.skip("the broker is a server of the machine's, not ours to kill")
    first = learner.submit("sliding-window", fresh(SLOW_IMPORT))
    second = learner.submit("sliding-window", fresh(WRONG))
    running.kill("broker")
    third = learner.submit("sliding-window", fresh(WRONG))
    for page in (first, second, third):
        assert learner.wait(page, 90).attribute("data-failure") == "wrong_pairs"


def test_ten_quick_submissions_are_each_graded_or_refused_with_their_text_kept(
    learner: Client,
) -> None:
    pages = [learner.submit("dense-causal", f"number = {number}\n") for number in range(10)]
    for page in pages:
        assert learner.wait(page, 60).attribute("data-failure") == "invalid"


def test_one_who_comes_while_another_has_six_waiting_is_served_next(
    running: Supervised, learner: Client
) -> None:
    other = Client(running.base)
    other.log_in("instructor", "instructor-demo")
    until(lambda: one_worker_counts(other), 60)
    first = fresh(SLOW_IMPORT.replace("sleep(4)", "sleep(9)"))
    later = [fresh(SLOW_IMPORT) for _ in range(5)]
    many = [learner.submit("sliding-window", source) for source in (first, *later)]
    until(lambda: in_stage(learner, many[0]), 30)
    page = other.submit("dense-causal", "number = 0\n")
    assert "next in line" in page.text
    assert other.wait(page, 60).attribute("data-failure") == "invalid"
    unfinished = [one for one in many if learner.get(one.url).attribute("data-state") != "done"]
    assert len(unfinished) >= 4
    for one in many:
        assert learner.wait(one, 150).attribute("data-failure") == "wrong_pairs"


def test_those_who_wait_see_when_it_starts_from_what_was_measured(learner: Client) -> None:
    first, second = (learner.submit("sliding-window", fresh(SLOW_IMPORT)) for _ in range(2))
    until(lambda: in_stage(learner, first), 30)
    told = learner.get(second.url).text
    assert re.search(r"next in line, starts in (a moment|about \d+ s)", told)
    learner.wait(second, 60)


def test_the_same_code_leads_to_the_verdict_that_stands(learner: Client) -> None:
    source = fresh(WRONG)
    first = learner.submit("sliding-window", source)
    learner.wait(first, 60)
    again = learner.submit("sliding-window", f"# the same\n{source}")
    assert again.url == first.url
    assert "nothing was judged anew" in again.text


def test_the_grading_worker_holds_no_secret_of_the_web_side(running: Supervised) -> None:
    process = running.stack.services["grader-1"].process
    assert process is not None
    environment = Path(f"/proc/{process.pid}/environ").read_text().split("\0")
    names = {entry.partition("=")[0] for entry in environment}
    assert "BROKER_URL" in names
    assert not names & {"SECRET_KEY", "DATABASE_URL"}
