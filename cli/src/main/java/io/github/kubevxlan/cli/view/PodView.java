package io.github.kubevxlan.cli.view;

import java.util.List;

/**
 * A labelled pod as {@code list pods} shows it.
 *
 * @param namespace the pod's
 * @param name the pod's
 * @param node where it runs; empty before it is scheduled
 * @param podIps its addresses in the cluster network
 * @param agent {@code Running}, {@code Waiting}, {@code None}, {@code Windows} or {@code Static}
 * @param agentImage the agent's image; empty without an agent
 * @param state one word; docs/cli.md lists them
 * @param reason why it is in that state; empty if it is ready
 * @param networks in the order declared
 */
public record PodView(
        String namespace,
        String name,
        String node,
        List<String> podIps,
        String agent,
        String agentImage,
        String state,
        String reason,
        List<PodNetworkView> networks) {}
