package io.github.kubevxlan.controller.names;

import io.github.kubevxlan.common.spec.Definitions;
import java.util.List;

/**
 * Everything that names follow from, as last seen.
 *
 * @param definitions of the networks
 * @param services those that name a network
 * @param pods with the label, but for those that are over
 * @param slices ours
 */
public record NamesView(
        Definitions definitions, List<ServiceSnapshot> services, List<PodNames> pods, List<ObservedSlice> slices) {
    public NamesView {
        services = List.copyOf(services);
        pods = List.copyOf(pods);
        slices = List.copyOf(slices);
    }

    /** The same with other slices. */
    public NamesView with(List<ObservedSlice> others) {
        return new NamesView(definitions, services, pods, others);
    }
}
