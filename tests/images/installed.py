"""A folder with exactly what an image holds: some extras' packages, and the code that is copied."""

import re
import shutil
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from scripts.requirements import requirements
from scripts.stack import ROOT


def closure(extras: list[str]) -> set[str]:
    """Return the distributions that these extras of the project need, all the way down."""
    found: dict[str, set[str]] = {}
    queue = [Requirement(line) for line in requirements(extras)]
    while queue:
        asked = queue.pop()
        name = asked.name.lower().replace("_", "-")
        if name in found and asked.extras <= found[name]:
            continue
        found[name] = found.get(name, set()) | asked.extras
        for line in metadata.requires(name) or ():
            needed = Requirement(line)
            environments = [{"extra": extra} for extra in ("", *found[name])]
            if not needed.marker or any(map(needed.marker.evaluate, environments)):
                queue.append(needed)
    return set(found)


def copied(dockerfile: str) -> list[str]:
    """Return the folders and files of the project that a Dockerfile's last stages copy."""
    text = (ROOT / "docker" / dockerfile).read_text()
    lines = re.findall(
        r"^COPY (?!--from)(.+) (?:\./|\S+)$", text.rpartition("AS packages")[2], re.M
    )
    names = [name for line in lines for name in line.split()]
    return [name for name in names if name not in {"pyproject.toml", "constraints.txt"}]


def removed(dockerfile: str) -> list[str]:
    """Return what a Dockerfile takes away again of what it copied."""
    found = re.search(
        r"^RUN rm -r (grader/.+?) \\$", (ROOT / "docker" / dockerfile).read_text(), re.M
    )
    return found[1].split() if found else []


def lay(folder: Path, extras: list[str], dockerfile: str) -> list[str]:
    """Lay out an image's code and packages in a folder; return where Python finds them."""
    code, packages = folder / "app", folder / "packages"
    code.mkdir()
    packages.mkdir()
    for name in dict.fromkeys(copied(dockerfile)):
        source = ROOT / name
        target = code / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(
                source, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(source, target)
    for name in removed(dockerfile):
        shutil.rmtree(code / name)
    for path in {top for name in closure(extras) for top in _top_level(name)}:
        (packages / path.name).symlink_to(path)
    return [str(code), str(packages)]


def _top_level(name: str) -> Iterator[Path]:
    distribution = metadata.distribution(name)
    for part in {file.parts[0] for file in distribution.files or ()} - {".."}:
        path = Path(str(distribution.locate_file(part)))
        if path.exists() and not part.endswith(".pth"):
            yield path
