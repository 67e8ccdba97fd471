"""What an image installs: the requirements of the project with some of its extras, one a line.

    python -m scripts.requirements web
    python -m scripts.requirements grader gpu

Versions are those of constraints.txt, which pip is given beside it. Needs the standard library
alone, for it runs before anything is installed.
"""

import sys
import tomllib
from pathlib import Path

_PROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"


def requirements(extras: list[str]) -> list[str]:
    """Return what the project needs with these extras. Raises KeyError for what is none."""
    project = tomllib.loads(_PROJECT.read_text())["project"]
    further = [line for extra in extras for line in project["optional-dependencies"][extra]]
    return sorted({*project["dependencies"], *further})


if __name__ == "__main__":
    print("\n".join(requirements(sys.argv[1:])))
