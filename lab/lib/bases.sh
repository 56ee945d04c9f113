# Stand-ins for the base images of our Dockerfiles, for which no registry is asked: one Debian made of its packages, in
# which this machine's Rust, JDK, Maven and caches of crates and jars are mounted where the real ones have theirs.
# shellcheck shell=bash

stand_in=localhost/stand-in
stand_in_packages=(gcc libc6-dev python3 ca-certificates)

# build_whole DIR FOLDER RESULT: builds FOLDER/DIR/Dockerfile, its stage that compiles included. The id of the image is in
# RESULT.id then, what was said in RESULT.log.
build_whole() {
    local base
    base=$(base_of "$2/$1/Dockerfile")
    buildah_in "$bases" bud --isolation chroot --timestamp 0 --pull=never --build-context "$base=container-image://$stand_in" \
        "${mounts[@]}" --iidfile "$3.id" --file "$2/$1/Dockerfile" "$2" >"$3.log" 2>&1
}

base_of() { sed -n 's/^FROM \(.*\) AS compile$/\1/p' "$1"; }

# need_stand_in: makes it once; later runs find it in the cache.
need_stand_in() {
    local rust jdk
    rust=$(rustc --print sysroot)
    jdk=$("$repo_dir/hack/jdk")
    # A Rust that comes from Debian packages is none that could be mounted.
    [ "$rust" != /usr ] || stand_in_packages+=(rustc-web cargo-web rustfmt-web rust-web-clippy)
    mount_tools "$rust" "$jdk"
    bases=$cache/bases-$({ declare -f make_stand_in && echo "${stand_in_packages[*]} $maven"; } | sha256sum | head -c 8)
    if [ ! -e "$bases/made" ]; then
        rm -rf "$cache"/bases-*
        mkdir -p "$bases"
        make_stand_in
        touch "$bases/made"
    fi
}

# What is downloaded in a build stays in this machine's caches, as in a build outside.
mount_tools() {
    local folder
    maven=$(dirname "$(dirname "$(readlink -f "$(command -v mvn)")")")
    mkdir -p ~/.m2 "${CARGO_HOME:-$HOME/.cargo}/registry"
    mounts=(--volume "$2:/opt/java/openjdk:ro" --volume "$HOME/.m2:/root/.m2"
        --volume "${CARGO_HOME:-$HOME/.cargo}/registry:/usr/local/cargo/registry")
    [ "$1" = /usr ] || mounts+=(--volume "$1:/usr/local/rust:ro")
    # Debian's Maven and JDK have links into these.
    for folder in "$maven" /usr/share/java /etc/maven /etc/ssl/certs/java; do
        [ ! -d "$folder" ] || mounts+=(--volume "$folder:$folder:ro")
    done
}

make_stand_in() {
    local log=$bases/stand-in.log
    say "making a stand-in for base images (once; later runs find it in $bases)"
    : >"$log"
    step "making a Debian" "$log" mmdebstrap --mode=root --variant=minbase \
        --include="$(IFS=, && echo "${stand_in_packages[*]}")" bookworm "$bases/debian.tar"
    mkdir "$bases/bin"
    printf '#!/bin/sh\nexec %s/bin/mvn "$@"\n' "$maven" >"$bases/bin/mvn"
    # The real one brings the target musl, which no Debian package has; the agent links glibc without it.
    printf '#!/bin/sh\necho "stand-in for rustup: leaves out $*"\n' >"$bases/bin/rustup"
    chmod +x "$bases"/bin/*
    cat >"$bases/Dockerfile" <<'DOCKERFILE'
FROM scratch
ADD debian.tar /
COPY bin /usr/local/bin
ENV JAVA_HOME=/opt/java/openjdk CARGO_HOME=/usr/local/cargo \
    PATH=/usr/local/rust/bin:/opt/java/openjdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
DOCKERFILE
    step "loading it" "$log" buildah_in "$bases" bud --isolation chroot --tag "$stand_in" "$bases"
    rm "$bases/debian.tar"
}
