"""What is made of a typed pattern, and what of it stays when the pattern is typed again."""

import pytest

from grader.contract import Failure
from grader.exercises.typed import Refused, declare
from question_bank.kinds.code import OUTCOMES, CodeContent
from question_bank.retyping import (
    OWN,
    changed_by_hand,
    declaration_of,
    made_content,
    retyped,
)
from question_bank.variants import read_content
from tests.cast.code import DECLARED, code_content

OTHER = DECLARED.model_copy(update={"pattern": "window(w)"})


def content():
    return code_content() | made_content(DECLARED)


def test_every_outcome_is_a_pass_or_a_failure_that_is_decided():
    undecided = {Failure.UNAVAILABLE, Failure.INCONCLUSIVE}
    assert set(OUTCOMES) == {"passed", *(set(Failure) - undecided)}


def test_all_that_a_declaration_gives_is_in_the_content():
    made, read = declare(DECLARED), read_content(content())
    assert isinstance(read, CodeContent)
    assert read.exercise == made.exercise
    assert (read.statement, read.starter, read.hints) == (made.statement, made.starter, made.hints)
    assert [one.source for one in read.solutions] == [
        made.model,
        *(wrong.source for wrong in made.wrong),
    ]
    assert [one.passes for one in read.solutions] == [True] + [False] * len(made.wrong)
    assert read.typed == DECLARED


def test_what_was_typed_can_be_told_from_the_content():
    assert declaration_of(content()) == DECLARED


@pytest.mark.parametrize("typed", [None, {}, {"slug": "x"}, "causal"])
def test_without_anything_that_was_typed_all_texts_are_the_authors_own(typed):
    own = content() | {"typed": typed}
    assert declaration_of(own) is None
    assert changed_by_hand(own) == list(OWN)


def test_a_content_as_it_was_made_is_made_anew_as_a_whole():
    assert changed_by_hand(content()) == []
    assert retyped(content(), OTHER, ()) == code_content() | made_content(OTHER)


@pytest.mark.parametrize("key", OWN)
def test_what_was_changed_by_hand_stays_unless_it_is_asked_for(key):
    own = content() | {key: content()[key] + content()[key]}
    assert changed_by_hand(own) == [key]
    assert retyped(own, OTHER, ())[key] == own[key]
    assert retyped(own, OTHER, {key})[key] == made_content(OTHER)[key]
    others = set(OWN) - {key}
    assert {one: retyped(own, OTHER, ())[one] for one in others} == {
        one: made_content(OTHER)[one] for one in others
    }


def test_a_pattern_that_makes_no_exercise_changes_nothing():
    with pytest.raises(Refused, match="sees no key"):
        retyped(content(), DECLARED.model_copy(update={"pattern": "window(w) - causal"}), ())
