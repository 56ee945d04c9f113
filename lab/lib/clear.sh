# Taking a lab away, however it was left: what it is, is told by its control groups and its folder alone.
# shellcheck shell=bash

remains() { [ -e "$state" ] || [ -d "$(tracker)" ]; }

clear_lab() {
    local killed=()
    await 30 all_ended || die "these processes of the lab do not end: ${killed[*]}"
    await 10 remove_cgroups 2>/dev/null || die "control groups of the lab do not go away: $(tracker)"
    rm -rf --one-file-system "$state"
}

# A process leaves its control group as it starts to end; one that is first in its namespace then waits for the others.
all_ended() {
    local pid pids
    mapfile -t pids < <(lab_processes)
    killed+=("${pids[@]}")
    [ "${#pids[@]}" = 0 ] || kill -KILL "${pids[@]}" 2>/dev/null || true
    for pid in "${killed[@]}"; do
        [ -z "$(start_time "$pid")" ] || return 1
    done
}
