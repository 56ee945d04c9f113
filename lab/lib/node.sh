# A node: containerd with runc and CNI, a kubelet, a proxy.
# shellcheck shell=bash

pause_image=kube-vxlan-lab-pause:lab

# start_containerd NODE
start_containerd() {
    local node=$1 etc=$state/$1/etc
    mkdir -p "$etc/cni" "$etc/cni-programs"
    ln -s /usr/lib/cni/* "$etc/cni-programs"
    cp "$lib/lab-ptp" "$etc/cni-programs"
    containerd_config "$etc" >"$etc/containerd.toml"
    cni_config "$node" >"$etc/cni/lab.conflist"
    start "$node" containerd containerd --config "$etc/containerd.toml" --log-level warn
}

# restrict_oom_score_adj: without CAP_SYS_RESOURCE a sandbox cannot have the score that containerd asks for.
containerd_config() {
    cat <<TOML
version = 2
disabled_plugins = [
    "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
    "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs",
]
[plugins."io.containerd.internal.v1.opt"]
path = "/var/lib/containerd/opt"
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "docker.io/library/$pause_image"
restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "$1/cni-programs"
conf_dir = "$1/cni"
TOML
}

# Pods are routed, not bridged: so their Services work without br_netfilter, wherever the other end is.
# A real node forwards IPv4, and its pods inherit that; the lab leaves the real machine's switch alone and sets the pods'.
# They inherit nothing of IPv6 (net.core.devconf_inherit_init_net is 0), on a real node neither.
cni_config() {
    cat <<JSON
{
  "cniVersion": "0.4.0",
  "name": "lab",
  "plugins": [
    {
      "type": "lab-ptp",
      "mtu": 1500,
      "ipam": {
        "type": "host-local",
        "ranges": [[{"subnet": "${node_pods[$1]}"}], [{"subnet": "${node_pods6[$1]}"}]],
        "routes": [{"dst": "0.0.0.0/0"}, {"dst": "::/0"}]
      }
    },
    {"type": "tuning", "sysctl": {"net.ipv4.ip_forward": "1"}}
  ]
}
JSON
}

# start_kubelet NODE
start_kubelet() {
    local node=$1
    kubelet_config "$node" >"$state/$node/etc/kubelet.yaml"
    start "$node" kubelet "$(program kubelet)" --v=1 --config "$state/$node/etc/kubelet.yaml" \
        --kubeconfig "$pki/$node.kubeconfig" --hostname-override "$node" \
        --node-ip "${node_address[$node]},${node_address6[$node]}"
}

# Nothing is ever evicted or throttled here: the disk and the images are the developer's, and fifty pods start at once.
# There is no DNS: a pod's look-ups fail at once. Pods find Services by their addresses and environment.
kubelet_config() {
    cat <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication: {x509: {clientCAFile: $pki/ca.crt}}
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
cgroupDriver: cgroupfs
cgroupRoot: /$cgroup/$1
enforceNodeAllocatable: []
localStorageCapacityIsolation: false
failSwapOn: false
evictionHard: {memory.available: 0%}
imageGCHighThresholdPercent: 100
oomScoreAdj: 0
clusterDNS: [127.0.0.1]
volumePluginDir: /var/lib/kubelet/plugins
maxPods: 250
serializeImagePulls: false
registryPullQPS: 0
eventRecordQPS: 0
kubeAPIQPS: 500
kubeAPIBurst: 1000
nodeStatusUpdateFrequency: 5s
allowedUnsafeSysctls: ["net.*"]
YAML
}

nodes_ready() {
    local node
    for node in "${nodes[@]}"; do
        [ "$(kube get node "$node" --output 'jsonpath={.status.conditions[?(@.type=="Ready")].status}' 2>&1)" = True ] ||
            return 1
    done
}

# A namespace takes pods once it has its account and its copy of the certificate authority.
namespaces_ready() {
    kube get --namespace default serviceaccount/default configmap/kube-root-ca.crt >/dev/null 2>&1 &&
        kube get --namespace kube-system serviceaccount/default configmap/kube-root-ca.crt >/dev/null 2>&1
}

kube() { "$(program kubectl)" --kubeconfig "$kubeconfig" "$@"; }

# The container that holds a pod's namespaces does what the agent does: it stays.
load_pause() {
    local node dir=$images/pause
    for node in "${nodes[@]}"; do
        await_part "containerd on $node to answer" "$node-containerd" containerd_ready "$node"
    done
    mkdir -p "$dir"
    cp "$lab_dir/images/pause/Dockerfile" "$dir"
    step "compiling the pause container" "$logs/setup.log" gcc -std=gnu17 -Os -s -static -o "$dir/pause" "$repo_dir/lab/images/app/hold.c"
    load_image "$dir" "$pause_image"
}

containerd_ready() { inside "$1" ctr version >/dev/null 2>&1; }
