#!/usr/bin/env python3
"""Stands in for docker: runs the process with the same folders mounted, without its walls.

It knows ``run``, ``pause``, ``unpause``, ``rm`` and ``ps``, and keeps what runs in the folder that
STAND_IN_ENGINE names: a file for each container with the number of its process and its label.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

STATE = Path(os.environ["STAND_IN_ENGINE"])
SHOWN = ("/usr", "/lib", "/lib64", "/bin", "/etc", "/proc", "/sys")


def family(pid: int) -> list[int]:
    found = [pid]
    for member in found:
        for task in Path(f"/proc/{member}/task").glob("*/children"):
            found += map(int, task.read_text().split())
    return found


def run(words: list[str]) -> int:
    at = next(place for place, word in enumerate(words) if "@sha256:" in word)
    options, inside = words[:at], words[at + 1 :]
    if "nothing" in words[at]:
        sys.exit("no such image")
    name = options[options.index("--name") + 1]
    label = options[options.index("--label") + 1].partition("=")[2]
    # What is bound comes last: the project itself may lie under /tmp.
    command = ["bwrap", "--die-with-parent", "--unshare-pid", "--tmpfs", "/"]
    command += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
    for path in dict.fromkeys([*SHOWN, sys.base_prefix, sys.prefix]):
        if Path(path).exists():
            command += ["--ro-bind", path, path]
    for place, word in enumerate(options):
        if word == "--mount":
            parts = options[place + 1].split(",")
            known = dict(part.split("=", 1) for part in parts if "=" in part)
            how = "--ro-bind" if "readonly" in parts else "--bind"
            command += [how, known["src"], known["dst"]]
    process = subprocess.Popen([*command, "--remount-ro", "/", "--", sys.executable, *inside])
    (STATE / name).write_text(f"{process.pid} {label}")
    status = process.wait()
    (STATE / name).unlink(missing_ok=True)
    return status if status >= 0 else 128 - status


def send(name: str, number: signal.Signals) -> None:
    for pid in family(int((STATE / name).read_text().split()[0])):
        os.kill(pid, number)


def main() -> int:
    verb, *words = sys.argv[1:]
    with (STATE / "log").open("a") as log:
        print(verb, *(words if verb != "run" else []), file=log)
    if verb == "run":
        return run(words)
    if verb in ("pause", "unpause"):
        send(words[0], signal.SIGSTOP if verb == "pause" else signal.SIGCONT)
    elif verb == "rm":
        for name in words[1:]:
            if (STATE / name).exists():
                send(name, signal.SIGKILL)
                (STATE / name).unlink(missing_ok=True)
    elif verb == "ps":
        for path in STATE.iterdir():
            if path.name != "log":
                print(path.name, path.read_text().split()[1])  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
