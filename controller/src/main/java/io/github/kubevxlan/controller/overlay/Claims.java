package io.github.kubevxlan.controller.overlay;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Addresses that belong to a pod as long as they are written in its status.
 *
 * @param ips by network name
 */
public record Claims(Map<String, List<IpAddr>> ips) {
    public static final Claims NONE = new Claims(Map.of());

    public Claims {
        ips = ips.entrySet().stream()
                .filter(network -> !network.getValue().isEmpty())
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, network -> List.copyOf(network.getValue())));
    }

    /** Those of one network. */
    public List<IpAddr> of(String network) {
        return ips.getOrDefault(network, List.of());
    }

    /** The same without some of one network. */
    public Claims without(String network, Set<IpAddr> some) {
        if (some.isEmpty()) {
            return this;
        }
        Map<String, List<IpAddr>> rest = new HashMap<>(ips);
        rest.put(network, of(network).stream().filter(ip -> !some.contains(ip)).toList());
        return new Claims(rest);
    }

    /** Those of one network, and these where they are others. */
    public List<IpAddr> with(String network, List<IpAddr> others) {
        Set<IpAddr> all = new LinkedHashSet<>(of(network));
        all.addAll(others);
        return List.copyOf(all);
    }

    /** These, and what a status tells. */
    public Claims and(List<NetworkStatus> networks) {
        Map<String, List<IpAddr>> all = new HashMap<>(ips);
        networks.forEach(network -> all.put(network.name(), with(network.name(), network.ips())));
        return new Claims(all);
    }

    /** Whether a status tells all of them. */
    public boolean areIn(List<NetworkStatus> networks) {
        return ips.entrySet().stream()
                .allMatch(claimed -> networks.stream()
                        .anyMatch(network -> network.name().equals(claimed.getKey())
                                && network.ips().containsAll(claimed.getValue())));
    }
}
