"""Imports are looked at first, carried out whole or not at all, and make drafts."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Course, User
from question_bank.authoring import discard_draft, save_draft
from question_bank.exchange import (
    FORMATS,
    Imported,
    ImportRefusedError,
    Plan,
    Source,
    apply,
    export,
    plan,
)
from question_bank.exchange.naming import slug_of
from question_bank.models import Concept, Draft, Question, QuestionEvent, Tag
from tests.cast import oracles
from tests.cast.people import person
from tests.question_bank.formats.test_gift_oracle import files as oracle_files

pytestmark = pytest.mark.django_db

TWO = """\
$CATEGORY: $course$/top/Masks/Windows

// [id:own-name] [tag:old] [tag:concept:window] [tag:difficulty:2]
::Who::Who sees it?{=nobody#Yes. ~all}

::Sun::The sun is cold.{F}
"""


def planned(text: str, by: int | None = None, name: str = "") -> Plan:
    return plan([Source(name, text.encode())], "gift", by=by)


def imported(text: str, by: int | None = None) -> Imported:
    return apply(planned(text, by), by=by)


def gift() -> str:
    return export(Question.objects.all(), "gift").data.decode()


def draft(slug: str) -> Draft:
    return Draft.objects.get(question__slug=slug)


@pytest.fixture
def author(db: None) -> User:
    return person("author")


@pytest.fixture
def other(db: None) -> User:
    return person("other")


def test_looking_at_an_import_changes_nothing() -> None:
    found = planned(TWO)
    assert [(one.what, one.slug) for one in found.changes] == [("new", "own-name"), ("new", "sun")]
    assert (found.items, found.imported, found.errors) == (3, 3, ())
    assert not Question.objects.exists()
    assert not Tag.objects.exists()


def test_what_is_new_becomes_a_draft_with_a_place_and_a_history(author: User) -> None:
    Concept.objects.create(slug="window", title="W", chapter="C", summary="S", body="B")
    assert imported(TWO, author.pk) == Imported(("own-name", "sun"), ())
    question = Question.objects.get(slug="own-name")
    assert question.live is None
    assert (question.kind, question.title, question.folder) == ("choice", "Who", "Masks/Windows")
    assert (question.bloom, question.difficulty) == ("understand", 2)
    assert [tag.name for tag in question.tags.all()] == ["old"]
    assert [concept.slug for concept in question.concepts.all()] == ["window"]
    assert question.draft.content["choices"][0]["feedback"] == "Yes."
    assert (question.draft.revision, question.draft.saved_by) == (1, author)
    assert list(question.draft.writers.all()) == [author]
    (event,) = question.events.all()
    assert (event.action, event.by) == (QuestionEvent.Action.IMPORTED, author)


def test_the_same_file_again_changes_nothing(author: User) -> None:
    imported(TWO, author.pk)
    events = QuestionEvent.objects.count()
    found = planned(TWO, author.pk)
    assert [one.what for one in found.changes] == ["unchanged", "unchanged"]
    assert found.imported == 3
    apply(found, by=author.pk)
    assert draft("own-name").revision == 1
    assert QuestionEvent.objects.count() == events


def test_what_says_something_else_is_saved_over_the_own_draft(author: User) -> None:
    imported(TWO, author.pk)
    found = planned(TWO.replace("~all", "~some").replace("Masks/Windows", "Masks"), author.pk)
    assert [(one.what, one.keys) for one in found.changes] == [
        ("changed", ("folder", "choices")),
        ("changed", ("folder",)),
    ]
    assert apply(found, by=author.pk) == Imported((), ("own-name", "sun"))
    assert draft("own-name").content["choices"][1]["text"] == "some"
    assert [draft(slug).revision for slug in ("own-name", "sun")] == [2, 1]
    assert set(Question.objects.values_list("folder", flat=True)) == {"Masks"}
    newest = Question.objects.get(slug="own-name").events.first()
    assert newest is not None
    assert newest.note == "folder, choices"


def test_a_draft_of_somebody_else_is_never_saved_over(author: User, other: User) -> None:
    imported(TWO, other.pk)
    found = planned(TWO.replace("~all", "~some"), author.pk)
    (error,) = found.errors
    assert error.startswith("line 4: Who: other is writing a draft of own-name")
    assert found.imported == 0
    with pytest.raises(ImportRefusedError):
        apply(found, by=author.pk)
    assert planned(TWO, author.pk).errors == ()


def test_with_one_error_nothing_is_imported(author: User) -> None:
    found = planned(TWO + "\nBroken?{", author.pk)
    assert found.errors == (
        "line 8: Close the answers with }. A blank line ends a question; a brace that is text is"
        " written \\{ or \\}.",
    )
    with pytest.raises(ImportRefusedError):
        apply(found, by=author.pk)
    assert not Question.objects.exists()


def test_what_is_live_stays_until_the_draft_is_published(course: Course, author: User) -> None:
    before = Question.objects.get(slug="which-cut")
    text = gift()
    assert "[id:which-cut]" in text
    assert [one.what for one in planned(text, author.pk).changes] == ["unchanged"]
    stem = before.live.content["stem"].strip() if before.live else ""
    imported(text.replace(stem[:12], "Now, then: what"), author.pk)
    after = Question.objects.get(slug="which-cut")
    assert after.live == before.live
    assert after.title == before.title
    assert after.draft.based_on == before.live
    assert after.draft.content["stem"].startswith("Now, then: what")
    assert after.draft.content["concepts"] == list(before.live.content["concepts"])
    assert gift() == text


def test_what_a_file_does_not_say_stays_as_it_is(author: User) -> None:
    Concept.objects.create(slug="window", title="W", chapter="C", summary="S", body="B")
    imported(TWO, author.pk)
    told = draft("own-name").content | {
        "bloom": "create",
        "tests": [{"answer": "1", "credit": "1"}],
    }
    save_draft(draft("own-name"), told, author.pk, revision=1)
    imported("// [id:own-name]\nWho sees what?{=nobody#Yes. ~all}", author.pk)
    question = Question.objects.get(slug="own-name")
    assert question.folder == "Masks/Windows"
    assert [tag.name for tag in question.tags.all()] == ["old"]
    said = question.draft.content
    assert said["stem"] == "Who sees what?\n"
    assert (said["title"], said["bloom"], said["difficulty"]) == ("Who", "create", 2)
    assert said["concepts"] == ["window"]
    assert len(said["tests"]) == 1


def test_a_question_that_changed_since_it_was_looked_at_is_not_overwritten(author: User) -> None:
    imported(TWO, author.pk)
    found = planned(TWO.replace("~all", "~some"), author.pk)
    save_draft(
        draft("own-name"), draft("own-name").content | {"stem": "Who?"}, author.pk, revision=1
    )
    with pytest.raises(ImportRefusedError, match="have changed since"):
        apply(found, by=author.pk)
    assert draft("own-name").content["stem"] == "Who?"


def test_a_name_that_was_taken_meanwhile_stops_the_whole_import(author: User) -> None:
    found = planned(TWO, author.pk)
    Question.objects.create(slug="sun", kind="choice", title="Other")
    with pytest.raises(ImportRefusedError, match="have changed since"):
        apply(found, by=author.pk)
    assert list(Question.objects.values_list("slug", flat=True)) == ["sun"]


def test_names_come_from_titles_and_are_the_same_again(author: User) -> None:
    text = (
        "::Ärger's 2 Öl!::a?{T}\n\n::Ärger's 2 Öl!::b?{F}\n\n::数::c?{T}\n\n::Ärger's 2 Öl!::d?{=x}"
    )
    first = [one.slug for one in planned(text).changes]
    assert first == ["argers-2-ol", "argers-2-ol-2", "question", "argers-2-ol-3"]
    imported(text, author.pk)
    again = planned(text, author.pk)
    assert [(one.slug, one.what) for one in again.changes] == [
        (slug, "unchanged") for slug in first
    ]


def test_a_name_made_from_a_title_is_never_that_of_another_question(author: User) -> None:
    Question.objects.create(slug="sun", kind="choice", title="The sun in general")
    assert [one.slug for one in planned(TWO).changes] == ["own-name", "sun-2"]


def test_a_name_that_the_file_gives_is_that_of_one_question_of_one_kind(author: User) -> None:
    Question.objects.create(slug="own-name", kind="short", title="Who")
    twice = planned(TWO + "\n// [id:sun-2]\nA?{T}\n\n// [id:sun-2]\nB?{T}")
    assert [error.split(": ", 2)[2] for error in twice.errors] == [
        "The question own-name is of the kind short and stays so; this one is of the kind choice."
        " Give it another name.",
        "Two questions are called sun-2; give one of them another name.",
    ]


def test_several_files_are_one_import_and_are_named_in_reports(author: User) -> None:
    sources = [Source("a.gift", b"::Sun::One?{T}"), Source("b.gift", b"::Sun::Two?{T}\n\nText.")]
    found = plan(sources, "gift", by=author.pk)
    assert [(one.label, one.slug) for one in found.changes] == [
        ("a.gift, line 1: Sun", "sun"),
        ("b.gift, line 1: Sun", "sun-2"),
    ]
    assert found.unsupported[0][0] == "b.gift, line 3: Text."


def test_places_that_the_bank_cannot_hold_are_errors() -> None:
    text = f"$CATEGORY: {'x' * 256}\n\n// [tag:{'t' * 61}]\nA?{{T}}"
    (error,) = planned(text).errors
    assert "its folder has more than 255 characters" in error
    (error,) = planned(text.replace("x" * 256, "x")).errors
    assert "has more than 60 characters" in error


def test_an_unfinished_draft_is_no_reason_to_fail(author: User) -> None:
    imported(TWO, author.pk)
    save_draft(
        draft("own-name"), {"kind": "choice", "title": "Who", "choices": []}, author.pk, revision=1
    )
    found = export(Question.objects.all(), "gift")
    assert (found.exported, found.unsupported) == (1, (("own-name", "Its draft is not finished."),))
    (change, _) = planned(TWO, author.pk).changes
    assert (change.what, change.keys) == ("changed", ("content",))


def test_a_command_imports_in_nobodys_name(author: User) -> None:
    imported(TWO)
    assert draft("own-name").saved_by is None
    assert planned(TWO.replace("~all", "~some"), author.pk).errors == ()


def test_a_report_is_json() -> None:
    told = json.loads(json.dumps(planned(TWO + "\nText only.").as_json()))
    assert (told["items"], told["imported"], told["new"], told["errors"]) == (4, 3, 2, [])
    assert told["unsupported"] == [
        {
            "item": "line 8: Text only.",
            "reason": "It asks nothing; put its text into the questions that it belongs to.",
        }
    ]
    assert told["questions"][1]["item"] == "line 6: Sun"


def test_more_questions_than_an_import_may_have_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("question_bank.exchange.planning.MOST_QUESTIONS", 1)
    found = planned(TWO)
    assert found.errors == ("Split the import: it has 2 questions, and 1 are the most.",)
    assert found.changes == ()


@pytest.mark.parametrize("name", FORMATS)
def test_export_import_export_gives_the_same_questions(name: str, course: Course) -> None:
    imported(TWO + "\n::Num::Pi?{#3.1415:0.0005####[markdown]Yes.\\n\\nSource\\: A book.}")
    first = export(Question.objects.order_by("-slug"), name)
    assert first.exported == 4
    for row in Draft.objects.all():
        discard_draft(row, by=None)  # type: ignore[arg-type]
    again = plan([Source("", first.data)], name, by=None)
    assert sorted(one.what for one in again.changes) == ["new", "new", "new", "unchanged"]
    apply(again, by=None)
    second = export(Question.objects.all(), name)
    if name == "xlsx":  # a workbook holds the time at which it was written
        assert FORMATS[name].read(second.data) == FORMATS[name].read(first.data)
    else:
        assert second.data == first.data


@pytest.mark.parametrize("path", oracle_files())
def test_every_item_of_the_suites_files_is_accounted_for(path: Path) -> None:
    found = plan([Source("", path.read_bytes())], "gift", by=None)
    expected: list[Any] = json.loads(path.with_suffix(".json").read_text("utf-8"))
    assert found.items == len(expected) == found.imported + len(found.unsupported)
    apply(found, by=None)
    assert Question.objects.count() == len(found.changes)
    again = plan([Source("", path.read_bytes())], "gift", by=None)
    assert {one.what for one in again.changes} <= {"unchanged"}


@oracles.needed
def test_all_files_of_the_suite_are_one_import_and_a_fixed_point() -> None:
    paths = [path.values[0] for path in oracle_files()]
    found = plan([Source(path.name, path.read_bytes()) for path in paths], "gift", by=None)
    assert found.errors == ()
    assert len(apply(found, by=None).new) == 84
    text = gift()
    assert {one.what for one in planned(text).changes} == {"unchanged"}


def test_queries_do_not_grow_with_the_questions(author: User) -> None:
    def queries(count: int) -> int:
        text = "\n\n".join(f"// [tag:t{n}]\n::Q {count} {n}::{n}?{{=a ~b}}" for n in range(count))
        with CaptureQueriesContext(connection) as asked:
            imported(text, author.pk)
        return len(asked)

    assert queries(40) == queries(4) <= 50


def test_a_title_without_letters_still_gives_a_name() -> None:
    assert slug_of("…") == "question"
    assert slug_of("x" * 100) == "x" * 70


def test_an_export_names_the_questions_whose_author_tests_no_file_holds(course: Course) -> None:
    imported(TWO)
    row = Draft.objects.order_by("pk").first()
    assert row is not None
    row.content["tests"] = [{"answer": "1", "credit": "1"}]
    row.save()
    made = export(Question.objects.filter(draft__isnull=False), "gift")
    assert made.left_out == (row.question.slug,)


@pytest.mark.parametrize("formula", ["$$n^2$$", r"\\(n^2\\)"])
def test_an_import_says_that_formulas_of_html_are_shown_as_typed(formula: str) -> None:
    (change,) = planned(f"::Q::[html]<p>Of {formula}?</p>{{T}}").changes
    assert change.notes == (
        "Its formulas are shown as they are typed; write them between $ signs.",
    )


def test_html_that_would_be_read_for_seconds_is_refused() -> None:
    found = planned(f"::Q::[html]{'<b>x</b> ' * 20_000}{{T}}")
    assert "more than 100,000 characters" in found.unsupported[0][1]
