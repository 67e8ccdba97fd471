#!/usr/bin/env bash
# Writes constraints.txt from what .venv holds: exact versions, no addresses, no local builds.
set -euo pipefail
cd "$(dirname "$0")/.."
{
    echo "# Written by scripts/constraints.sh; change pyproject.toml, upgrade .venv, run it again."
    .venv/bin/python -m pip freeze --exclude-editable | grep -E '^[A-Za-z0-9._-]+==' |
        sed -E 's/\+[A-Za-z0-9.]+$//' | LC_ALL=C sort -f
} > constraints.txt
