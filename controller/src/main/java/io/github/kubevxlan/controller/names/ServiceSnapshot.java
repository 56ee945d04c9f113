package io.github.kubevxlan.controller.names;

import java.util.List;
import java.util.Optional;

/**
 * A Service that names a network, as last seen.
 *
 * @param ref the Service
 * @param created when it was made, as the API server writes it
 * @param network the text of its annotation {@code P/network}
 * @param pods the text of its annotation {@code P/network-pods}
 * @param selector its own selector of pods, printed; empty if it has none
 * @param clusterIp its address; {@code None} for a headless one, empty where there is no address at all
 * @param publishesNotReady whether it wants pods that are not ready, too ({@code publishNotReadyAddresses})
 * @param ports its ports, in their order
 */
public record ServiceSnapshot(
        ServiceRef ref,
        String created,
        String network,
        Optional<String> pods,
        String selector,
        String clusterIp,
        boolean publishesNotReady,
        List<ServicePort> ports) {
    public ServiceSnapshot {
        ports = List.copyOf(ports);
    }
}
