package io.github.kubevxlan.common.spec;

/**
 * The label and annotation keys under one prefix.
 *
 * @param prefix a DNS subdomain, as {@code vxlan.travelping.com}; the opt-in label is the prefix itself
 */
public record Keys(String prefix) {
    /** The label's value on pods that shall be members. */
    public static final String LABELLED = "true";

    /** The container that the webhook injects and the controller executes in. */
    public static final String AGENT_CONTAINER = "vxlan-controller-agent";

    /** In classic mode the container that the controller executes in before that one runs: an init container. */
    public static final String AGENT_INIT_CONTAINER = AGENT_CONTAINER + "-init";

    /**
     * The Lease, in the program's namespace, that is there from when the ConfigMap with the definitions was first seen. It is
     * no ConfigMap, so that nobody who deletes those deletes it too.
     */
    public static final String NETWORKS_LEASE = "kube-vxlan-controller-networks";

    /** Tells whether a container of that name is an agent. */
    public static boolean isAgent(String container) {
        return container.equals(AGENT_CONTAINER) || container.equals(AGENT_INIT_CONTAINER);
    }

    /** The opt-in label; its value is {@link #LABELLED}. */
    public String label() {
        return prefix;
    }

    /** Names of networks alone. */
    public String names() {
        return prefix + "/names";
    }

    /** Names of networks with options; wins over {@link #names()}. */
    public String networks() {
        return prefix + "/networks";
    }

    /** {@code "false"}: the pod brings its own agent. */
    public String inject() {
        return prefix + "/inject";
    }

    /** Where the controller writes what it gave the pod. */
    public String status() {
        return prefix + "/status";
    }

    /** The pod condition and readiness gate. */
    public String ready() {
        return prefix + "/ready";
    }

    /** {@code "false"}: the pod is ready without waiting for its peers. */
    public String gate() {
        return prefix + "/gate";
    }

    /** What the agent of one pod requests of a resource, {@code cpu} or {@code memory}. */
    public String agentRequest(String resource) {
        return prefix + "/agent-" + resource + "-request";
    }

    /** The agent's limit of a resource in one pod, {@code cpu} or {@code memory}. */
    public String agentLimit(String resource) {
        return prefix + "/agent-" + resource + "-limit";
    }

    /** {@code "false"}: the pod's other containers start without waiting for its networks. */
    public String waits() {
        return prefix + "/wait";
    }

    /** {@code "true"} on the ConfigMap with the definitions: it may be deleted while it has members. */
    public String allowDelete() {
        return prefix + "/allow-delete";
    }

    /** On a headless Service: the network whose members' addresses the cluster's DNS shall answer with. */
    public String network() {
        return prefix + "/network";
    }

    /** On such a Service: a label selector for the members that are meant; without it all of its namespace are. */
    public String networkPods() {
        return prefix + "/network-pods";
    }

    /** Where the controller notes on {@link #NETWORKS_LEASE} whether pods are members. */
    public String members() {
        return prefix + "/members";
    }
}
