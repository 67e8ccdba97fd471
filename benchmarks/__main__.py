"""Measure the figures of docs/benchmarks.md on this machine and print them as Markdown."""

import argparse
import importlib
import os
import platform
import sys
import time

NAMES = ("warm", "verdict", "aa", "web")


def machine() -> str:
    """Return what the figures were measured on."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in open("/proc/cpuinfo", encoding="utf-8")  # noqa: SIM115, PTH123
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    return f"{os.cpu_count()} cores of {model}, Linux {platform.release().split('-')[0]}"


def main() -> int:
    """Run the benchmarks that the command line names, or all."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    names = parser.parse_args().names or NAMES
    unknown = set(names) - set(NAMES)
    if unknown:
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}; NAME is {NAMES}")
    print(f"{time.strftime('%Y-%m-%d')}, {machine()}, Python {platform.python_version()}\n")
    for name in names:
        began = time.monotonic()
        print(f"## {name}", flush=True)
        for line in importlib.import_module(f"benchmarks.{name}").measure():
            print(line, flush=True)
        print(f"({time.monotonic() - began:.0f} s)\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
