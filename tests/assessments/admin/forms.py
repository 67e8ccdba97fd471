"""What a browser sends of a page's form, read off its HTML as a browser reads it."""

from html.parser import HTMLParser


class SentForm(HTMLParser):
    """The fields of the form with an id, with what they hold."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self._inside = False
        self._select = self._textarea = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = held.get("id") == "draft-form"
        if not self._inside:
            return
        name = held.get("name", "")
        if tag == "input" and (held.get("type") != "checkbox" or "checked" in held):
            self.sent[name] = held.get("value", "on")
        elif tag == "textarea":
            self._textarea, self.sent[name] = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in held:
            self.sent[self._select] = held["value"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._textarea:
            # HTML drops the line break that follows the tag; a browser sends CRLF.
            text = self.sent[self._textarea].removeprefix("\n")
            self.sent[self._textarea] = text.replace("\n", "\r\n")
            self._textarea = ""
        elif tag == "form":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.sent[self._textarea] += data


def sent_by(html: bytes) -> dict[str, str]:
    """Return what the form of a draft's page sends."""
    return SentForm(html.decode()).sent
