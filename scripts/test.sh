#!/usr/bin/env bash
# Runs the suite in three parts: what can run side by side, the same in browsers, then what must run
# alone. Arguments go to all parts, for example: scripts/test.sh tests/grader -k window
set -uo pipefail
cd "$(dirname "$0")/.."
alone='timing or stack'
status=0

part() {
    printf '== %s\n' "$1"
    shift
    .venv/bin/python -m pytest "$@"
    local code=$?
    # 5: nothing of this part was selected, which is no failure when tests were named.
    if [ $code -ne 0 ] && [ $code -ne 5 ]; then status=1; fi
}

command -v chromium >/dev/null || command -v google-chrome >/dev/null ||
    echo "No Chromium here: the browser tests will skip. On Debian: apt-get install chromium"
part 'in parallel' -n "${JOBS:-2}" -m "not ($alone or browser)" "$@"
part 'in browsers' -n "${JOBS:-2}" -m "browser and not ($alone)" "$@"
part 'alone' -m "$alone" "$@"
exit $status
