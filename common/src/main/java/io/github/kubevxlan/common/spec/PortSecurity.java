package io.github.kubevxlan.common.spec;

import java.util.List;
import java.util.Map;

/**
 * Whether members of a network may send with their own MAC and addresses only.
 *
 * @param mode what becomes of other packets
 * @param exempt which pods may send anything, in the order given, without repeats
 */
public record PortSecurity(Security mode, List<PodSelector> exempt) {
    /** Nobody looks. */
    public static final PortSecurity OFF = new PortSecurity(Security.OFF, List.of());

    public PortSecurity {
        exempt = List.copyOf(exempt);
    }

    static PortSecurity of(Options options) {
        return new PortSecurity(options.security().orElse(Security.OFF), options.securityExempt());
    }

    /** Whether a pod may send anything. */
    public boolean isExempt(String namespace, Map<String, String> labels) {
        return exempt.stream().anyMatch(selector -> selector.selects(namespace, labels));
    }
}
