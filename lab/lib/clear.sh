# Taking a lab away, however it was left: what it is, is told by its control groups and its folder alone.
# shellcheck shell=bash

remains() { [ -e "$state" ] || [ -d "$(tracker)" ]; }

clear_lab() {
    await 30 all_ended || die "these processes of the lab do not end: $(lab_processes | tr '\n' ' ')"
    await 10 remove_cgroups 2>/dev/null || die "control groups of the lab do not go away: $(tracker)"
    rm -rf --one-file-system "$state"
}

all_ended() {
    local pids
    mapfile -t pids < <(lab_processes)
    [ "${#pids[@]}" -gt 0 ] || return 0
    kill -KILL "${pids[@]}" 2>/dev/null
    return 1
}
