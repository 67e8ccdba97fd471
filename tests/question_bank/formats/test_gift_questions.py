"""Questions to GIFT and back: nothing is lost, and what cannot be said is told."""

from hypothesis import given

from question_bank.formats.entries import Entry, Outgoing
from question_bank.formats.gift import files
from question_bank.formats.sameness import said
from tests.question_bank.formats.contents import CONTENTS, outgoing

QUESTIONS = outgoing(CONTENTS)


def again(entries: tuple[Entry, ...]) -> list[Outgoing]:
    return [
        Outgoing(str(one.slug), one.content, one.folder or "", one.tags or ()) for one in entries
    ]


@given(QUESTIONS)
def test_what_is_written_is_read_as_the_same_questions(questions: tuple[Outgoing, ...]) -> None:
    written = files.write(questions)
    told = dict(written.unsupported)
    kept = sorted((one.folder, one.slug) for one in questions if one.slug not in told)
    read = files.read(written.data)
    assert read.errors == ()
    assert [other for other in read.others if other.reason] == []
    by_slug = {one.slug: one for one in questions}
    assert [(one.folder or "", one.slug) for one in read.entries] == kept
    for entry in read.entries:
        assert entry.slug is not None
        assert said(entry.content) == said(by_slug[entry.slug].content)
        assert (entry.tags or ()) == by_slug[entry.slug].tags


@given(QUESTIONS)
def test_writing_what_was_read_gives_the_same_bytes(questions: tuple[Outgoing, ...]) -> None:
    written = files.write(questions)
    assert files.write(again(files.read(written.data).entries)).data == written.data


@given(QUESTIONS)
def test_every_question_is_written_or_told_with_a_reason(questions: tuple[Outgoing, ...]) -> None:
    written = files.write(questions)
    assert written.written + len(written.unsupported) == len(questions)
    assert all(reason.endswith(".") for _, reason in written.unsupported)
