"""A course's folder: written whole, and nothing of others touched."""

from pathlib import Path

import pytest

from question_bank.courses.folders import FolderInUseError, write_folder

FILES = {
    "course.yaml": "slug: a\n",
    "concepts/one.md": "---\n---\nOne.\n",
    "questions/first/question.yaml": "kind: choice\n",
    "questions/first/stem.md": "First?\n",
}


def there(folder: Path) -> dict[str, str]:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_text() for path in paths}


def test_files_are_written_into_a_new_folder(tmp_path: Path) -> None:
    changes = write_folder(FILES, tmp_path / "deep" / "course")
    assert there(tmp_path / "deep" / "course") == FILES
    assert changes.written == tuple(FILES)


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    write_folder(FILES, tmp_path)
    assert there(tmp_path) == FILES


def test_a_folder_that_holds_something_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(FolderInUseError):
        write_folder(FILES, tmp_path)
    assert there(tmp_path) == {"notes.txt": "mine"}


def test_a_file_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "course").write_text("mine")
    with pytest.raises(FolderInUseError):
        write_folder(FILES, tmp_path / "course")


def test_with_force_what_is_no_longer_in_the_course_goes_and_nothing_else(tmp_path: Path) -> None:
    kept = {
        "README.md": "mine",
        "concepts/picture.svg": "mine",
        "concepts/Notes.md": "mine",
        "concepts/drafts/two.md": "mine",
        "questions/notes.txt": "mine",
        "questions/first/notes.txt": "mine",
        "questions/first/deep/stem.md": "mine",
        "other/questions/second/stem.md": "mine",
    }
    gone = {
        "concepts/two.md": "Two.\n",
        "questions/first/hints.md": "## A\n",
        "questions/second/question.yaml": "kind: choice\n",
        "questions/second/explanation.md": "So.\n",
    }
    for name, text in (kept | gone).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    changes = write_folder(FILES, tmp_path, force=True)
    assert there(tmp_path) == FILES | kept
    assert set(changes.removed) == set(gone)
    assert not (tmp_path / "questions/second").exists()
    assert changes.left == ()


def test_a_question_that_is_gone_but_holds_other_files_is_told(tmp_path: Path) -> None:
    old = tmp_path / "questions/second"
    old.mkdir(parents=True)
    (old / "stem.md").write_text("Second?\n")
    (old / "notes.txt").write_text("mine")
    changes = write_folder(FILES, tmp_path, force=True)
    assert changes.left == ("questions/second",)
    assert there(old) == {"notes.txt": "mine"}


def test_what_lies_behind_a_link_is_not_removed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "stem.md").write_text("Second?\n")
    (tmp_path / "course/questions").mkdir(parents=True)
    (tmp_path / "course/questions/second").symlink_to(elsewhere)
    changes = write_folder(FILES, tmp_path / "course", force=True)
    assert there(elsewhere) == {"stem.md": "Second?\n"}
    assert changes.left == ("questions/second",)


def test_a_file_that_says_the_same_already_is_not_written(tmp_path: Path) -> None:
    write_folder(FILES, tmp_path)
    changed = FILES | {"course.yaml": "slug: b\n"}
    assert write_folder(changed, tmp_path, force=True).written == ("course.yaml",)


def test_a_write_that_fails_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    write_folder(FILES, tmp_path)
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write_folder(FILES | {"course.yaml": "slug: b\n"}, tmp_path, force=True)
    assert there(tmp_path) == FILES
