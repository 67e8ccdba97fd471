#!/usr/bin/env bash
# Runs the suite in four parts: what can run side by side, the same in browsers, then alone what
# starts the stack, and what judges speed. Arguments go to all parts, for example:
# scripts/test.sh tests/grader -k window
set -uo pipefail
cd "$(dirname "$0")/.."
status=0
places=() options=()
for argument; do
    if [ -e "${argument%%::*}" ]; then places+=("$argument"); else options+=("$argument"); fi
done

part() {
    printf '== %s\n' "$1"
    shift
    .venv/bin/python -m pytest "$@" "${options[@]}"
    local code=$?
    # 5: nothing of this part was selected, which is no failure when tests were named.
    if [ $code -ne 0 ] && [ $code -ne 5 ]; then status=1; fi
}

# Gives what has a mark among the places: to import every other file too takes as long as some parts.
marked() {
    local place
    for place in "${places[@]:-tests}"; do
        if [ "$place" = "${place%%::*}" ]; then
            grep -rlw "mark.$1" --include='test_*.py' "$place"
        elif grep -qw "mark.$1" "${place%%::*}"; then
            printf '%s\n' "$place"
        fi
    done
}

command -v chromium >/dev/null || command -v google-chrome >/dev/null ||
    echo "No Chromium here: the browser tests will skip. On Debian: apt-get install chromium"
mapfile -t browser < <(marked browser)
mapfile -t stack < <(marked stack)
mapfile -t timing < <(marked timing)
workers=${JOBS:-2}
part 'in parallel' -n "$workers" -m 'not (timing or stack or browser)' "${places[@]}"
[ ${#browser[@]} -eq 0 ] ||
    part 'in browsers' -n "$workers" -m 'browser and not (timing or stack)' "${browser[@]}"
[ ${#stack[@]} -eq 0 ] || part 'alone: the stack' -m stack "${stack[@]}"
[ ${#timing[@]} -eq 0 ] || part 'alone: speed' -m timing "${timing[@]}"
exit $status
