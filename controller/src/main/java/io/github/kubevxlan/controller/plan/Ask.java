package io.github.kubevxlan.controller.plan;

import io.github.kubevxlan.common.net.Cidr;
import java.util.List;

/**
 * What a script is to report when it is done.
 *
 * @param devices whether to report devices, their addresses, our routes and filters
 * @param digests links whose entries to report as a digest, those for the pod itself added
 * @param lists links whose entries to list
 * @param destinations of which to report other routes than ours; all might be too many
 */
public record Ask(boolean devices, List<DesiredLink> digests, List<DesiredLink> lists, List<Cidr> destinations) {
    public Ask {
        digests = List.copyOf(digests);
        lists = List.copyOf(lists);
        destinations = List.copyOf(destinations);
    }

    /** No other routes than ours. */
    public Ask(boolean devices, List<DesiredLink> digests, List<DesiredLink> lists) {
        this(devices, digests, lists, List.of());
    }
}
