# The Debian packages that the lab and the images are made of.
# shellcheck shell=bash

packages=(
    containerd runc containernetworking-plugins # the nodes' container runtime
    iproute2 iptables conntrack ethtool procps  # their networks
    openssl curl socat                          # certificates, and the way to the API from outside
    buildah busybox-static dash gcc libc6-dev nftables # the images
)

install_packages() {
    local package missing=() log=$cache/packages.log
    for package in "${packages[@]}"; do
        [ "$(dpkg-query --show --showformat '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
            missing+=("$package")
    done
    [ "${#missing[@]}" -gt 0 ] || return 0
    command -v apt-get >/dev/null || die "needs these Debian packages, and there is no apt-get: ${missing[*]}"
    say "installing Debian packages: ${missing[*]}"
    : >"$log"
    step "apt-get update" "$log" apt-get update 9>&-
    step "installing ${missing[*]}" "$log" env DEBIAN_FRONTEND=noninteractive \
        apt-get install --yes --no-install-recommends "${missing[@]}" 9>&-
}
