"""What the box for a text shows, and the rubric beside it."""

from typing import Any

from assessments.web.prose import render, render_inline
from question_bank.kinds.writing import Writing, count_words


def writing_form(asked: Writing, text: str) -> dict[str, Any]:
    """Return what a text box shows: the text it holds, its length, and the rubric beside it."""
    return {
        "text": text,
        "number": count_words(text),
        "least": asked.words.least,
        "most": asked.words.most,
        "marked": asked.marked,
        "rubric": [
            {
                "title": criterion.title,
                "points": criterion.points,
                "description": render(criterion.description),
                "levels": [
                    {"points": level.points, "description": render_inline(level.description)}
                    for level in criterion.levels
                ],
            }
            for criterion in asked.rubric
        ],
    }
