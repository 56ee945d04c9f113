package io.github.kubevxlan.controller.names;

import io.github.kubevxlan.common.net.Family;
import java.util.List;

/**
 * An EndpointSlice of ours.
 *
 * @param name its own
 * @param service whose it is; it is in the Service's namespace
 * @param family of all its addresses
 * @param ports those of the Service
 * @param endpoints at most {@link #MOST}
 */
public record Slice(String name, ServiceRef service, Family family, List<SlicePort> ports, List<Endpoint> endpoints) {
    /** As many as Kubernetes itself puts into one. */
    public static final int MOST = 100;

    public Slice {
        ports = List.copyOf(ports);
        endpoints = List.copyOf(endpoints);
    }

    /** Namespace and name. */
    public String key() {
        return service.namespace() + "/" + name;
    }
}
