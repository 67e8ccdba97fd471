"""What a learner reads of a typed exercise: all numbers are counted from its pattern."""

from collections.abc import Iterator, Mapping

from grader.contract import Exercise
from grader.exercises.typed.declaration import Declaration, joined, listed_values
from grader.exercises.typed.formulas import Formula, condition
from grader.exercises.typed.sources import Signature
from grader.exercises.typed.splitting import parts_of
from grader.exercises.typed.worth import is_causal
from grader.patterns import Globals, Pattern, RandomBlocks, parse
from grader.patterns.algebra import Atom

TIMED_N = 8192

_WORDS = {
    "all": "all pairs",
    "blocks": "positions stand in blocks of the first number; a query sees its own block and those "
    "at most the second number away",
    "causal": "a query sees itself and what came before it",
    "dilated": "a query sees every key whose distance the number divides, itself included, on both "
    "sides",
    "globals": "these positions see every key, and every query sees them",
    "random_blocks": "positions stand in blocks of the first number; each block of queries sees so "
    "many random blocks of keys as the second says",
    "sinks": "every query sees so many of the first keys",
    "window": "a query sees itself and the keys nearer than the number, on both sides",
}


class Texts:
    """Writes the texts of an exercise; ``tree`` is its pattern with parameters open."""

    def __init__(
        self, declaration: Declaration, exercise: Exercise, tree: Pattern, signature: Signature
    ) -> None:
        self._declaration, self._exercise = declaration, exercise
        self._tree, self._signature = tree, signature
        probe = declaration.probe_values
        self._probe = {name: probe[name] for name in declaration.parameters}

    def statement(self, rule: Formula) -> str:
        """Return the statement, in Markdown."""
        pattern = self._declaration.pattern
        parts = [
            "Write attention over the pairs of a pattern:",
            f"```text\n{pattern}\n```",
            self._glossary(),
            f"```python\ndef {self._signature.call}: ...\n```",
            self._table(),
            f"{self._constants()}Positions count from 0. Query `i` sees key `j` when",
            f"```python\n{condition(rule)}\n```",
            "A pair that is in the pattern for several reasons counts once. The scores of the keys "
            "seen are $q_i \\cdot k_j / \\sqrt{d}$; the result is the softmax of these scores "
            "times the values.",
            *self._drawing(),
            self.example(),
            self._edges(),
            "#### How many pairs",
            self._counts(),
            "#### What is checked",
            "\n".join(self._checks()),
            "`torch`, `numpy` and the standard library are there, `scaled_dot_product_attention` "
            "included.",
        ]
        return "\n\n".join(parts) + "\n"

    def sample(self) -> tuple[int, dict[str, int]]:
        """Return a short length and parameters in the middle of what is drawn for it."""
        first = self._exercise.cases[0]
        middle = {
            name: draw.low + (draw.high - draw.low) // draw.step // 2 * draw.step
            for name, draw in first.parameters.items()
        }
        return first.n.low, middle

    def example(self) -> str:
        """Return in a sentence what some queries see, at drawn numbers."""
        n, values = self.sample()
        pattern = parse(self._declaration.pattern, values)
        seen = (
            f"query {query} sees {_keys(pattern.ranges(query, n))}" for query in (0, n // 2, n - 1)
        )
        return f"For instance, at {_coded({'n': n, **values})}: {joined(seen)}."

    def _glossary(self) -> str:
        names = dict.fromkeys(_name(atom) for atom in self._tree.atoms())
        told = [f"- `{name}`: {_WORDS[name]}." for name in names]
        signs = [
            words
            for sign, words in (
                ("&", "`&` keeps the pairs of both sides"),
                ("|", "`|` the pairs of either"),
                ("-", "`-` those of the left that are not of the right"),
            )
            if f" {sign} " in str(self._tree)
        ]
        return "\n".join([*told, *([f"- {joined(signs)}."] if signs else [])])

    def _table(self) -> str:
        rows = ["| | |", "|---|---|"]
        rows.append(
            "| `q`, `k`, `v` | float32 tensors `[batch, heads, n, d]`, contiguous, read-only |"
        )
        for name in self._signature.parameters:
            one = self._declaration.parameters[name]
            steps = f" in steps of {one.step}" if one.step > 1 else ""
            drawn = f"an int from {one.low} to {one.high:,}{steps}"
            rows.append(f"| `{name}` | {drawn}; arrives by keyword |")
        if self._signature.blocks_given:
            rows.append(
                "| `random_blocks` | an int64 tensor `[n_blocks, r]`, read-only, the same for "
                "every head; arrives by keyword |"
            )
        rows.append("| returns | a new float32 tensor `[batch, heads, n, d]` |")
        return "\n".join(rows)

    def _constants(self) -> str:
        fixed = {
            name: one.low
            for name, one in self._declaration.parameters.items()
            if not one.given and one.low == one.high
        }
        return f"Throughout, {listed_values(fixed)}. " if fixed else ""

    def _drawing(self) -> Iterator[str]:
        if not any(isinstance(atom, RandomBlocks) for atom in self._tree.atoms()):
            return
        if self._signature.blocks_given:
            yield (
                "There are $\\lceil n / b \\rceil$ blocks (`n_blocks`), where $b$ is `block_size`; "
                "the last one may be partial. Row `I` of `random_blocks` lists the blocks of keys "
                "that block `I` of queries has drawn, in any order; one may be there twice."
            )
            return
        yield (
            "Which blocks are drawn follows from the seed: the starter holds `drawn_blocks`, which "
            "returns a table of blocks of queries and blocks of keys, true where a block is drawn. "
            "Above, `drawn` is this table. The last block may be partial."
        )

    def _edges(self) -> str:
        names = (
            "batch",
            "heads",
            "`d`",
            "`n`",
            *(f"`{name}`" for name in self._exercise.parameters),
        )
        return (
            f"`n` may be 1, and need not be divisible by anything. {joined(names).capitalize()} "
            "change from call to call."
        )

    def _counts(self) -> str:
        n, values = self.sample()
        lines = [(n, values), (self._declaration.probe_n, self._probe)]
        if self._exercise.speed:
            lines.append((TIMED_N, self._probe))
        names = [f"`{name}`" for name in values]
        rows = [
            f"| {' | '.join(['`n`', *names, 'pairs', 'of all pairs'])} |",
            f"|{'---:|' * (len(names) + 3)}",
        ]
        for n, values in lines:
            pairs = parse(self._declaration.pattern, values).count(n)
            cells = [f"{n:,}", *map(str, values.values()), f"{pairs:,}", f"{pairs / n**2:.1%}"]
            rows.append(f"| {' | '.join(cells)} |")
        return "\n".join(rows)

    def _checks(self) -> Iterator[str]:
        exercise, n = self._exercise, self._declaration.probe_n
        pairs = parse(self._declaration.pattern, self._probe).count(n)
        yield (
            "- **Correctness**: every result against float64, on random inputs, on large scores, "
            "and on inputs aimed at the edges of the pattern."
        )
        yield (
            f"- **Pairs**: exactly the pairs of the pattern are attended; at "
            f"{_coded({'n': n, **self._probe})} there are {pairs:,}."
        )
        near = "".join(f", `{name}` near {value}" for name, value in self._probe.items())
        if exercise.memory:
            yield (
                f"- **Memory**: at `n` near {TIMED_N}{near} and one head, at most "
                f"{exercise.memory.limit_mib} MiB beyond inputs and result."
            )
        if exercise.speed:
            dense = self._dense()
            yield (
                f"- **Speed**: at these sizes, at least {exercise.speed.threshold:g} times as fast "
                f"as torch's own dense {dense}attention, measured in CPU time on one thread. A "
                "mask alone is right but not fast: it hides the work without skipping it."
            )
        if exercise.growth:
            yield (
                f"- **Growth**: from `n = {TIMED_N}` to `n = {4 * TIMED_N}` the time grows more "
                f"slowly than $n^{{{exercise.growth.limit:g}}}$."
            )

    def _dense(self) -> str:
        pattern = parse(self._declaration.pattern, self._probe)
        return "causal " if is_causal(pattern, TIMED_N) else ""

    # Hints

    def hints(self) -> tuple[str, ...]:
        """Return three, from a nudge to nearly the answer."""
        return (self._hint_mask(), self._hint_tiles(), self._hint_nodes())

    def _hint_mask(self) -> str:
        n, values = self.sample()
        pattern = parse(self._declaration.pattern, values)
        query = n // 2
        return (
            "First get it right with a mask: build `i` and `j` from two `arange`s, write the rule "
            f"with `&`, `|` and `~`, and set the scores of all other pairs to $-\\infty$ before "
            "the softmax. Compare a row with the rule: at "
            f"{listed_values({'n': n, **values})}, query {query} sees "
            f"{_keys(pattern.ranges(query, n))}."
        )

    def _hint_tiles(self) -> str:
        if self._exercise.speed is None:
            return (
                "Every query sees at least one key, so that no row is masked whole. Subtract each "
                "row's largest score before `exp`, or leave the softmax to torch, and divide by "
                "the square root of `d`, the last size of `q`."
            )
        pairs = parse(self._declaration.pattern, self._probe).count(TIMED_N)
        return (
            f"At `n = {TIMED_N}` a query sees {pairs / TIMED_N:,.0f} keys on average. Cut queries "
            "and keys into blocks of 64 and ask for each tile, from its first and last query and "
            "key alone, whether it can hold a pair. For a block of queries, gather the blocks of "
            "keys that can, and attend to those; inside, a small mask is still needed."
        )

    def _hint_nodes(self) -> str:
        parts = parts_of(self._tree)
        if self._exercise.speed and any(part.stride != 1 for part in parts):
            both = (
                " Compute what is near and what is far apart, no pair in both, and merge the two "
                "by their largest scores and sums of weights."
                if len(parts) > 1
                else ""
            )
            return (
                "Keys whose distance a stride divides lie in every tile of neighbouring positions. "
                "Put the positions of each residue together, `x[:, :, r::stride]`: there a query "
                f"sees a run of keys.{both}"
            )
        if any(isinstance(atom, RandomBlocks) for atom in self._tree.atoms()):
            return (
                "A block of queries and a block of keys are drawn together or not at all: look the "
                "pair of blocks up in a table with `i // size` and `j // size`. The last block is "
                "shorter where `n` is not divisible; indices take care of that."
            )
        if any(isinstance(atom, Globals) for atom in self._tree.atoms()):
            return (
                "A chosen position is a full row and a full column of the mask. Rows of chosen "
                "queries are dense attention and may be computed apart; in all other rows a chosen "
                "key that is seen for another reason as well counts once."
            )
        return (
            "Where the pattern has an edge, write down the last key that is seen and the first "
            "that is not, for query 0, for a query in the middle and for the last one. An edge "
            "that is off by one shows there, and at lengths that no block size divides."
        )


def _coded(values: Mapping[str, int]) -> str:
    return joined(f"`{name} = {value}`" for name, value in values.items())


def _name(atom: Atom) -> str:
    return str(atom).partition("(")[0]


def _keys(ranges: list[range]) -> str:
    """Return 0-based keys in words, long lists cut."""
    parts = [
        f"{keys.start}" if len(keys) == 1 else f"{keys.start} to {keys.stop - 1}" for keys in ranges
    ]
    count = sum(map(len, ranges))
    if len(parts) > 8:
        return f"{count} keys, {', '.join(parts[:8])} and so on"
    return f"key{'' if count == 1 else 's'} {joined(parts)}"
