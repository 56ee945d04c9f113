# A machine of the lab is a set of namespaces (network, mounts, processes, host name) with one first process.
# What runs in it is started here, and is known by a file in $state/run with its process id.
# shellcheck shell=bash

start_machines() {
    local name
    mkdir -p "$state/run" "$logs"
    for name in "${machines[@]}"; do
        spawn "$name" unshare --net --mount --pid --uts --fork --kill-child --mount-proc \
            "$lab_dir/lib/machine" "$name" "$state/$name" "$state"
    done
    for name in "${machines[@]}"; do
        await_part "the machine $name to start" "$name" test -e "$state/run/$name.ready"
    done
}

# spawn NAME CMD...: starts CMD in the lab's control group, with its log, its process id and CMD itself noted under NAME.
spawn() {
    local name=$1
    shift
    printf '%q ' "$@" >"$state/run/$name.command"
    (
        echo "$BASHPID" >"$(tracker)/machines/cgroup.procs"
        # Kubernetes collects its garbage less often: the lab has more memory than time.
        export GOGC=400
        exec setsid "$@"
    ) >>"$logs/$name.log" 2>&1 </dev/null 9>&- &
    printf '%s %s\n' "$!" "$(start_time "$!")" >"$state/run/$name.pid"
}

# start MACHINE NAME CMD...: starts a service inside a machine.
start() {
    local machine=$1 name=$2
    shift 2
    mapfile -t enter < <(entrance "$machine")
    spawn "$machine-$name" "${enter[@]}" "$@"
}

# inside MACHINE CMD...: runs CMD inside a machine.
inside() {
    mapfile -t enter < <(entrance "$1")
    "${enter[@]}" "${@:2}"
}

# The command, one word a line, that enters a machine. Its first process is the child of the one that is noted.
entrance() {
    local pid
    read -r pid _ <"$state/run/$1.pid"
    printf '%s\n' nsenter --target "$pid" --mount --net --uts --pid="/proc/$pid/ns/pid_for_children" --
}

# The process of a service: the child of the one that is noted, which entered the machine for it.
service_process() {
    local pid
    read -r pid _ <"$state/run/$1.pid"
    tr -d ' ' <"/proc/$pid/task/$pid/children"
}

# end_service NAME SIGNAL: returns when the service has ended.
end_service() {
    kill "-$2" "$(service_process "$1")"
    await 30 not_running "$1" || die "$1 does not end on $2"
}

not_running() { ! is_running "$state/run/$1.pid"; }

# await_part WHAT NAME CMD...: calls CMD until it succeeds, for a minute at most. Fails for WHAT with the log of NAME;
# or, as soon as any service has ended, for that one with its own.
await_part() {
    local what=$1 name=$2 pid_file until=$((SECONDS + 60))
    shift 2
    until "$@"; do
        for pid_file in "$state"/run/*.pid; do
            is_running "$pid_file" && continue
            name=$(basename "$pid_file" .pid)
            fail "$name, which has ended" "$logs/$name.log"
        done
        [ "$SECONDS" -lt "$until" ] || fail "waiting for $what" "$logs/$name.log"
        sleep 0.1
    done
}

# A process id alone may have been given to another process since; with its start time it names one process.
# Nothing is said of a process that is gone, or that has ended and is still to be reaped.
start_time() {
    local stat fields
    { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
    read -ra fields <<<"${stat##*) }"
    [[ ${fields[0]} == [ZX] ]] || echo "${fields[19]}"
}

is_running() {
    local pid started
    read -r pid started <"$1" && [ -n "$started" ] && [ "$(start_time "$pid")" = "$started" ]
}
