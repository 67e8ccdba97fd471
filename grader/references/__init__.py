"""Implementations to compare with, as source: each runs in a sandbox like a submission.

``dense`` holds the arms of a race. The others are model solutions, a whole submission each: those
of an exercise bear its slug, the first alone, the others with the name of their strategy.
"""

from importlib.resources import files


def source_of(name: str) -> bytes:
    """Return the file of a reference. Raises FileNotFoundError for an unknown one."""
    return files(__name__).joinpath(f"{name}.py").read_bytes()


def models_of(slug: str) -> tuple[str, ...]:
    """Return the names of an exercise's model solutions, the fastest first."""
    first = slug.replace("-", "_")
    names = sorted(file.name.removesuffix(".py") for file in files(__name__).iterdir())
    return tuple(name for name in names if name == first or name.startswith(f"{first}__"))
