"""Plain text as Markdown that shows it as it is, with no more backslashes than that takes."""

import re

_BLANKS = " \t"
_SPECIAL = re.compile(r"\\|_+|~~+|[*`$\[]|<(?=[A-Za-z/!?])|&(?=#?[0-9A-Za-z]+;)")
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
_RULE = re.compile(r"(?:_[ \t]*){3,}")

# What makes a line the start of a block; the sign to be escaped is what the group holds.
_BLOCK = re.compile(
    r"(?:(#{1,6})(?=[ \t]|$)|(>)|([-+])(?=[ \t]|$)|(-)(?=[ \t-]*$)|(=)(?==*[ \t]*$)"
    r"|[0-9]{1,9}([.)])(?=[ \t]|$)|([-|:])(?=[-|: \t]*$))"
)

HARD_BREAK = "\\\n"


def from_plain(text: str) -> str:
    """Return Markdown for a plain text: its lines are kept, and blank ones separate paragraphs."""
    paragraphs: list[list[str]] = [[]]
    for line in text.split("\n"):
        if line.strip():
            paragraphs[-1].append(start_of_line(escape_inline(line.strip(_BLANKS))))
        elif paragraphs[-1]:
            paragraphs.append([])
    return "\n\n".join(HARD_BREAK.join(lines) for lines in paragraphs if lines)


def escape_inline(line: str) -> str:
    """Return a line with the signs escaped that mean something within a paragraph."""
    if _RULE.fullmatch(line):
        return line.replace("_", "\\_", 1)
    return _SPECIAL.sub(_escaped, line)


def start_of_line(line: str) -> str:
    """Return a line, its other signs escaped, that begins no list, heading, rule or table."""
    found = _BLOCK.match(line)
    if found is None:
        return line
    assert found.lastindex is not None
    place = found.start(found.lastindex)
    return f"{line[:place]}\\{line[place:]}"


def _escaped(match: re.Match[str]) -> str:
    signs, line = match[0], match.string
    before, after = line[match.start() - 1 : match.start()], line[match.end() : match.end() + 1]
    if signs == "\\":
        return "\\\\" if not after or _PUNCTUATION.match(after) else signs
    if signs.startswith("_") and (
        (before.isalnum() and after.isalnum()) or not (before.strip() or after.strip())
    ):
        return signs
    return "".join(f"\\{sign}" for sign in signs)
