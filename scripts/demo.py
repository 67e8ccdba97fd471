"""The demo: everything on this machine, proved by two real submissions, then served.

    python -m scripts.demo [--once]

Use ``make demo``, which sets up first.
"""

import argparse
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from scripts.client import Client, wait_for_server
from scripts.stack import ROOT, Stack, free_port

SUBMISSIONS = ROOT / "tests" / "submissions" / "sliding-window"
PROOFS = (("right", SUBMISSIONS / "blocks.py"), ("wrong", SUBMISSIONS / "off_by_one.py"))
_VERDICT_SECONDS = 150.0


def say(text: str) -> None:
    """Tell the person at the terminal what is going on."""
    print(f"== {text}", flush=True)


def manage(*arguments: str, environment: dict[str, str]) -> str:
    """Run a management command and return what it printed; its failure ends the demo."""
    told = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if told.returncode:
        sys.exit(f"manage.py {' '.join(arguments)} failed:\n{told.stdout}{told.stderr}")
    return told.stdout.strip()


def demo_environment() -> dict[str, str]:
    """Return the environment of the demo's processes: what is set, on embedded defaults."""
    environment = dict(os.environ)
    if "BROKER_URL" not in environment:
        environment["BROKER_URL"] = subprocess.run(
            [sys.executable, "-m", "config.broker", "--url"],
            cwd=ROOT, capture_output=True, text=True, check=True,
        ).stdout.strip()  # fmt: skip
    return environment


def prepare(environment: dict[str, str]) -> str:
    """Make the database and load course and people; return their log-ins as text."""
    say("making the database")
    manage("migrate", "--verbosity", "0", environment=environment)
    say("loading the built-in course")
    manage("load_course", environment=environment)
    return manage("seed_demo", environment=environment)


def grade_one(client: Client, label: str, file: Path) -> str:
    """Submit one file by HTTP, wait for its verdict and return its failure, or ``passed``."""
    stages: list[str] = []
    began = time.monotonic()
    # Code that was submitted before is not judged anew, and the proof has to be.
    source = f"{file.read_text()}\nDEMO = {time.time_ns()}\n"
    page = client.submit("sliding-window", source)
    page = client.wait(
        page, _VERDICT_SECONDS, lambda seen: stages.append(seen.attribute("data-stage"))
    )
    outcome = page.attribute("data-failure") or "passed"
    told = page.attribute("data-message")
    passed_through = " > ".join(dict.fromkeys(stage for stage in stages if stage))
    say(f"{label} submission ({file.name}): {outcome}, {time.monotonic() - began:.1f} s")
    say(f"    {told}")
    say(f"    {passed_through} > done; {page.url}")
    return outcome


def prove(base: str) -> bool:
    """Send the right and the wrong submission through the real path; tell whether both are so."""
    wait_for_server(base, 60)
    client = Client(base)
    client.log_in("learner", "learner-demo")
    say("submitting a right and a wrong solution (HTTP, Celery, sandbox)")
    right, wrong = (grade_one(client, label, file) for label, file in PROOFS)
    proved = right == "passed" and wrong == "wrong_pairs"
    say("proved: the right one passed, the wrong one failed" if proved else "NOT proved")
    return proved


class Demo:
    """The stack with its proof running beside it."""

    def __init__(self, *, once: bool) -> None:
        self.once = once
        self.status: int | None = None
        self.port = free_port(int(os.environ.get("PORT", "8000")))
        self.base = f"http://127.0.0.1:{self.port}"

    def run(self) -> int:
        """Start, prove, serve; return the exit status."""
        environment = demo_environment()
        people = prepare(environment)
        var = Path(environment.get("SPARRING_VAR", str(ROOT / "var")))
        embedded = environment["BROKER_URL"].startswith("redis+socket")
        stack = Stack(var, self.port, environment, embedded_broker=embedded)
        say(f"starting {', '.join(stack.services)} (logs in {var / 'log'})")
        with stack:
            proof = threading.Thread(target=self._prove, args=(people,), daemon=True)
            proof.start()
            while not self._ended():
                for name in stack.supervise():
                    say(f"{name} had ended and was started again; see {var / 'log'}/{name}.log")
                time.sleep(0.3)
        say("stopped; no process is left")
        return self.status or 0

    def _ended(self) -> bool:
        return self.status is not None and (self.once or self.status != 0)

    def _prove(self, people: str) -> None:
        try:
            proved = prove(self.base)
        except Exception as fault:  # noqa: BLE001  (told, and the demo ends with status 1)
            say(f"NOT proved: {fault}")
            proved = False
        if proved and not self.once:
            say(f"serving on {self.base} until Ctrl-C")
            print(people, flush=True)
        self.status = 0 if proved else 1


def main() -> int:
    """Run the demo; Ctrl-C and SIGTERM end it in good order."""
    parser = argparse.ArgumentParser(prog="scripts.demo", description="Run the demo.")
    parser.add_argument("--once", action="store_true", help="exit after the proof")
    options = parser.parse_args()
    # A shell starts background jobs deaf to SIGINT; the demo ends by it all the same.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        return Demo(once=options.once).run()
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
