"""Questions imported and exported on the command line."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from assessments.models import Course
from question_bank.models import Draft, Question
from tests.cast import oracles
from tests.cast.people import person

pytestmark = pytest.mark.django_db

GOOD = "$CATEGORY: $course$/top/Masks\n\n// [id:sun] [tag:old]\n::Sun::The sun is cold.{F}\n"
TEXT = "\nRead this first.\n"


def run(command: str, *arguments: str | Path) -> tuple[int, str]:
    """Return status and output of a command."""
    out = io.StringIO()
    try:
        call_command(command, *map(str, arguments), stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "questions.gift"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_a_file_is_imported_and_told_as_json(file: Path) -> None:
    status, out = run("import_questions", file, "--format", "gift", "--json")
    told = json.loads(out)
    assert status == 0
    assert (told["items"], told["imported"], told["unsupported"], told["errors"]) == (2, 2, [], [])
    assert Question.objects.get(slug="sun").folder == "Masks"


def test_a_dry_run_tells_the_same_and_imports_nothing(file: Path) -> None:
    dry = run("import_questions", file, "--dry-run", "--json")
    assert not Question.objects.exists()
    assert dry == run("import_questions", file, "--json")


def test_what_is_not_supported_is_told_and_the_rest_imported(file: Path) -> None:
    file.write_text(GOOD + TEXT, encoding="utf-8")
    status, out = run("import_questions", file, "--json")
    assert status == 1
    assert json.loads(out)["unsupported"] == [
        {
            "item": "line 6: Read this first.",
            "reason": "It asks nothing; put its text into the questions that it belongs to.",
        }
    ]
    assert Question.objects.count() == 1


def test_with_an_error_nothing_is_imported(file: Path) -> None:
    file.write_text(GOOD + "\nBroken{", encoding="utf-8")
    status, out = run("import_questions", file, "--json")
    told = json.loads(out)
    assert (status, told["imported"]) == (1, 0)
    assert told["errors"][0].startswith("line 6: Close the answers with }.")
    assert not Question.objects.exists()


def test_people_are_told_in_lines(file: Path) -> None:
    file.write_text(GOOD + TEXT, encoding="utf-8")
    assert run("import_questions", file)[1].splitlines() == [
        "line 4: Sun: new, sun",
        "line 6: Read this first.: not supported. It asks nothing; put its text into the questions"
        " that it belongs to.",
        "3 items, 2 imported: 1 new, 0 changed, 0 unchanged; 1 not supported, 0 errors",
    ]


def test_a_folder_is_one_import_of_its_files(file: Path) -> None:
    below = file.parent / "more"
    below.mkdir()
    (below / "a.gift").write_text("::Moon::Is it round?{T}", encoding="utf-8")
    (below / "a.txt").write_text("no questions", encoding="utf-8")
    _, out = run("import_questions", file.parent, "--json")
    told = json.loads(out)
    assert [one["item"] for one in told["questions"]] == [
        "more/a.gift, line 1: Moon",
        "questions.gift, line 4: Sun",
    ]


def test_drafts_are_those_of_whoever_is_named(file: Path) -> None:
    author = person("author")
    run("import_questions", file, "--by", "author")
    assert Draft.objects.get().saved_by == author


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["nowhere.gift"], "nowhere.gift"),
        (["."], "There is no .xlsx file in"),
        (["questions.gift", "--by", "nobody"], "There is nobody called nobody."),
    ],
)
def test_what_cannot_be_read_is_status_two(
    file: Path, arguments: list[str], why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(file.parent)
    format_of = ["--format", "xlsx"] if arguments == ["."] else []
    with pytest.raises(CommandError, match=why) as fault:
        run("import_questions", *arguments, *format_of)
    assert fault.value.returncode == 2


def test_export_import_export_is_the_same_file(file: Path) -> None:
    run("import_questions", file)
    first, second = file.with_name("first.gift"), file.with_name("second.gift")
    assert run("export_questions", first)[0] == 0
    Question.objects.all().delete()
    run("import_questions", first)
    run("export_questions", second)
    assert first.read_bytes() == second.read_bytes()
    assert "[id:sun]" in first.read_text(encoding="utf-8")


def test_what_a_file_cannot_hold_is_told_with_its_reason(course: Course, tmp_path: Path) -> None:
    status, out = run("export_questions", tmp_path / "out.gift", "--course", "small", "--json")
    told = json.loads(out)
    assert (status, told["exported"]) == (1, 1)
    assert told["unsupported"] == [
        {"item": "keys-seen", "reason": "Its answer is computed for each learner."},
        {
            "item": "sliding-window",
            "reason": "A plain file has no questions of the kind code.",
        },
    ]


@pytest.mark.parametrize(
    ("conditions", "slugs"),
    [
        (["--folder", "Masks"], ["a", "b"]),
        (["--folder", "Masks", "--tag", "old"], ["a"]),
        (["--slug", "c", "--slug", "b"], ["b", "c"]),
        (["--folder", ""], ["c"]),
    ],
)
def test_conditions_choose_what_is_exported(
    file: Path, conditions: list[str], slugs: list[str]
) -> None:
    file.write_text(
        "// [id:c]\nC?{T}\n\n$CATEGORY: Masks\n\n// [id:a] [tag:old]\nA?{T}\n\n"
        "$CATEGORY: Masks/Windows\n\n// [id:b]\nB?{T}\n",
        encoding="utf-8",
    )
    run("import_questions", file)
    out = file.with_name("out.csv")
    run("export_questions", out, "--format", "csv", *conditions)
    rows = out.read_text(encoding="utf-8").splitlines()
    assert sorted(row.partition(",")[0] for row in rows[1:]) == slugs


@pytest.mark.parametrize(
    ("conditions", "why"),
    [
        (["--course", "big"], "There is no course big"),
        (["--slug", "nowhere"], "There is no such question: nowhere."),
    ],
)
def test_conditions_that_name_nothing_are_status_two(
    course: Course, tmp_path: Path, conditions: list[str], why: str
) -> None:
    with pytest.raises(CommandError, match=why) as fault:
        run("export_questions", tmp_path / "out.gift", *conditions)
    assert fault.value.returncode == 2


@oracles.needed
def test_the_folder_of_the_suite_is_accounted_for_item_by_item() -> None:
    assert oracles.FOLDER is not None
    status, out = run("import_questions", oracles.FOLDER / "gift", "--json")
    told = json.loads(out)
    assert status == 1
    assert told["errors"] == []
    assert told["items"] == told["imported"] + len(told["unsupported"])
    assert Question.objects.count() == 84
