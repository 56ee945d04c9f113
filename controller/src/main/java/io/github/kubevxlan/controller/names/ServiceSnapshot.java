package io.github.kubevxlan.controller.names;

import java.util.List;
import java.util.Optional;

/**
 * A Service that names a network, as last seen.
 *
 * @param ref the Service
 * @param created when it was made, as the API server writes it
 * @param annotations those that are ours
 * @param spec what its spec has
 */
public record ServiceSnapshot(ServiceRef ref, String created, Annotations annotations, Spec spec) {
    /**
     * Our annotations of a Service.
     *
     * @param network the text of {@code P/network}
     * @param pods the text of {@code P/network-pods}
     */
    public record Annotations(String network, Optional<String> pods) {}

    /**
     * What a name takes of the Service's spec.
     *
     * @param selector its own selector of pods, printed; empty if it has none
     * @param clusterIp its address; {@code None} for a headless one, empty where there is no address at all
     * @param publishesNotReady whether it wants pods that are not ready, too ({@code publishNotReadyAddresses})
     * @param ports its ports, in their order
     */
    public record Spec(String selector, String clusterIp, boolean publishesNotReady, List<ServicePort> ports) {
        public Spec {
            ports = List.copyOf(ports);
        }
    }

    public String network() {
        return annotations.network();
    }

    public Optional<String> pods() {
        return annotations.pods();
    }

    public String selector() {
        return spec.selector();
    }

    public String clusterIp() {
        return spec.clusterIp();
    }

    public boolean publishesNotReady() {
        return spec.publishesNotReady();
    }

    public List<ServicePort> ports() {
        return spec.ports();
    }
}
