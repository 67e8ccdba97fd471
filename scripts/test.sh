#!/usr/bin/env bash
# Runs the suite in four parts: what can run side by side, the same in browsers, then alone what
# starts the stack, and what judges speed. Arguments go to all parts, for example:
# scripts/test.sh tests/grader -k window
set -uo pipefail
cd "$(dirname "$0")/.."
status=0

part() {
    printf '== %s\n' "$1"
    shift
    .venv/bin/python -m pytest "$@"
    local code=$?
    # 5: nothing of this part was selected, which is no failure when tests were named.
    if [ $code -ne 0 ] && [ $code -ne 5 ]; then status=1; fi
}

# Gives what has a mark: to import every other file too takes as long as some parts.
marked() {
    if [ $# -gt 1 ]; then
        printf '%s\n' "${@:2}"
    else
        grep -rlw "mark.$1" tests --include='test_*.py'
    fi
}

command -v chromium >/dev/null || command -v google-chrome >/dev/null ||
    echo "No Chromium here: the browser tests will skip. On Debian: apt-get install chromium"
mapfile -t browser < <(marked browser "$@")
mapfile -t stack < <(marked stack "$@")
mapfile -t timing < <(marked timing "$@")
part 'in parallel' -n "${JOBS:-2}" -m 'not (timing or stack or browser)' "$@"
part 'in browsers' -n "${JOBS:-2}" -m 'browser and not (timing or stack)' "${browser[@]}"
part 'alone: the stack' -m stack "${stack[@]}"
part 'alone: speed' -m 'timing and not stack' "${timing[@]}"
exit $status
