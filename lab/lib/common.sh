# What every command of the lab shares: its places and names, its voice, how a step is run and awaited.
# shellcheck shell=bash disable=SC2034

lab_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
repo_dir=$(dirname "$lab_dir")
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kube-vxlan-lab
# LAB=N makes all of it a lab of its own, beside the others: its folder, control group, images and port carry the number.
number=${LAB:-0}
[[ $number =~ ^[0-9]{1,2}$ ]] || {
    echo "lab: LAB=$number: must be a number from 0 to 99" >&2
    exit 2
}
number=$((10#$number))
suffix=
[ "$number" = 0 ] || suffix=-$number
state=/var/lib/kube-vxlan-lab$suffix
images=$cache/images$suffix
logs=$state/logs
pki=$state/pki
kubeconfig=$state/kubeconfig

nodes=(node1 node2)
machines=(control "${nodes[@]}")
api_port=$((16443 + number))

say() { printf 'lab: %s\n' "$*" >&2; }

die() {
    say "$*"
    exit 1
}

need_lab() { [ -e "$state/started" ] || die "the lab is not up: lab/up starts it"; }

need_root() { [ "$(id -u)" = 0 ] || die "needs root: it makes namespaces, mounts and cgroups"; }

# One lab command at a time, whosever: a second one waits here until the first is done.
# What stays running is started with 9>&-, or it would keep the lock.
take_lock() {
    mkdir -p "$cache"
    exec 9<"$(dirname "$state")"
    flock --nonblock 9 && return
    say "another lab command is running, waiting for it"
    flock 9
}

# step WHAT LOG CMD...: runs CMD with its output in LOG; a failure says WHAT failed and shows the end of LOG.
step() {
    local what=$1 log=$2
    shift 2
    "$@" >>"$log" 2>&1 || fail "$what" "$log"
}

fail() {
    say "FAILED: $1. The end of $2:"
    tail -n 25 "$2" | sed 's/^/    /' >&2
    exit 1
}

# await SECONDS CMD...: calls CMD until it succeeds, at most for that long.
await() {
    local until=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$until" ] || return 1
        sleep 0.1
    done
}
