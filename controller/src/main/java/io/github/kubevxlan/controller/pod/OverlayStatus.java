package io.github.kubevxlan.controller.pod;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What is written back to a pod: the annotation {@code P/status} and the condition {@code P/ready}.
 *
 * @param networks in the order declared; empty for no annotation
 * @param ready empty for whatever is there
 */
public record OverlayStatus(List<NetworkStatus> networks, Optional<ReadyCondition> ready) {
    public static final OverlayStatus NOTHING = new OverlayStatus(List.of(), Optional.empty());

    public OverlayStatus {
        networks = List.copyOf(networks);
    }

    /** The networks by name, in their order; of two with one name the first. */
    public SequencedMap<String, NetworkStatus> byName() {
        return networks.stream()
                .collect(Collectors.toMap(
                        NetworkStatus::name, Function.identity(), (first, _) -> first, LinkedHashMap::new));
    }

    /** Whether a pod that has this needs no write to have the other. */
    public boolean covers(OverlayStatus wanted) {
        return networks.equals(wanted.networks) && (wanted.ready.isEmpty() || ready.equals(wanted.ready));
    }
}
