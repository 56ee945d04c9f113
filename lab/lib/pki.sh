# One certificate authority signs for every part of the cluster; keys live as long as the lab.
# shellcheck shell=bash

make_pki() {
    local node
    mkdir -m 700 "$pki"
    openssl genrsa -out "$pki/service-accounts.key" 2048
    openssl req -x509 -newkey ec:<(openssl ecparam -name prime256v1) -nodes -days 365 \
        -keyout "$pki/ca.key" -out "$pki/ca.crt" -subj /CN=kube-vxlan-lab
    certificate apiserver /CN=kube-apiserver "subjectAltName=$(api_names)"
    certificate kubelet-client /O=system:masters/CN=kube-apiserver-kubelet-client
    client admin /O=system:masters/CN=admin
    client kube-controller-manager /CN=system:kube-controller-manager
    client kube-scheduler /CN=system:kube-scheduler
    client kube-proxy /CN=system:kube-proxy
    for node in "${nodes[@]}"; do
        client "$node" "/O=system:nodes/CN=system:node:$node"
    done
    install -m 600 "$pki/admin.kubeconfig" "$kubeconfig"
}

api_names() {
    printf 'IP:127.0.0.1,IP:%s,IP:%s,DNS:localhost' "$control_address" "$kubernetes_service"
    printf ',DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local'
}

certificate() {
    openssl req -x509 -newkey ec:<(openssl ecparam -name prime256v1) -nodes -days 365 \
        -CA "$pki/ca.crt" -CAkey "$pki/ca.key" -keyout "$pki/$1.key" -out "$pki/$1.crt" -subj "$2" \
        -addext basicConstraints=CA:false -addext extendedKeyUsage=serverAuth,clientAuth ${3:+-addext "$3"}
    # Java clients read such a key from a kubeconfig in SEC 1 form alone.
    openssl ec -in "$pki/$1.key" -out "$pki/$1.key"
}

# client NAME SUBJECT: a kubeconfig with everything in it. The admin's address is that of the loopback forwarder;
# the control plane's own loopback answers there too.
client() {
    local server=https://$control_address:$api_port
    [ "$1" != admin ] || server=https://127.0.0.1:$api_port
    certificate "$1" "$2"
    cat >"$pki/$1.kubeconfig" <<YAML
apiVersion: v1
kind: Config
clusters: [{name: lab, cluster: {server: "$server", certificate-authority-data: $(encoded ca.crt)}}]
users: [{name: $1, user: {client-certificate-data: $(encoded "$1.crt"), client-key-data: $(encoded "$1.key")}}]
contexts: [{name: lab, context: {cluster: lab, user: $1}}]
current-context: lab
YAML
}

encoded() { base64 --wrap=0 "$pki/$1"; }
