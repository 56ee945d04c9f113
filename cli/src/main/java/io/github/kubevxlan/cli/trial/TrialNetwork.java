package io.github.kubevxlan.cli.trial;

import io.github.kubevxlan.common.spec.Definition;
import io.github.kubevxlan.common.spec.Definitions;
import java.util.Comparator;
import java.util.Optional;

/**
 * The network that trial pods join.
 *
 * @param name its name
 * @param givesAddresses whether it gives its members addresses
 */
public record TrialNetwork(String name, boolean givesAddresses) {
    /** An interface name that no network's own is likely to be. */
    private static final String INTERFACE = "vxlan-doctor";

    /**
     * Chooses it.
     *
     * @param asked its name; empty for the first by name that pods of the namespace may join, one that gives addresses
     *     before others
     * @return empty if there is none
     */
    public static Optional<TrialNetwork> choose(Definitions definitions, String namespace, String asked) {
        return definitions.usable().values().stream()
                .filter(definition -> asked.isEmpty() || definition.name().equals(asked))
                .filter(definition -> definition.options().admits(namespace))
                .map(TrialNetwork::of)
                .min(Comparator.comparing((TrialNetwork network) -> !network.givesAddresses)
                        .thenComparing(TrialNetwork::name));
    }

    private static TrialNetwork of(Definition definition) {
        return new TrialNetwork(definition.name(), !definition.pools().isEmpty());
    }

    /**
     * What a pod's {@code networks} annotation says. Where the network gives no addresses, the pod takes one of those that
     * are for tests between networks (RFC 2544 section C.2.2, 198.18.0.0/15).
     *
     * @param run tells the pods of one command from those of another, 0 to 255
     * @param index of the pod, 0 to 253
     */
    public String annotation(int run, int index) {
        String joined = name + " name=" + INTERFACE;
        return givesAddresses ? joined : joined + " ip=198.18." + run + "." + (index + 1) + "/24";
    }
}
