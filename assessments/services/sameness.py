"""When two submissions are the same code.

The file is never run or parsed, only cut into tokens, which takes time linear in its length however
it is nested. Comments, blank lines, the width of indentation and the breaks inside brackets do not
count; everything else does.
"""

import hashlib
import io
import re
import tokenize
from collections.abc import Iterator

_SKIPPED = {tokenize.COMMENT, tokenize.NL, tokenize.ENCODING, tokenize.ENDMARKER}
_WITHOUT_TEXT = {tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
# PEP 263: such a comment may change what the rest of the file means.
_DECLARES_ENCODING = re.compile(rb"^[ \t\f]*#.*?coding[:=]")


def code_digest(source: bytes) -> str:
    """Return the same SHA-256 for files that differ only in comments and blank lines.

    What cannot be cut into tokens is the same only byte for byte.
    """
    hashed = hashlib.sha256()
    try:
        for kind, text in _tokens(source):
            hashed.update(f"{kind} {len(text)} {text} ".encode())
    except (tokenize.TokenError, SyntaxError, ValueError, RecursionError, MemoryError):
        return hashlib.sha256(b"bytes " + source).hexdigest()
    return hashed.hexdigest()


def _tokens(source: bytes) -> Iterator[tuple[int, str]]:
    """Yield what counts of each token. Raises ``ValueError`` and what ``tokenize`` raises."""
    if any(_DECLARES_ENCODING.match(line) for line in source.split(b"\n", 2)[:2]):
        raise ValueError("an encoding is declared")
    text = source.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.ERRORTOKEN:
            raise ValueError("not Python")
        if token.type not in _SKIPPED:
            yield token.type, "" if token.type in _WITHOUT_TEXT else token.string
