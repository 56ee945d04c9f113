package io.github.kubevxlan.controller.observe;

import io.github.kubevxlan.controller.overlay.Filter;
import io.github.kubevxlan.controller.overlay.NftScript;
import java.util.List;
import java.util.Map;

/**
 * An agent's report of our table of filters, without their peers.
 *
 * @param isThere whether the table is there
 * @param whole each filter that it has, and whether its chain holds just the rules that it should
 * @param guarded names of the links whose router advertisements are dropped, a rule each, in order
 * @param dropped the packets that each filter has dropped, as far as the agent tells
 */
public record ObservedFilters(
        boolean isThere, Map<Filter, Boolean> whole, List<String> guarded, Map<Filter, Long> dropped) {
    public static final ObservedFilters NONE = new ObservedFilters(false, Map.of(), List.of());

    /** The name of the chain that drops router advertisements; each of its rules has its link's name as comment. */
    public static final String GUARD = NftScript.GUARD;

    public ObservedFilters {
        whole = Map.copyOf(whole);
        guarded = List.copyOf(guarded);
        dropped = Map.copyOf(dropped);
    }

    /** A report of filters without the packets that they have dropped. */
    public ObservedFilters(boolean isThere, Map<Filter, Boolean> whole, List<String> guarded) {
        this(isThere, whole, guarded, Map.of());
    }

    /** Whether a filter is as it should be. */
    public boolean isWhole(Filter filter) {
        return whole.getOrDefault(filter, false);
    }
}
