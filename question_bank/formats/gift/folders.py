"""Moodle's categories as folders and back.

A category is a path such as ``$course$/top/Attention/Windows``; where it stands in Moodle, and the
``top`` of all, are no part of ours. Within a name Moodle writes ``//`` for a slash.
"""

import re

_SLASH = re.compile(r"(?<!/)/(?!/)")
_CONTEXT = re.compile(r"\$[a-z0-9]+\$")
TOP = "$course$/top"


def folder_of(category: str) -> str:
    """Return the folder that a category is, empty for the top; a slash in a name is a hyphen."""
    names = [name.strip().replace("//", "-") for name in _SLASH.split(category)]
    if names and _CONTEXT.fullmatch(names[0]):
        names = names[1:]
    if names and names[0] == "top":
        names = names[1:]
    return "/".join(name for name in names if name)


def category_of(folder: str) -> str:
    """Return the category that a folder is."""
    return f"{TOP}/{folder}" if folder else TOP
