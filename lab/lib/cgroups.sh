# Everything that the lab runs is in the control group kube-vxlan-lab: its own processes in kube-vxlan-lab/machines,
# the pods' in kube-vxlan-lab/NODE. That is how it knows later what is its own, even where its notes are lost.
# shellcheck shell=bash

cgroup=kube-vxlan-lab$suffix

# Every hierarchy that may hold the group: one each for a controller with cgroup v1, a single one with v2.
hierarchies() { findmnt --noheadings --raw --output TARGET --types cgroup,cgroup2; }

# Where the lab's processes are found. The group has no limit there, it only keeps them together.
tracker() {
    local v1=/sys/fs/cgroup/pids
    if [ -d "$v1" ]; then printf %s "$v1/$cgroup"; else printf %s "/sys/fs/cgroup/$cgroup"; fi
}

make_cgroups() {
    local root node
    for root in $(hierarchies); do
        open_cgroup "$root" "$root/$cgroup"
        for node in "${nodes[@]}"; do
            open_cgroup "$root/$cgroup" "$root/$cgroup/$node"
        done
    done
    mkdir -p "$(tracker)/machines"
}

# A v1 cpuset starts empty and admits nobody; a v2 group has only the controllers that its parent hands down.
open_cgroup() {
    local parent=$1 group=$2 name
    if [ -e "$parent/cgroup.controllers" ]; then
        sed 's/\</+/g' "$parent/cgroup.controllers" >"$parent/cgroup.subtree_control"
    fi
    mkdir -p "$group"
    [ -e "$parent/cgroup.clone_children" ] || return 0
    for name in cpuset.cpus cpuset.mems; do
        [ ! -e "$group/$name" ] || cat "$parent/$name" >"$group/$name"
    done
}

# The processes of the lab, by their ids as the machine sees them.
lab_processes() {
    local group
    group=$(tracker)
    [ ! -d "$group" ] || find "$group" -name cgroup.procs -exec cat {} +
}

# pod_processes UID CONTAINER: those of a pod's containers with such an id, a pattern.
# A group that goes while it is looked for has none, which is no fault to tell; who finds none at all says so.
pod_processes() { find "$(tracker)" -path "*/pod$1/$2/cgroup.procs" -exec cat {} + 2>/dev/null; }

remove_cgroups() {
    local root
    for root in $(hierarchies); do
        [ ! -d "$root/$cgroup" ] || find "$root/$cgroup" -depth -type d -exec rmdir {} +
    done
}
