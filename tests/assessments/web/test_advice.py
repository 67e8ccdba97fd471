import pytest

from assessments.web.advice import HEADLINES, NEXT_STEPS, next_steps
from grader.contract import Failure
from tests.assessments.web import costs, verdicts


def told(name: str) -> str:
    return " ".join(str(step) for step in next_steps(costs.EVERY[name]))


@pytest.mark.parametrize("failure", Failure)
def test_every_failure_has_a_headline_and_a_way_on(failure: Failure) -> None:
    assert HEADLINES[failure]
    assert NEXT_STEPS[failure]


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("a shift too many", "shifts"),
        ("the whole cache kept", "buffers"),
        ("slow decoding", "tokens"),
        ("masked dense", "mask"),
        ("other keys chosen", "scores"),
        ("wrong sums", "sum of its own weights"),
    ],
)
def test_the_advice_fits_the_check_that_failed(name: str, word: str) -> None:
    assert word in told(name)


def test_growth_is_advised_on_and_not_the_speed() -> None:
    growing = verdicts.GROWTH.model_copy(update={"passed": False, "slope": 1.9})
    verdict = costs.verdict("sliding-window", Failure.TOO_SLOW, verdicts.RIGHT, growing)
    assert "Double n" in str(next_steps(verdict)[0])


@pytest.mark.parametrize("name", ["held", "ring passed"])
def test_there_is_nothing_to_try_where_a_person_decides_or_all_is_well(name: str) -> None:
    assert next_steps(costs.EVERY[name]) == ()
