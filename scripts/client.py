"""A browser without a screen: logs in, submits a file and waits, as a learner's would."""

import http.cookiejar
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """What came back: where it was found in the end, its status and its text."""

    url: str
    status: int
    text: str

    def attribute(self, name: str) -> str:
        """Return the first value of an attribute. Raises LookupError."""
        found = re.search(rf'\b{re.escape(name)}="([^"]*)"', self.text)
        if found is None:
            raise LookupError(f"{self.url} has no {name} (status {self.status})")
        return found.group(1)


class Client:
    """A session with one server."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.headers: dict[str, str] = {}
        self._jar = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._jar))

    def get(self, path: str) -> Page:
        """Fetch a page."""
        return self._open(urllib.request.Request(urllib.parse.urljoin(self.base, path)))

    def post(self, path: str, **fields: str) -> Page:
        """Send a form, with the token that guards it, and follow where it leads."""
        token = next((c.value or "" for c in self._jar if c.name == "csrftoken"), "")
        data = urllib.parse.urlencode(fields | {"csrfmiddlewaretoken": token}).encode()
        url = urllib.parse.urljoin(self.base, path)
        return self._open(urllib.request.Request(url, data, {"Referer": url}))

    def _open(self, request: urllib.request.Request) -> Page:
        for name, value in self.headers.items():
            request.add_header(name, value)
        try:
            with self._opener.open(request, timeout=30) as answer:
                return Page(answer.url, answer.status, answer.read().decode())
        except urllib.error.HTTPError as refusal:
            return Page(refusal.url, refusal.code, refusal.read().decode())

    def log_in(self, name: str, password: str) -> None:
        """Log in. Raises PermissionError."""
        self.get("/accounts/login/")
        page = self.post("/accounts/login/", login=name, password=password)
        if page.url.endswith("/accounts/login/"):
            raise PermissionError(f"{name} could not log in (status {page.status})")

    def submit(self, question: str, source: str) -> Page:
        """Submit a file to a code question and return the page it leads to."""
        path = f"/questions/{question}/"
        self.get(path)
        page = self.post(path, source=source)
        page.attribute("data-state")
        return page

    def wait(
        self, page: Page, seconds: float, saw: Callable[[Page], None] = lambda _: None
    ) -> Page:
        """Load a submission's page again until it has its verdict. Raises TimeoutError."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            page = self.get(page.url)
            saw(page)
            if page.attribute("data-state") == "done":
                return page
            time.sleep(0.2)
        raise TimeoutError(f"{page.url} has no verdict after {seconds:.0f} s")


def wait_for_server(base: str, seconds: float) -> None:
    """Wait until a server answers. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if Client(base).get("/healthz").status == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise TimeoutError(f"{base} does not answer after {seconds:.0f} s")
