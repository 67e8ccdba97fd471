"""Finding the learner's function in the file that was sent."""

import ast
import inspect
import linecache
import os
import sys
import traceback
import types
from collections.abc import Sequence

from sandbox.inside.requests import FILENAME, Function, Refused, Request


def load(request: Request, fds: Sequence[int]) -> Function:
    """Return the learner's function. Raises Refused."""
    raw = os.pread(fds[0], os.fstat(fds[0]).st_size, 0)
    try:
        source = raw.decode("utf-8-sig")
        code = compile(source, FILENAME, "exec", dont_inherit=True)
        if request["ruled_out"]:  # a tree takes as long as all the rest
            must_name_none(request["ruled_out"], ast.parse(source, FILENAME))
    except (SyntaxError, UnicodeDecodeError, ValueError, RecursionError, MemoryError) as fault:
        raise Refused("invalid", "".join(traceback.format_exception_only(fault))) from None
    linecache.cache[FILENAME] = (len(source), None, source.splitlines(keepends=True), FILENAME)
    module = types.ModuleType("submission")
    module.__file__ = FILENAME
    sys.modules["submission"] = module
    exec(code, module.__dict__)  # noqa: S102  (what this file is for)
    function: Function | None = module.__dict__.get(request["function"])
    if not callable(function):
        raise Refused("invalid", f"the file defines no function named {request['function']}")
    check_signature(function, request)
    return function


def must_name_none(names: Sequence[str], tree: ast.AST) -> None:
    """Refuse a file that names what the exercise rules out."""
    for name in names:
        line = place_of(name, tree)
        if line:
            raise Refused("invalid", f"line {line} names {name}, which this exercise rules out")


def place_of(name: str, tree: ast.AST) -> int:
    """Return the first line that names ``name``: identifier, attribute or string; 0 for none."""
    for node in ast.walk(tree):
        words: list[str] = []
        if isinstance(node, ast.Name):
            words = [node.id]
        elif isinstance(node, ast.Attribute):
            words = [node.attr]
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            words = [alias.name for alias in node.names] + [getattr(node, "module", "") or ""]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = [node.value.strip()]
        if any(name in word.split(".") for word in words):
            return int(getattr(node, "lineno", 0))
    return 0


def check_signature(function: Function, request: Request) -> None:
    """Refuse a function that cannot take the call."""
    names = list(request["positional"]) + [f"{name}={name}" for name in request["keywords"]]
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return
    try:
        signature.bind(*request["positional"], **dict.fromkeys(request["keywords"]))
    except TypeError as fault:
        wanted = f"{request['function']}({', '.join(names)})"
        written = f"{request['function']}{signature}"[:300]
        raise Refused("invalid", f"{written} cannot take the call {wanted}: {fault}") from None
