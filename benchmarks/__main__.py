"""Measure the figures of docs/benchmarks.md on this machine and print them as Markdown."""

import argparse
import importlib
import os
import platform
import sys
import time

from grader.calibrate import processor
from sandbox.wire import SandboxUnavailable

NAMES = (
    "warm",
    "zygote",
    "verdicts",
    "ideal",
    "aa",
    "flips",
    "web",
    "exploits",
    "first_page",
    "authoring",
    "exchange",
    "gradebook",
    "autosave",
    "attempt",
    "api",
    "api_cases",
    "exam",
    "lost",
    "drain",
)
#: Only where named: one needs a device that most machines have not, one takes many minutes.
ON_REQUEST = ("gpu", "lost_in_chromium")


def machine() -> str:
    """Return what the figures were measured on."""
    return f"{os.cpu_count()} cores of {processor()}, Linux {platform.release().split('-')[0]}"


def main() -> int:
    """Run the benchmarks that the command line names, or all."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    known = (*NAMES, *ON_REQUEST)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(known))
    names = parser.parse_args().names or NAMES
    unknown = set(names) - set(known)
    if unknown:
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}; NAME is {known}")
    print(f"{time.strftime('%Y-%m-%d')}, {machine()}, Python {platform.python_version()}\n")
    for name in names:
        began = time.monotonic()
        print(f"## {name}", flush=True)
        try:
            for line in importlib.import_module(f"benchmarks.{name}").measure():
                print(line, flush=True)
        except SandboxUnavailable as fault:
            print(f"not measured: {fault}")
            return 1
        print(f"({time.monotonic() - began:.0f} s)\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
