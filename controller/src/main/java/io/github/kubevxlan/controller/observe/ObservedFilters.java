package io.github.kubevxlan.controller.observe;

import io.github.kubevxlan.common.spec.Security;
import io.github.kubevxlan.controller.overlay.Filter;
import io.github.kubevxlan.controller.overlay.NftScript;
import io.github.kubevxlan.controller.overlay.Refusal;
import io.github.kubevxlan.controller.overlay.SecurityScript;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An agent's report of our table of filters, without their peers.
 *
 * @param isThere whether the table is there
 * @param whole each filter that it has, and whether its chain holds just the rules that it should
 * @param guard what drops router advertisements and redirects
 * @param dropped the packets that each filter has dropped, as far as the agent tells
 * @param security what there is of port security
 */
public record ObservedFilters(
        boolean isThere,
        Map<Filter, Boolean> whole,
        Guard guard,
        Map<Filter, Long> dropped,
        ObservedSecurity security) {
    public static final ObservedFilters NONE = new ObservedFilters(false, Map.of(), List.of());

    /** The name of the chain that drops router advertisements and redirects; each of its rules has its link's name as comment. */
    public static final String GUARD = NftScript.GUARD;

    public ObservedFilters {
        whole = Map.copyOf(whole);
        dropped = Map.copyOf(dropped);
    }

    /**
     * What drops router advertisements and redirects.
     *
     * @param links names of the links by which they come in, in order
     * @param isWhole whether it has just the rules that it should have for these links
     */
    public record Guard(List<String> links, boolean isWhole) {
        public Guard {
            links = List.copyOf(links);
        }
    }

    /** A report of filters without port security. */
    public ObservedFilters(
            boolean isThere, Map<Filter, Boolean> whole, List<String> guarded, Map<Filter, Long> dropped) {
        this(isThere, whole, new Guard(guarded, true), dropped, ObservedSecurity.UNKNOWN);
    }

    /** A report of filters without the packets that they have dropped. */
    public ObservedFilters(boolean isThere, Map<Filter, Boolean> whole, List<String> guarded) {
        this(isThere, whole, guarded, Map.of());
    }

    /**
     * Reads a report of our table.
     *
     * @param isThere whether the table is there
     * @param comments of each chain, those of its rules in order
     * @param packets of each counter
     * @param knowsSecurity whether the agent can do port security
     * @param dropsRedirects whether the agent's guard drops redirects too
     * @param senders whose packets were refused of late; empty if the agent is an older one that does not keep this
     */
    public static ObservedFilters of(
            boolean isThere,
            Map<String, List<String>> comments,
            Map<String, Long> packets,
            boolean knowsSecurity,
            boolean dropsRedirects,
            Optional<List<RefusedSender>> senders) {
        Map<Filter, Boolean> whole = new HashMap<>();
        Map<Filter, Long> dropped = new HashMap<>();
        Map<Filter, Security> modes = new HashMap<>();
        Map<Filter, Map<Refusal, Long>> refused = new HashMap<>();
        comments.forEach((chain, found) -> {
            Filter.parse(chain).ifPresent(filter -> whole.put(filter, found.equals(filter.comments())));
            SecurityScript.filter(chain)
                    .ifPresent(filter -> modes.put(filter, SecurityScript.mode(filter, comments, senders.isPresent())));
        });
        packets.forEach((name, count) -> {
            Filter.parse(name).ifPresent(filter -> dropped.put(filter, count));
            Refusal.filter(name)
                    .ifPresent(filter -> refused.computeIfAbsent(filter, _ -> new EnumMap<>(Refusal.class))
                            .put(Refusal.parse(filter, name), count));
        });
        List<String> guard = comments.getOrDefault(GUARD, List.of());
        List<String> guarded = guard.stream().distinct().toList();
        return new ObservedFilters(
                isThere,
                whole,
                new Guard(guarded, guard.equals(NftScript.guardComments(guarded, dropsRedirects))),
                dropped,
                new ObservedSecurity(knowsSecurity, modes, refused, senders.orElse(List.of())));
    }

    /** Whether a filter is as it should be. */
    public boolean isWhole(Filter filter) {
        return whole.getOrDefault(filter, false);
    }
}
