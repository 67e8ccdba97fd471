"""Files that are written for a typed exercise: a model solution, a starter, masked dense ones."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files

from grader.exercises.typed.formulas import WIDTH, Formula, returned
from grader.exercises.typed.splitting import Part, parts_of
from grader.exercises.typed.translation import Translation
from grader.patterns import Pattern, RandomBlocks

_TENSORS = {"q", "k", "v", "random_blocks"}
_LONGEST_LINE = 100


@dataclass(frozen=True)
class Signature:
    """How the learner's function is called: ``parameters`` are ints and arrive by keyword.

    With ``blocks_given`` the tensor ``random_blocks`` arrives too.
    """

    function: str
    parameters: tuple[str, ...]
    blocks_given: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """All that the function takes, in order."""
        return ("q", "k", "v", *self.parameters, *(("random_blocks",) * self.blocks_given))

    @property
    def call(self) -> str:
        """The head without types."""
        return f"{self.function}({', '.join(self.names)})"

    @property
    def head(self) -> str:
        """The line or lines that begin the definition."""
        typed = [f"{name}: {'torch.Tensor' if name in _TENSORS else 'int'}" for name in self.names]
        start, end = f"def {self.function}(", ") -> torch.Tensor:"
        one = ", ".join(typed)
        if len(start + one + end) <= _LONGEST_LINE:
            return start + one + end
        inner = one if len(one) <= WIDTH else ",\n    ".join(typed) + ","
        return f"{start}\n    {inner}\n{end}"


def model(tree: Pattern, signature: Signature) -> str:
    """Return a submission that computes the tiles which may hold pairs, and no others.

    ``tree`` has the parameters of the signature open and no others. Raises Refused.
    """
    tables, parts = tables_of(tree), parts_of(tree)
    written = Translation(tables)
    body = ["n = q.shape[2]", *_tables(tables, signature)]
    for part, suffix in zip(parts, _suffixes(parts), strict=True):
        body += ["", *_conditions(written, part, suffix)]
    calls = [
        f"attend(q, k, v, {part.stride}, sees{suffix}, may_see{suffix})"
        for part, suffix in zip(parts, _suffixes(parts), strict=True)
    ]
    if len(calls) == 1:
        body += ["", f"return merged([{calls[0]}])"]
    else:
        body += [
            "",
            "return merged(",
            "    [",
            *(f"        {call}," for call in calls),
            "    ]",
            ")",
        ]
    return _file(
        "Attention in tiles: those that hold no pair are left out.",
        ["import math", "from collections.abc import Callable"],
        [
            *_drawing(tables, signature),
            *([_piece("tiles_of_blocks")] if tables else []),
            _function(signature, "Return attention of the shape of q.", body),
            _piece("over_tiles"),
        ],
        hashed=_draws(tables, signature),
    )


def masked(tree: Pattern, signature: Signature, told: Iterable[str], ending: Iterable[str]) -> str:
    """Return a submission that has the pattern's dense mask as ``seen``, ended by these lines.

    ``told`` are lines of comment at the head of the file. Raises Refused.
    """
    every_row = [
        "i = torch.arange(n, device=q.device)[:, None]",
        *_assigned("seen", Translation(tables_of(tree))(tree)),
    ]
    return _short_file(tree, signature, told, [*every_row, *ending])


def masked_dense(tree: Pattern, signature: Signature, told: Iterable[str]) -> str:
    """Return a right submission that makes one mask of all pairs and hands it to torch."""
    by_rows = [
        "i = torch.arange(start, min(n, start + 128), device=q.device)[:, None]",
        *_assigned("seen[start : start + 128]", Translation(tables_of(tree))(tree)),
    ]
    ending = [
        "seen = torch.zeros(n, n, dtype=torch.bool, device=q.device)",
        "for start in range(0, n, 128):",
        *_indented(by_rows),
        "return torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=seen)",
    ]
    return _short_file(tree, signature, told, ending)


def rows_against_all(tree: Pattern, signature: Signature, told: Iterable[str]) -> str:
    """Return a right submission of little memory in which all queries meet all keys."""
    by_rows = [
        "i = torch.arange(start, min(n, start + 128), device=q.device)[:, None]",
        *_assigned("seen", Translation(tables_of(tree))(tree)),
        "scores = q[:, :, start : start + 128] @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])",
        "parts.append(scores.masked_fill(~seen, -math.inf).softmax(-1) @ v)",
    ]
    ending = [
        "parts = []",
        "for start in range(0, n, 128):",
        *_indented(by_rows),
        "return torch.cat(parts, dim=2)",
    ]
    return _short_file(tree, signature, told, ending)


def _short_file(
    tree: Pattern, signature: Signature, told: Iterable[str], ending: Iterable[str]
) -> str:
    """Return a file whose function has ``n``, the keys ``j`` and the tables, then these lines."""
    tables = tables_of(tree)
    keys = "j = torch.arange(n, device=q.device)[None, :]"
    body = ["n = q.shape[2]", keys, *_tables(tables, signature), *ending]
    imports = ["import hashlib"] * _draws(tables, signature) + ["import math"]
    pieces = [
        "\n".join([*(f"# {line}" for line in told), *imports, "", "import torch"]),
        *_drawing(tables, signature),
        "\n".join([f"def {signature.call}:", *_indented(body)]),
    ]
    return "\n\n\n".join(pieces) + "\n"


def starter(tree: Pattern, signature: Signature, rule: str, title: str) -> str:
    """Return the file that a learner begins with."""
    tables = tables_of(tree)
    first = f"{title.rstrip('.')}."
    described = textwrap.fill(f"Query i sees key j when {rule}.", WIDTH)
    shape = "Return attention of the shape of q; q, k and v are [batch, heads, n, d]."
    raised = 'raise NotImplementedError("Write me.")'
    pieces = [
        f'"""{textwrap.fill(first, WIDTH)}\n\n{described}\n"""\n\n'
        + ("import hashlib\n\n" if _draws(tables, signature) else "")
        + "import torch",
        *_drawing(tables, signature),
        _function(signature, shape, [raised]),
    ]
    return "\n\n\n".join(pieces) + "\n"


def tables_of(pattern: Pattern) -> dict[RandomBlocks, str]:
    """Return a name for the table of drawn blocks of each random node."""
    nodes = dict.fromkeys(atom for atom in pattern.atoms() if isinstance(atom, RandomBlocks))
    if len(nodes) == 1:
        return dict.fromkeys(nodes, "drawn")
    return {node: f"drawn_{place}" for place, node in enumerate(nodes, start=1)}


def _suffixes(parts: tuple[Part, ...]) -> tuple[str, ...]:
    return ("", "_strided")[: len(parts)]


def _tables(tables: Mapping[RandomBlocks, str], signature: Signature) -> Iterator[str]:
    for node, name in tables.items():
        if signature.blocks_given:
            yield f"{name} = random_blocks.new_zeros(len(random_blocks), len(random_blocks)).bool()"
            yield f"{name}.scatter_(1, random_blocks, True)"
        else:
            drawn = f"drawn_blocks(n, {node.size}, {node.number}, {node.seed})"
            yield f"{name} = {drawn}.to(q.device)"


def _draws(tables: Mapping[RandomBlocks, str], signature: Signature) -> bool:
    """Say whether a file draws random blocks itself."""
    return bool(tables) and not signature.blocks_given


def _drawing(tables: Mapping[RandomBlocks, str], signature: Signature) -> list[str]:
    return [_piece("drawn_blocks")] if _draws(tables, signature) else []


def _conditions(written: Translation, part: Part, suffix: str) -> Iterator[str]:
    yield f"def sees{suffix}(i: torch.Tensor, j: torch.Tensor) -> torch.Tensor:"
    yield from _indented(returned(written(part.pattern), 8))
    yield ""
    yield f"def may_see{suffix}("
    yield "    first_i: torch.Tensor,"
    yield "    last_i: torch.Tensor,"
    yield "    first_j: torch.Tensor,"
    yield "    last_j: torch.Tensor,"
    yield ") -> torch.Tensor:"
    yield from _indented(returned(written(part.pattern, "may_see"), 8))


def _assigned(name: str, formula: Formula) -> list[str]:
    first, *rest = returned(formula, 5 + len(name))
    return [f"{name} = {first.removeprefix('return ')}", *rest]


def _function(signature: Signature, told: str, body: Iterable[str]) -> str:
    return "\n".join([signature.head, f'    """{told}"""', *_indented(body)])


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"    {line}" if line else "" for line in lines)


def _file(told: str, imports: list[str], pieces: Iterable[str], *, hashed: bool) -> str:
    imports = ["import hashlib"] * hashed + imports
    part = "Part = tuple[torch.Tensor, torch.Tensor, torch.Tensor]"
    head = [f'"""{told}"""', "", *imports, "", "import torch", "", part]
    return "\n\n\n".join(["\n".join(head), *pieces]) + "\n"


def _piece(name: str) -> str:
    """Return a piece of code without its head: all that comes after the imports."""
    text = files(__package__).joinpath(f"{name}.py").read_text(encoding="utf-8")
    return text.partition("\n\n\n")[2].rstrip("\n")
