"""The difference of two contents: nothing left out, nothing that is not one."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from question_bank.differences import Change, Run, changes

texts = st.text(alphabet="ab c\n", max_size=60)
contents = st.dictionaries(
    st.sampled_from(["stem", "choices", "title"]),
    texts | st.lists(st.fixed_dictionaries({"text": texts, "correct": st.booleans()}), max_size=4),
)


def test_only_what_changed_is_told_with_its_place() -> None:
    old = {"title": "Keys", "choices": [{"text": "one", "feedback": "No."}]}
    new = {"title": "Keys", "choices": [{"text": "one", "feedback": "Not yet."}]}
    assert changes(old, new) == [
        Change(
            "choice 1, feedback",
            (Run("removed", "No"), Run("added", "Not yet"), Run("same", ".")),
        )
    ]


def test_a_choice_put_in_between_is_one_change() -> None:
    first, second, third = ({"text": word} for word in ("one", "two", "three"))
    (change,) = changes({"choices": [first, third]}, {"choices": [first, second, third]})
    assert change == Change("choice 2", (Run("added", "text: two"),))


def test_a_choice_taken_away_is_told_by_its_old_number() -> None:
    first, second = {"text": "one"}, {"text": "two"}
    (change,) = changes({"choices": [first, second]}, {"choices": [first]})
    assert change == Change("choice 2", (Run("removed", "text: two"),))


def test_long_stretches_that_stayed_are_shortened() -> None:
    stem = "word " * 100
    (change,) = changes({"stem": stem + "old"}, {"stem": stem + "new"})
    assert [run.kind for run in change.runs] == ["same", "removed", "added"]
    assert "…" in change.runs[0].text
    assert len(change.runs[0].text) < 200


@given(texts, texts)
def test_what_stayed_and_was_added_is_the_new_text_and_what_stayed_and_went_the_old(
    old: str, new: str
) -> None:
    runs = [run for change in changes({"stem": old}, {"stem": new}) for run in change.runs]
    if old != new:
        assert "".join(run.text for run in runs if run.kind != "removed") == new
        assert "".join(run.text for run in runs if run.kind != "added") == old


@given(contents)
def test_a_content_does_not_differ_from_itself(content: dict[str, Any]) -> None:
    assert changes(content, content) == []
