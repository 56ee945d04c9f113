package io.github.kubevxlan.controller.plan;

import io.github.kubevxlan.common.net.IfName;
import java.util.List;

/**
 * What a script is to report when it is done.
 *
 * @param devices whether to report devices, their addresses and our routes
 * @param digests links whose entries to report as a digest, those for the pod itself added
 * @param lists links whose entries to list
 */
public record Ask(boolean devices, List<DesiredLink> digests, List<IfName> lists) {
    public Ask {
        digests = List.copyOf(digests);
        lists = List.copyOf(lists);
    }
}
