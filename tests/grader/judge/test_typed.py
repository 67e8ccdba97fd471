"""An exercise made of a typed pattern tells right from wrong."""

import base64

import pytest

from grader.contract import Failure, GradingJob
from grader.exercises.typed import declare
from tests.grader.exercises.typed_examples import JUDGED
from tests.grader.judge.nearness import skip_where_near


def solutions():
    for example in JUDGED:
        made = declare(example)
        timed = [pytest.mark.timing] if made.exercise.speed else []
        yield pytest.param(made, made.model, None, marks=timed, id=f"{example.slug}/model")
        for wrong in made.wrong:
            marks = [pytest.mark.timing] if wrong.verdict is Failure.TOO_SLOW else []
            source, name = wrong.source, f"{example.slug}/{wrong.name}"
            yield pytest.param(made, source, wrong.verdict, marks=marks, id=name)


@pytest.mark.sandbox
@pytest.mark.parametrize(("made", "source", "verdict"), list(solutions()))
def test_model_and_wrong_solutions_get_their_verdicts(grade_job, made, source, verdict):
    encoded = base64.b64encode(source.encode()).decode()
    found = grade_job(
        GradingJob(job="t", token="t" * 32, source_base64=encoded, exercise=made.exercise)
    )
    skip_where_near(found, verdict or "passed")
    assert found.failure == verdict, found
