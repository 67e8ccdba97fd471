"""A course's files on disk: each written whole or not at all, and nothing of others removed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.contract import SLUG

_OURS = re.compile(
    rf"course\.yaml|glossary\.yaml|concepts/{SLUG}\.md"
    rf"|questions/{SLUG}/(?:question\.yaml|stem\.md|explanation\.md|hints\.md)"
)


class FolderInUseError(ValueError):
    """A folder that holds something, and nobody said that it may be written over."""


@dataclass(frozen=True)
class Changes:
    """Names from the folder: of files written anew, of files removed, and of folders that are no
    question of the course but hold what is not a course's to remove.
    """

    written: tuple[str, ...]
    removed: tuple[str, ...]
    left: tuple[str, ...]


def write_folder(files: Mapping[str, str], folder: Path, force: bool = False) -> Changes:
    """Make a folder hold the files of a course, given by their names from the folder.

    A file that a course would have under its name, and this one has not, is removed; all others
    stay. Only with ``force`` may the folder hold anything. Raises ``FolderInUseError`` before
    anything is written, and ``OSError``.
    """
    if folder.exists() and not force and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderInUseError(f"{folder} exists and is not an empty folder")
    written = tuple(name for name, text in files.items() if _write(folder / name, text))
    removed = tuple(name for name in _ours(folder) if name not in files)
    for name in removed:
        (folder / name).unlink()
    return Changes(written, removed, tuple(_left(files, folder)))


def _write(path: Path, text: str) -> bool:
    """Write a file and return True, unless it says this already."""
    data = text.encode("utf-8")
    if path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = path.with_name(f".{path.name}.new")
    try:
        whole.write_bytes(data)
        whole.replace(path)
    finally:
        whole.unlink(missing_ok=True)
    return True


def _ours(folder: Path) -> list[str]:
    """Return the names that a course would give; what lies behind a link is somebody else's."""
    places = ("course.yaml", "glossary.yaml", "concepts/*", "questions/*/*")
    paths = (path for place in places for path in folder.glob(place))
    files = (path for path in paths if not path.is_dir() and not path.parent.is_symlink())
    names = sorted(path.relative_to(folder).as_posix() for path in files)
    return [name for name in names if _OURS.fullmatch(name)]


def _left(files: Mapping[str, str], folder: Path) -> Iterator[str]:
    """Remove empty folders of questions that are gone; yield those that are not empty."""
    for path in sorted(folder.glob("questions/*/")):
        name = path.relative_to(folder).as_posix()
        if f"{name}/question.yaml" in files:
            continue
        if path.is_symlink() or any(path.iterdir()):
            yield name
        else:
            path.rmdir()
