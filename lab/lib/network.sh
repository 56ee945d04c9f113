# The lab's network: each node has a cable to a switch in the control plane; there is no way out. Nodes, pods and
# Services have addresses of both families, IPv4 being the primary one.
# shellcheck shell=bash disable=SC2034

control_address=10.200.0.1
service_range=10.202.0.0/16
kubernetes_service=10.202.0.1
pod_range=10.201.0.0/16
declare -A node_address=([node1]=10.200.0.11 [node2]=10.200.0.12)
declare -A node_pods=([node1]=10.201.0.0/22 [node2]=10.201.4.0/22)

control_address6=fd00:200::1
service_range6=fd00:202::/112
pod_range6=fd00:201::/48
declare -A node_address6=([node1]=fd00:200::11 [node2]=fd00:200::12)
declare -A node_pods6=([node1]=fd00:201:0:1::/64 [node2]=fd00:201:0:2::/64)

connect_machines() {
    local node
    inside control ip -batch - <<<"link add switch type bridge
        link set switch up
        address add $control_address/24 dev switch
        address add $control_address6/64 dev switch
        route add $service_range dev switch
        route add $service_range6 dev switch"
    for node in "${nodes[@]}"; do
        plug_in "$node"
    done
}

plug_in() {
    local node=$1 control_pid node_pid other
    read -r control_pid _ <"$state/run/control.pid"
    read -r node_pid _ <"$state/run/$node.pid"
    ip link add "$node" netns "$control_pid" type veth peer name eth0 netns "$node_pid"
    inside control ip -batch - <<<"link set $node master switch up
        route add ${node_pods[$node]} via ${node_address[$node]}
        route add ${node_pods6[$node]} via ${node_address6[$node]}"
    inside "$node" ip -batch - <<<"link set eth0 up
        address add ${node_address[$node]}/24 dev eth0
        address add ${node_address6[$node]}/64 dev eth0
        route add $service_range dev eth0
        route add $service_range6 dev eth0"
    for other in "${nodes[@]}"; do
        [ "$other" = "$node" ] || inside "$node" ip -batch - <<<"route add ${node_pods[$other]} via ${node_address[$other]}
        route add ${node_pods6[$other]} via ${node_address6[$other]}"
    done
}

# The way in for clients: loopback of the real machine, a socket in the file system, the API server.
start_forwarder() {
    start control forwarder socat "UNIX-LISTEN:$state/api.sock,fork,mode=600" "TCP:$control_address:$api_port,nodelay"
    spawn forwarder socat "TCP-LISTEN:$api_port,bind=127.0.0.1,reuseaddr,fork,backlog=512,nodelay" \
        "UNIX-CONNECT:$state/api.sock"
}
