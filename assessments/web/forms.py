"""What people send, as values; nothing is judged here but its form."""

from collections.abc import Mapping

from django.http import HttpRequest

from grader.contract import MAX_SOURCE_BYTES

_FORMS_OWN = ("csrfmiddlewaretoken", "journal-seen-")


def answer_fields(posted: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of an answer, without the form's own."""
    return {name: value for name, value in posted.items() if not name.startswith(_FORMS_OWN)}


def source_bytes(request: HttpRequest) -> bytes:
    """Return the submitted file: the uploaded one byte for byte if there is one, else the text.

    Browsers send a text field with CRLF line ends; the text gets back the LF that was typed. Of an
    uploaded file no more is read than shows that it is too large.
    """
    uploaded = request.FILES.get("file")
    if uploaded is not None:
        raw: bytes = uploaded.read(MAX_SOURCE_BYTES + 1)
        return raw
    return request.POST.get("source", "").replace("\r\n", "\n").encode()
