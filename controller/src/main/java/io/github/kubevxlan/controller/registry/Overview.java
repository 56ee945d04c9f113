package io.github.kubevxlan.controller.registry;

import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Resolution;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import java.util.List;

/**
 * Everything that is known at one moment.
 *
 * @param definitions of the networks
 * @param pods all labelled ones, in no order
 */
public record Overview(Definitions definitions, List<Declared> pods) {
    public Overview {
        pods = List.copyOf(pods);
    }

    /** A pod as last seen, and what it declares. */
    public record Declared(PodSnapshot pod, Resolution resolution) {}
}
