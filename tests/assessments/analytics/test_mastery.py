"""What answers say of an ability: an independent integral on a fine grid is the oracle."""

import math

from hypothesis import given
from hypothesis import strategies as st

from assessments.analytics.mastery import ENOUGH, Ability, Answer, after, mastery

answers = st.builds(
    Answer,
    share=st.floats(0, 1),
    difficulty=st.integers(1, 5),
    chance=st.floats(0, 0.5),
)


def on_a_grid(ability: Ability, answer: Answer) -> tuple[float, float]:
    """Return mean and variance after an answer, by sums over 4,001 abilities."""
    deviation = math.sqrt(ability.variance)
    grid = [ability.mean + deviation * (step - 2000) / 250 for step in range(4001)]
    masses = []
    for value in grid:
        solved = 1 / (1 + math.exp((answer.difficulty - 3) * 0.8 - value))
        solved = answer.chance + (1 - answer.chance) * solved
        likelihood = solved**answer.share * (1 - solved) ** (1 - answer.share)
        masses.append(likelihood * math.exp(-((value - ability.mean) ** 2) / 2 / ability.variance))
    total = sum(masses)
    mean = sum(v * m for v, m in zip(grid, masses, strict=True)) / total
    variance = sum((v - mean) ** 2 * m for v, m in zip(grid, masses, strict=True)) / total
    return mean, variance


@given(st.floats(-3, 3), st.floats(0.05, 2.5), answers)
def test_an_answer_moves_mean_and_variance_as_the_integral_says(
    mean: float, variance: float, answer: Answer
) -> None:
    found = after(Ability(mean, variance), answer)
    expected_mean, expected_variance = on_a_grid(Ability(mean, variance), answer)
    assert abs(found.mean - expected_mean) < 0.02
    assert abs(found.variance - expected_variance) < 0.05 * variance


@given(st.lists(answers, max_size=12), st.integers(1, 5), st.floats(0, 0.5))
def test_a_right_answer_never_lowers_the_estimate_nor_a_wrong_one_raises_it(
    earlier: list[Answer], difficulty: int, chance: float
) -> None:
    now = mastery(earlier).likely
    assert mastery([*earlier, Answer(1, difficulty, chance)]).likely >= now - 1e-9
    assert mastery([*earlier, Answer(0, difficulty, chance)]).likely <= now + 1e-9


def test_a_right_answer_that_guessing_may_give_says_less() -> None:
    worked_out = mastery([Answer(1, 3, 0)] * ENOUGH)
    guessed = mastery([Answer(1, 3, 0.5)] * ENOUGH)
    assert worked_out.likely > guessed.likely
    assert worked_out.high - worked_out.low < guessed.high - guessed.low


def test_a_hard_question_solved_says_more_than_an_easy_one() -> None:
    assert mastery([Answer(1, 5, 0)] * 5).likely > mastery([Answer(1, 1, 0)] * 5).likely


def test_what_was_learnt_since_outweighs_what_was_wrong_at_first() -> None:
    wrong, right = [Answer(0, 3, 0)] * 5, [Answer(1, 3, 0)] * 5
    assert mastery([*wrong, *right]).likely > mastery([*right, *wrong]).likely


@given(st.lists(answers, max_size=10))
def test_nothing_is_said_below_five_answers(given_answers: list[Answer]) -> None:
    found = mastery(given_answers)
    assert found.is_known is (len(given_answers) >= 5)
    assert 0 < found.low < found.likely < found.high < 1


def test_the_band_narrows_with_answers() -> None:
    def width(count: int) -> float:
        found = mastery([Answer(count % 2, 3, 0) for count in range(count)])
        return found.high - found.low

    assert width(30) < width(10) < width(4)
