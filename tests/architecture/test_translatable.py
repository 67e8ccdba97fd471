"""Every word that people read goes through translation: in templates and in the pages' Python."""

import ast
import contextlib
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "assessments" / "web"
#: What files' authors read in a terminal, and what nobody reads.
SPOKEN_TO_NOBODY = {
    *("management", "courses", "yamls.py", "courses.py", "publishing.py"),  # a terminal
    *("migrations", "roles.py", "usual.py", "recovery.py"),  # what is kept, not shown as it is
    # Errors that no page shows.
    *("analytics", "journal", "sso", "immutable.py", "scoring.py", "sameness.py", "drawing.py"),
    "answering.py",
}
#: What those read who write scripts and watch machines: it is in English as their code is.
DESCRIBED = (
    *("assessments/api/filters.py", "assessments/api/schema.py"),
    *("assessments/api/serializers/", "assessments/api/views/"),
    *("assessments/watching/", "assessments/counters.py"),
)
TEMPLATES = sorted(
    path
    for folder in (WEB / "templates", ROOT / "assessments" / "templates")
    for path in folder.rglob("*.html")
)
SOURCES = sorted(
    path
    for folder in ("assessments", "question_bank", "grader/patterns")
    for path in (ROOT / folder).rglob("*.py")
    if not path.relative_to(ROOT).as_posix().startswith(DESCRIBED)
    if not SPOKEN_TO_NOBODY & set(path.relative_to(ROOT).parts)
    or (WEB in path.parents and "sso" not in path.parts)
)
GETTEXT = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext"}
#: What is the same in every language: names, keys, notation.
SAME = {"Sparring", "kbd", "Tab", "Esc", "Ctrl", "Enter", "Shift"}
#: What holds code and formulas.
UNREAD = {"script", "style", "code", "pre", "math", "textarea"}
READ = {"aria-label", "title", "placeholder", "alt", "aria-description"}
_TRANSLATED = re.compile(
    r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}|{%\s*comment.*?endcomment\s*%}",
    re.DOTALL,
)
_NO_TEXT = re.compile(r"{% block (?:bodyclass|extrastyle) %}.*?{% endblock %}")
_CODE = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]{2,}")


class Text(HTMLParser):
    """The words of a page that people see or hear, without those that are the same everywhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._skipped += tag in UNREAD
        for name, value in attrs:
            if name in READ or (name == "value" and tag == "input" and ("type", "submit") in attrs):
                self._take(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._skipped -= tag in UNREAD

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self._take(data)

    def _take(self, text: str) -> None:
        if set(_WORD.findall(text)) - SAME:
            self.found.append(" ".join(text.split()))


def words_of(html: str) -> list[str]:
    parser = Text()
    parser.feed(html)
    return parser.found


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_holds_no_word_outside_of_translation(path: Path) -> None:
    source = _TRANSLATED.sub(" ", _NO_TEXT.sub(" ", path.read_text(encoding="utf-8")))
    source = _CODE.sub("", source)
    assert words_of(source) == []


def spoken(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield each string of a module that reads like a sentence, and is not translated."""
    excused = {id(node) for told in ast.walk(tree) if _is_excused(told) for node in ast.walk(told)}
    for node in ast.walk(tree):
        if id(node) in excused:
            continue
        text = ""
        if isinstance(node, ast.JoinedStr):
            excused.update(id(part) for part in node.values)
            text = "".join(_part(part) for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        if text not in SAME_TEXTS and _SENTENCE.search(text):
            yield node.lineno, text


def labels(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield what people read as a label, of one word too, and is not translated."""
    for node in ast.walk(tree):
        given: list[ast.expr] = []
        if isinstance(node, ast.Call) and _name(node.func) not in UNSEEN:
            given = [each.value for each in node.keywords if each.arg in LABELLING]
        elif isinstance(node, ast.ClassDef):
            choices = any("Choices" in _name(base) for base in node.bases)
            given = [each.value for each in node.body if _is_label(each, choices=choices)]
        for value in given:
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
                yield value.lineno, value.value


def _is_label(node: ast.stmt, *, choices: bool) -> bool:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name in LABELLING | {"title"} or (choices and name.isupper())
    return False


#: Arguments and attributes that Django shows as they are.
LABELLING = {"verbose_name", "verbose_name_plural", "help_text", "label", "description"}


def _part(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else "0"


def _is_excused(node: ast.AST) -> bool:
    """Say whether what is inside is translated, or told to whoever reads code and logs."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.Assert():
            return True
        case ast.Assign(targets=[ast.Name(id="permissions")]):
            return True  # Django keeps their names in the database
        case ast.Raise(exc=ast.Call(func=func)):
            return _name(func) in UNSEEN
        case ast.Call(func=func):
            return _name(func) in GETTEXT | LOGGED
    return False


#: Names of CSS classes and of relations of links, parts of attributes, keys, what scripts read.
SAME_TEXTS = {
    *("mask-row chosen", "bar over", "dot hollow", "noopener noreferrer"),
    "Value error, ",  # what pydantic puts before ours
}
#: What goes to logs, or to scripts.
LOGGED = {"warning", "info", "error", "compile", "TextChoices", "_refused"}
#: Errors that tell programmers what they did wrong; no page shows them.
UNSEEN = {
    *("TypeError", "KeyError", "LookupError", "RuntimeError", "PermissionError", "Http404"),
    "TransactionManagementError",
}
#: Two words in a row, in a string that is neither markup nor notation nor an address.
_SENTENCE = re.compile(r"^[^<>{}/_=\\]*\b[A-Za-z]{2,} [a-z]{2,}\b[^<>{}/_=\\]*$")


def _name(func: ast.expr) -> str:
    return getattr(func, "attr", getattr(func, "id", ""))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_pages_python_holds_no_sentence_outside_of_translation(path: Path) -> None:
    assert list(spoken(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_label_stands_outside_of_translation(path: Path) -> None:
    assert list(labels(ast.parse(path.read_text(encoding="utf-8")))) == []


def test_the_texts_can_be_collected_for_translators(tmp_path: Path, settings: LazySettings) -> None:
    if shutil.which("xgettext") is None:
        pytest.skip("gettext's tools are not on this machine")
    told = tmp_path / "told"
    with told.open("w") as out:
        for path in (*TEMPLATES, *SOURCES):
            copied = tmp_path / "source" / path.relative_to(ROOT)
            copied.parent.mkdir(parents=True, exist_ok=True)
            copied.write_bytes(path.read_bytes())
        (tmp_path / "source" / "locale").mkdir()
        # Or the collection that is checked in would be written anew, and taken away.
        settings.LOCALE_PATHS = []
        with contextlib.chdir(tmp_path / "source"):
            call_command("makemessages", locale=["en"], keep_pot=True, stdout=out, stderr=out)
    assert "warning" not in told.read_text()
    assert "Skip to the content" in (tmp_path / "source/locale/django.pot").read_text()
