"""What a question of a plain file says without saying it."""

from question_bank.kinds.writing import Criterion, Words

BLOOM = "understand"
DIFFICULTY = 3

WORDS = Words(least=1, most=1000)
RUBRIC = (
    Criterion(
        key="answer",
        title="Answer",
        points=10,
        description="How well the text answers the question.",
    ),
)
"""For an essay from a format that has no rubrics: whoever marks it gives points for the whole."""
