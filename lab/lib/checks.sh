# How the script tests tell what they find: one line for each check, and a last line with the sums.
# shellcheck shell=bash

passed=0 failed=0

# check WHAT CMD...: WHAT holds if CMD ends with 0, and so does each step of it where it is a function.
# What CMD says is shown only when it fails.
check() {
    local what=$1 said status
    shift
    set +e # a step that fails ends CMD early only where nobody asks for its status
    said=$(trap 'kill -KILL $(jobs -p) 2>/dev/null || true' EXIT && set -e && "$@" 2>&1)
    status=$?
    set -e
    if [ "$status" = 0 ]; then
        passed=$((passed + 1))
        printf 'ok      %s\n' "$what"
    else
        failed=$((failed + 1))
        printf 'FAILED  %s\n' "$what"
        [ -z "$said" ] || printf '%s\n' "$said" | tail -n 20 | sed 's/^/        /'
    fi
}

# not CMD...: CMD must fail.
not() { ! "$@"; }

same() { [ "$1" = "$2" ] || diff <(printf '%s\n' "$1") <(printf '%s\n' "$2"); }

report() {
    printf '%s passed, %s failed\n' "$passed" "$failed"
    [ "$failed" = 0 ]
}
