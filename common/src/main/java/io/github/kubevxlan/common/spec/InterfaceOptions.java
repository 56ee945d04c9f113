package io.github.kubevxlan.common.spec;

import java.util.List;

/**
 * What somebody chose for a pod's interface besides link and IP.
 *
 * @param macs MACs for the pod's interface, or by name for those of others too; the first counts
 * @param impairments what is done to the packets that the interface sends
 */
public record InterfaceOptions(List<ChosenMac> macs, Impairments impairments) {
    /** Nobody chose anything. */
    public static final InterfaceOptions NONE = new InterfaceOptions(List.of(), Impairments.NONE);

    public InterfaceOptions {
        macs = List.copyOf(macs);
    }
}
