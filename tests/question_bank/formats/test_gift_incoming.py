"""What each GIFT question becomes, and why some become none."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from question_bank.formats.entries import Entry, Outgoing, Read
from question_bank.formats.gift import files
from question_bank.formats.gift.folders import category_of, folder_of
from question_bank.kinds.choice import ChoiceContent
from question_bank.kinds.essay import EssayContent
from question_bank.kinds.matching import MatchingContent
from question_bank.kinds.multi import MultiContent
from question_bank.kinds.numeric import NumericContent, NumericVariant
from question_bank.kinds.short import ShortContent
from tests.cast import oracles
from tests.question_bank.formats.test_gift_oracle import files as oracle_files

# So many items of the suite's files are no question of ours, for these reasons.
LEFT_OUT = {
    "category1": ["No question is kept in it, and folders are only where questions are."],
    "categorySpecialCharacter": [
        "No question is kept in it, and folders are only where questions are."
    ],
    "description1": ["It asks nothing"],
    "descriptionTitleEscapedColon": ["It asks nothing"],
    "descriptionWithID": ["It asks nothing"],
    "escapeColon": ["4 of its answers are right and one may be chosen"],
    "giftFormatPhpExamples": ["“half credit answer” earns 50 %", "A number of it earns 50 %"],
    "markdown": ["It asks nothing"] * 4,
    "mcHTMLComment": ['It holds the HTML <span style="color: #ff6600;">'],
    "multiLineFeedback1": ["It holds the HTML <span "],
    "numerical1": ["A number of it earns 50 %", 'It holds the HTML <a title="Gang des quatre"'],
    "options1": ["“half credit answer” earns 50 %", "“Bethlehem” earns 25 %"],
}


def read(text: str) -> Read:
    return files.read(text.encode())


def entry(text: str) -> Entry:
    (found,) = read(text).entries
    return found


def content(text: str) -> Any:
    return entry(text).content


def reason(text: str) -> str:
    found = read(text)
    assert (found.entries, found.errors) == ((), ())
    (other,) = found.others
    return other.reason


@pytest.mark.parametrize("path", oracle_files())
def test_every_item_of_the_suite_is_kept_or_left_out_for_its_reason(path: Path) -> None:
    found = files.read(path.read_bytes())
    assert found.errors == ()
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    assert len(found.entries) + len(found.others) == len(expected)
    reasons = LEFT_OUT.get(path.stem, [])
    assert len(found.others) == len(reasons)
    for other, said in zip(found.others, reasons, strict=True):
        assert other.reason.startswith(said)


@pytest.mark.parametrize("path", oracle_files())
def test_the_suite_written_read_and_written_is_the_same_bytes(path: Path) -> None:
    entries = files.read(path.read_bytes()).entries
    questions = [
        Outgoing(one.slug or f"q-{n:03}", one.content, one.folder or "", one.tags or ())
        for n, one in enumerate(entries)
    ]
    first = files.write(questions)
    assert (first.written, first.unsupported) == (len(entries), ())
    again = [
        Outgoing(str(one.slug), one.content, one.folder or "", one.tags or ())
        for one in files.read(first.data).entries
    ]
    assert files.write(again).data == first.data


@oracles.needed
def test_the_suite_gives_84_questions() -> None:
    paths = [path.values[0] for path in oracle_files()]
    assert sum(len(files.read(path.read_bytes()).entries) for path in paths) == 84


def test_one_right_answer_of_several_is_a_choice() -> None:
    asked = content("Grant is {~buried#No. =entombed#Yes! ~living} in the tomb.")
    assert isinstance(asked, ChoiceContent)
    assert asked.stem == "Grant is _____ in the tomb.\n"
    assert [(one.text, one.correct, one.feedback) for one in asked.choices] == [
        ("buried", False, "No."),
        ("entombed", True, "Yes!"),
        ("living", False, ""),
    ]


def test_true_or_false_is_a_choice_whose_feedback_follows_the_answer() -> None:
    asked = content("The sun is cold.{F#It is hot.#Well done.}")
    assert isinstance(asked, ChoiceContent)
    assert [(one.text, one.correct, one.feedback) for one in asked.choices] == [
        ("True", False, "It is hot."),
        ("False", True, "Well done."),
    ]


def test_weights_make_a_question_with_several_answers() -> None:
    asked = content("Two?{~%-50%a ~%75%b#Yes ~%25%c}")
    assert isinstance(asked, MultiContent)
    assert asked.marking == "weights"
    assert [one.weight for one in asked.choices] == list(map(Decimal, ("-0.5", "0.75", "0.25")))


def test_three_thirds_are_a_whole() -> None:
    asked = content("Which?{~%33.33333%a ~%33.33333%b ~%33.33333%c ~%-100%d}")
    assert asked.choices[0].weight == Decimal("0.333333334")
    assert asked.choices[3].weight == -1


def test_usual_weights_are_not_written_out() -> None:
    asked = content("Which?{~%50%a ~%50%b ~%-50%c}")
    assert [one.weight for one in asked.choices] == [None, None, None]


def test_words_have_credit_and_the_star_alone_is_for_all_others() -> None:
    asked = content("Best?{=Frog#Good! =%50%Cat =%33.33333%*at =%0%*#Completely wrong}")
    assert isinstance(asked, ShortContent)
    assert [(one.words, one.credit) for one in asked.accepted] == [
        ("Frog", 1),
        ("Cat", Decimal("0.5")),
        ("*at", Decimal("0.3333")),
    ]
    assert asked.otherwise == "Completely wrong"


def test_the_full_answer_comes_first() -> None:
    asked = content("Where?{=%25%Bethlehem =Nazareth}")
    assert [one.words for one in asked.accepted] == ["Nazareth", "Bethlehem"]


@pytest.mark.parametrize(
    ("answer", "number", "size"),
    [
        ("1822", "1822", None),
        ("3.1415:0.0005", "3.1415", "0.0005"),
        ("3.141..3.142", "3.1415", "0.0005"),
        ("-5..5", "0", "5"),
        ("=%100%9:0", "9", None),
    ],
)
def test_a_number_has_the_distance_that_is_allowed(
    answer: str, number: str, size: str | None
) -> None:
    asked = content(f"How much?{{#{answer}}}")
    assert isinstance(asked, NumericContent)
    assert asked.answer.number == Decimal(number)
    assert (asked.tolerance and str(asked.tolerance.size)) == size


def test_wrong_numbers_and_all_others_keep_what_is_said_to_them() -> None:
    asked = content("How many?{# =%0%5:0#Five stand in the book. =9:0#Nine. ~#No.}")
    variant = NumericVariant(asked, 0)
    said = {number: variant.mark({"number": number}).feedback for number in ("5", "9", "7")}
    assert said == {"5": "Five stand in the book.", "9": "Nine.", "7": "No."}


def test_pairs_match_and_a_right_side_alone_misleads() -> None:
    asked = content("Match.{=Canada -> Ottawa =Italy->Rome = -> Oslo*}")
    assert isinstance(asked, MatchingContent)
    assert [(pair.premise, pair.option) for pair in asked.pairs] == [
        ("Canada", "Ottawa"),
        ("Italy", "Rome"),
    ]
    assert asked.distractors == ("Oslo\\*",)


def test_an_essay_gets_a_rubric_and_says_so() -> None:
    found = entry("Write about it.{####Look at chapter 2.}")
    assert isinstance(found.content, EssayContent)
    assert found.content.explanation == "Look at chapter 2.\n"
    assert [one.points for one in found.content.rubric] == [10]
    assert found.notes == (
        "It gets a rubric of one criterion; write one that says what earns points.",
    )


def test_feedback_for_everybody_explains_and_may_name_a_source() -> None:
    asked = content("Yes?{T####[markdown]Because.\\n\\nSource\\: A book, 2020.}")
    assert (asked.explanation, asked.source) == ("Because.\n", "A book, 2020.")


def test_labels_are_slug_tags_and_place_in_the_course() -> None:
    found = entry(
        "// [id:yes-or-no] [tag:old] [tag:concept:window] [tag:bloom:apply] [tag:difficulty:2]\n"
        "::Yes::Yes?{T}"
    )
    assert (found.slug, found.tags) == ("yes-or-no", ("old",))
    assert found.content.concepts == ("window",)
    assert (found.content.bloom, found.content.difficulty) == ("apply", 2)
    assert {"concepts", "bloom", "difficulty"} <= found.told


def test_what_labels_do_not_say_is_not_told() -> None:
    found = entry("Yes?{T}")
    assert not {"concepts", "bloom", "difficulty"} & found.told
    assert (found.slug, found.folder, found.tags) == (None, None, None)


def test_labels_that_mean_nothing_here_stay_tags() -> None:
    found = entry("// [id:Q_1] [tag:bloom:know] [tag:difficulty:9]\nYes?{T}")
    assert found.slug is None
    assert found.tags == ("bloom:know", "difficulty:9", "id:Q_1")


def test_a_question_without_a_title_is_called_by_its_text() -> None:
    asked = content(
        "[markdown]Is **this** _it_, `a*b` and all that follows after the sixtieth sign?{T}"
    )
    assert asked.title == "Is this _it_, ab and all that follows after the sixtieth…"


def test_categories_are_folders_of_what_follows() -> None:
    found = read("$CATEGORY: $course$/top\n\n$CATEGORY: $course$/top/A/B b\n\nYes?{T}\n\nNo?{F}")
    assert [one.folder for one in found.entries] == ["A/B b", "A/B b"]
    assert [other.reason for other in found.others] == ["", ""]


@pytest.mark.parametrize(
    ("category", "folder"),
    [
        ("$course$/top/Default for Unit 1: Topic", "Default for Unit 1: Topic"),
        ("$system$/top/ A / B", "A/B"),
        ("tom/dick//harry", "tom/dick-harry"),
        ("$course$", ""),
        ("top", ""),
    ],
)
def test_a_category_is_a_folder_without_its_place_in_moodle(category: str, folder: str) -> None:
    assert folder_of(category) == folder
    assert folder_of(category_of(folder)) == folder


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Read this first.", "It asks nothing; put its text into the questions"),
        ("Best?{=a ~%50%b}", "“b” earns 50 % where one answer may be chosen"),
        ("Best?{=a =b ~c}", "2 of its answers are right and one may be chosen"),
        ("Two?{~%50%a ~%25%b ~c}", "The weights of its right answers add up to 75 %"),
        ("All?{~%50%a ~%50%b}", "All of its answers are right"),
        ("Many?{" + "~a " * 12 + "=b}", "It has 13 answers; 12 are the most."),
        ("Star?{=2\\\\*3}", "None of its answers is the full one"),
        ("Star?{=6 =2\\\\*3}", "An answer of it holds a star"),
        ("Minus?{=a =%-50%b}", "An answer of it takes away 50 %"),
        ("Fine?{=a =%12.345678%b}", "Credit has four places, and 12.345678 % has more."),
        ("None?{=*}", "None of its answers is the full one, written out without *."),
        ("[html]Tag?{=<b>a</b>}", "Its answers hold HTML, which nobody types."),
        ("Two?{#=1 =2}", "2 numbers of it are right"),
        ("Half?{#=1 =%50%2}", "A number of it earns 50 %"),
        ("Any?{#=1 =%50%*}", "Any number earns something."),
        ("Own?{#=1:0 =%0%2:1#No}", "The wrong number 2 has a tolerance of its own."),
        ("Nil?{#=1:0 =%0%2:0}", "To the wrong number 2 nothing is said."),
        ("Near?{#=%0%2:1#No =1:1}", "A wrong number stands above the right one and may be it."),
        ("Twice.{=a -> b =a -> c}", "Two premises are the same."),
        ("[html]<p></p>{T}", "It shows no text."),
        ("[html]x{=<p>a</p><p>b</p> ~c}", "An answer of it has several paragraphs"),
        ("::" + "t" * 121 + "::Long?{T}", "Its title has 121 characters; 120 are the most."),
        ("[markdown]Sum [[1 + x]]?{#3}", "Stem: "),
    ],
)
def test_what_cannot_be_ours_is_told_in_the_words_of_its_author(text: str, why: str) -> None:
    assert reason(text).startswith(why)


def test_a_fault_names_its_line() -> None:
    (error,) = read("Yes?{T}\n\nNo?{\n=a\n").errors
    assert str(error).startswith("line 3: Close the answers with }.")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("Ja?{T}".encode("utf-16"), "UTF-16"),
        (b"Yes?{T}\n\nCaf\xe9?{T}", "line 3 is in something else"),
        (b"Yes?{T}\n\0", "line 2 holds a null character"),
        (b" " * (10 * 2**20 + 1), "larger than 10 MB"),
    ],
)
def test_a_file_that_is_no_text_is_refused_whole(data: bytes, why: str) -> None:
    found = files.read(data)
    assert (found.entries, found.others) == ((), ())
    (error,) = found.errors
    assert why in str(error)
