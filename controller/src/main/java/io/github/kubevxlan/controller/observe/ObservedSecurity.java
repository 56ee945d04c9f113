package io.github.kubevxlan.controller.observe;

import io.github.kubevxlan.common.spec.Security;
import io.github.kubevxlan.controller.overlay.Filter;
import io.github.kubevxlan.controller.overlay.Refusal;
import java.util.List;
import java.util.Map;

/**
 * An agent's report of port security.
 *
 * @param isKnown whether the agent can do it
 * @param modes of each segment that has anything of it: the mode whose rules its chains hold, {@link Security#OFF} if they
 *     hold others
 * @param refused the packets of each segment that were refused, by reason
 * @param senders whose packets were refused of late, as far as the agent tells
 */
public record ObservedSecurity(
        boolean isKnown,
        Map<Filter, Security> modes,
        Map<Filter, Map<Refusal, Long>> refused,
        List<RefusedSender> senders) {
    /** That of an agent that can't do it. */
    public static final ObservedSecurity UNKNOWN = new ObservedSecurity(false, Map.of(), Map.of(), List.of());

    public ObservedSecurity {
        modes = Map.copyOf(modes);
        refused = Map.copyOf(refused);
        senders = List.copyOf(senders);
    }

    /** Whether a segment's rules are those of a mode. */
    public boolean isWhole(Filter filter, Security mode) {
        return modes.get(filter) == mode;
    }
}
