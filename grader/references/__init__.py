"""Trusted attention in torch, one file per mechanism, its paper cited.

Each file is whole in itself: it can be imported, read as a model solution, or sent as text into a
sandbox, where it runs exactly as a submission does.
"""

from importlib.resources import files


def source_of(name: str) -> bytes:
    """Return the text of a reference, such as ``dense``."""
    return files(__name__).joinpath(f"{name}.py").read_bytes()
