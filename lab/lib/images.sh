# Images: built from a folder with a Dockerfile, kept in the cache as one archive per name, loaded into every node.
# A folder whose content is unchanged is neither built nor loaded again.
# shellcheck shell=bash

# load_image DIR NAME: NAME without a tag gets the tag lab.
load_image() {
    local dir=$1 name=$2 node pid imports=()
    [ -f "$dir/Dockerfile" ] || die "no Dockerfile in $dir"
    [[ $name == *:* ]] || name=$name:lab
    mkdir -p "$images"
    local archive=$images/${name//[\/:]/_}.tar digest
    digest=$(digest_of "$dir" "$name")
    [ "$(cat "$archive.digest" 2>/dev/null)" = "$digest" ] || build_image "$dir" "$name" "$archive" "$digest"
    for node in "${nodes[@]}"; do
        import_image "$node" "$name" "$archive" "$digest" &
        imports+=($!)
    done
    for pid in "${imports[@]}"; do
        wait "$pid" || exit 1
    done
}

# Of a folder that has a stage, its Dockerfile and what the stage laid out.
digest_of() {
    local of=(.)
    [ ! -d "$1/target/rootfs" ] || of=(Dockerfile target/rootfs)
    { printf '%s\n' "$2" && tar --create --sort=name --mtime=@0 --directory "$1" "${of[@]}"; } | sha256sum | cut -d ' ' -f 1
}

# What a stage laid out takes the place of the Dockerfile's own, which compiles it.
build_image() {
    local dir=$1 name=$2 archive=$3 digest=$4 log=$3.log store
    local options=(--isolation chroot --timestamp 0)
    [ ! -d "$dir/target/rootfs" ] || options+=(--build-context "build=$dir/target/rootfs")
    say "building the image $name"
    rm -f "$archive" "$archive.digest"
    store=$(mktemp -d "$cache/buildah.XXXXXX")
    : >"$log"
    step "building the image $name" "$log" buildah_in "$store" bud "${options[@]}" --iidfile "$store/id" "$dir"
    step "packing the image $name" "$log" buildah_in "$store" push "$(cat "$store/id")" "docker-archive:$archive:$name"
    rm -rf "$store"
    echo "$digest" >"$archive.digest"
}

buildah_in() { buildah --root "$1/root" --runroot "$1/run" --storage-driver vfs "${@:2}" 9>&-; }

import_image() {
    local node=$1 name=$2 archive=$3 digest=$4
    local note=$state/$node/images/${name//[\/:]/_}
    mkdir -p "$state/$node/images"
    [ "$(cat "$note" 2>/dev/null)" != "$digest" ] || return 0
    step "loading the image $name into $node" "$logs/images.log" \
        inside "$node" ctr --namespace k8s.io images import "$archive"
    echo "$digest" >"$note"
}
