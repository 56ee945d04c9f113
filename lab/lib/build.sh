# The cluster's programs, built by Go from the module proxy and kept in the cache under their versions.
# lab/build/NAME/go.mod pins a module and lists its programs as tools; go.sum pins the bytes.
# shellcheck shell=bash

declare -A module=(
    [kubernetes]=k8s.io/kubernetes
    [kubernetes-oldest]=k8s.io/kubernetes
    [kubernetes-newest]=k8s.io/kubernetes
    [etcd]=go.etcd.io/etcd/server/v3
    [helm]=helm.sh/helm/v3
    [cert-manager]=github.com/cert-manager/cert-manager
    [prometheus]=github.com/prometheus/prometheus
    [coredns]=github.com/coredns/coredns
    [actionlint]=github.com/rhysd/actionlint
    [krew]=sigs.k8s.io/krew
)

# What is left out of Prometheus: finding targets in every cloud there is. Its pages in a browser are not built either.
declare -A tags=(
    [prometheus]="remove_all_sd,enable_kubernetes_sd"
)

# program NAME: the path of a program of the cluster or of a client, built or not.
program() {
    case $1 in
        etcd | helm | cert-manager | prometheus | coredns | actionlint | krew) printf '%s/%s' "$(binaries "$1")" "$1" ;;
        promtool) printf '%s/%s' "$(binaries prometheus)" "$1" ;;
        *) printf '%s/%s' "$(binaries kubernetes)" "$1" ;;
    esac
}

build_binaries() {
    local name
    for name in kubernetes etcd helm; do
        [ -d "$(binaries "$name")" ] || build "$name"
    done
}

# need_built NAME: builds a module's programs unless they are there; of several that ask at once, one builds.
need_built() {
    [ ! -d "$(binaries "$1")" ] || return 0
    take_lock
    [ -d "$(binaries "$1")" ] || build "$1"
    exec 9>&-
}

# binaries NAME: the folder of a module's programs; its name changes with the version and with every pinned byte.
binaries() {
    printf '%s/%s-%s-%s' "$cache" "$1" "$(version "$1")" "$(cat "$lab_dir/build/$1"/* | sha256sum | cut -c 1-8)"
}

version() { awk -v module="${module[$1]}" '{ sub(/^require /, "") } $1 == module && $2 ~ /^v/ { print $2 }' "$lab_dir/build/$1/go.mod"; }

build() {
    local name=$1 target log=$cache/build-$1.log
    need_go
    target=$(binaries "$name")
    rm -rf "$target.part"
    mkdir -p "$target.part"
    compile "$name" "$target.part/" >"$log" 2>&1 9>&- &
    progress $! "${target##*/}" "$log" || fail "building $name with Go" "$log"
    [ ! -e "$target.part/server" ] || mv "$target.part/server" "$target.part/etcd"
    mv "$target.part" "$target"
}

compile() {
    local name=$1 out=$2 v
    v=$(version "$name")
    export CGO_ENABLED=0 GOFLAGS=
    cd "$lab_dir/build/$name" || return
    exec go build -v -trimpath -tags "${tags[$name]:-}" -ldflags "-s -w $(stamp "$name" "$v")" -o "$out" tool
}

# Without the stamp the API server calls itself v0.0.0, and clients misjudge what it can do.
stamp() {
    local package=k8s.io/component-base/version major minor
    [[ $1 == kubernetes* ]] || return 0
    IFS=. read -r major minor _ <<<"${2#v}"
    printf -- '-X %s.gitVersion=%s -X %s.gitMajor=%s -X %s.gitMinor=%s' "$package" "$2" "$package" "$major" "$package" "$minor"
}

# progress PID WHAT LOG: says every ten seconds how many packages are compiled; ends as PID ends.
progress() {
    local pid=$1 what=$2 log=$3 started=$SECONDS
    say "building $what (once; later runs find it in $cache)"
    while kill -0 "$pid" 2>/dev/null; do
        sleep 1
        (((SECONDS - started) % 10 == 9)) || continue
        say "building $what: $(grep -c -v ' ' "$log") packages compiled, $((SECONDS - started)) s"
    done
    wait "$pid" || return
    say "built $what in $((SECONDS - started)) s"
}

need_go() {
    local needed found=none
    needed=$(awk '$1 == "go" { print $2 }' "$lab_dir/build/etcd/go.mod")
    if command -v go >/dev/null; then
        (cd "$lab_dir/build/etcd" && go version) >/dev/null 2>&1 && return
        found=$(go version)
    fi
    die "needs Go $needed or later in PATH to build the cluster (https://go.dev/dl); found: $found"
}
