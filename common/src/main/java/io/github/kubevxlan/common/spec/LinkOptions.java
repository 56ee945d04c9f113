package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.Mtu;
import java.util.Map;

/**
 * A pod's link.
 *
 * @param ifName the interface in the pod
 * @param dev the underlay device in the pod
 * @param up whether the link is up
 * @param mtu of the interface
 * @param tuning how it sends
 */
public record LinkOptions(IfName ifName, IfName dev, boolean up, Mtu mtu, LinkTuning tuning) {
    /** One that is not impaired. */
    public LinkOptions(IfName ifName, IfName dev, boolean up, Mtu mtu, Map<LinkAttribute, Integer> attributes) {
        this(ifName, dev, up, mtu, new LinkTuning(attributes, Impairments.NONE));
    }

    /** Those that are set. */
    public Map<LinkAttribute, Integer> attributes() {
        return tuning.attributes();
    }
}
