# The control plane: etcd, API server, controller manager, scheduler, and a proxy that makes Services reachable
# for the API server (webhooks). Nothing here has to survive the lab, so nothing is synced to disk.
# shellcheck shell=bash

start_api() {
    start control etcd "$(program etcd)" --data-dir "$state/control/etcd" --unsafe-no-fsync --log-level warn \
        --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 \
        --listen-peer-urls http://127.0.0.1:2380
    # Which requests come from the webhook and the controller: lab/requests.
    cat >"$state/control/audit.yaml" <<YAML
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [ResponseStarted, ResponseComplete, Panic]
rules:
- level: Metadata
  users:
  - system:serviceaccount:kube-system:kube-vxlan-controller
  - system:serviceaccount:kube-system:kube-vxlan-controller-webhook
YAML
    start control kube-apiserver "$(program kube-apiserver)" --v=1 \
        --etcd-servers http://127.0.0.1:2379 \
        --advertise-address "$control_address" --secure-port "$api_port" \
        --tls-cert-file "$pki/apiserver.crt" --tls-private-key-file "$pki/apiserver.key" \
        --client-ca-file "$pki/ca.crt" --authorization-mode Node,RBAC \
        --audit-policy-file "$state/control/audit.yaml" --audit-log-path "$logs/audit.log" \
        --enable-admission-plugins NodeRestriction --allow-privileged \
        --kubelet-client-certificate "$pki/kubelet-client.crt" --kubelet-client-key "$pki/kubelet-client.key" \
        --kubelet-preferred-address-types InternalIP \
        --service-cluster-ip-range "$service_range,$service_range6" \
        --service-account-issuer https://kubernetes.default.svc.cluster.local \
        --service-account-key-file "$pki/service-accounts.key" \
        --service-account-signing-key-file "$pki/service-accounts.key"
}

api_ready() {
    curl --silent --fail --max-time 2 --cacert "$pki/ca.crt" "https://127.0.0.1:$api_port/readyz" >/dev/null
}

start_controllers() {
    start control kube-controller-manager "$(program kube-controller-manager)" --v=1 \
        --kubeconfig "$pki/kube-controller-manager.kubeconfig" --leader-elect=false --node-monitor-grace-period 10m \
        --kube-api-qps 500 --kube-api-burst 1000 --controllers '*,-nodeipam' --use-service-account-credentials \
        --root-ca-file "$pki/ca.crt" --service-account-private-key-file "$pki/service-accounts.key"
    start control kube-scheduler "$(program kube-scheduler)" --v=1 \
        --kubeconfig "$pki/kube-scheduler.kubeconfig" --leader-elect=false --kube-api-qps 500 --kube-api-burst 1000
    start_proxy control node1 # it wants the name of a node, and the control plane is none
}

# start_proxy MACHINE NODE
start_proxy() {
    cat >"$state/$1/kube-proxy.yaml" <<YAML
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: iptables
hostnameOverride: $2
clusterCIDR: "$pod_range,$pod_range6"
clientConnection: {kubeconfig: $pki/kube-proxy.kubeconfig}
conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
YAML
    start "$1" kube-proxy "$(program kube-proxy)" --v=1 --config "$state/$1/kube-proxy.yaml"
}
