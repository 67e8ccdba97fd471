"""Texts that YAML finds hard, for property tests."""

from hypothesis import strategies as st

_PIECES = (
    "yes", "no", "null", "~", "true", "1e3", "1_000", "0x1f", "0o17", "1:20", "2026-01-31", ".5",
    "-", "- ", "--- ", "...", "# ", " #", ": ", ":", "? ", "=", "<<", "a: b", "key:", "{a: b}",
    "[a, b]", "&a", "*a", "!t", "|", ">-", "%", "@", "`", "'", "''", '"', "\\", "\\frac{a}{b}",
    "\\n", "\\infty", "word", "two words", "x" * 130, "a b " * 40, "·", "é", "n × n", "😀", "\xa0",
    " ", "  ", "\t", "\n", "\n\n", "\n  ", "\r", "\r\n", "\x00", "\x07", "\x7f", "\x85", "\u2028",
    "\u2029", "\ufeff", "\ufffe", "\u200b",
)  # fmt: skip

_pieces = st.sampled_from(_PIECES) | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_joints = st.sampled_from(["", " ", " ", "\n"])

hard_texts = st.builds(
    lambda joint, pieces: joint.join(pieces), _joints, st.lists(_pieces, max_size=12)
)
