"""An exercise made of a typed pattern tells right from wrong, and nonsense is refused."""

import base64

import pytest

from grader.contract import GradingJob
from grader.exercises.typed import Declaration, Parameter, Refused, Typed, declare

WINDOW = Parameter(low=3, high=9)


def made(pattern: str, **parameters: Parameter) -> Typed:
    return declare(
        Declaration(
            slug="typed",
            title="A typed pattern",
            pattern=pattern,
            parameters=parameters,
            probe_values={name: one.low for name, one in parameters.items()},
            work=False,
        )
    )


PATTERNS = [
    ("causal & (window(w) | sinks(2))", {"w": WINDOW}),
    ("causal & dilated(s)", {"s": Parameter(low=2, high=5)}),
]


@pytest.mark.sandbox
@pytest.mark.parametrize(("pattern", "parameters"), PATTERNS)
def test_the_model_passes_and_every_wrong_solution_gets_its_failure(
    grade_job, pattern: str, parameters: dict[str, Parameter]
) -> None:
    typed = made(pattern, **parameters)

    def judged(source: str):
        encoded = base64.b64encode(source.encode()).decode()
        return grade_job(
            GradingJob(job="typed", token="t" * 32, source_base64=encoded, exercise=typed.exercise)
        )

    verdict = judged(typed.model)
    assert verdict.passed, verdict.message
    assert len(typed.wrong) >= 5
    for wrong in typed.wrong:
        assert judged(wrong.source).failure == wrong.verdict, wrong.name


@pytest.mark.parametrize(
    ("pattern", "parameters", "field"),
    [
        ("causal & window(w)", {}, "parameters"),
        ("causal & windo(3)", {}, "pattern"),
        ("causal - causal", {}, "pattern"),
    ],
)
def test_what_makes_no_exercise_is_refused_at_its_field(
    pattern: str, parameters: dict[str, Parameter], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        made(pattern, **parameters)
    assert refusal.value.field == field
