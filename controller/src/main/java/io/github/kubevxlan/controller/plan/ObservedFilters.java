package io.github.kubevxlan.controller.plan;

import java.util.Map;

/**
 * What an agent reports of our table of filters, their peers aside.
 *
 * @param isThere whether the table is there
 * @param whole each filter that it has, and whether its chain holds just the rules that it should
 */
public record ObservedFilters(boolean isThere, Map<Filter, Boolean> whole) {
    public static final ObservedFilters NONE = new ObservedFilters(false, Map.of());

    public ObservedFilters {
        whole = Map.copyOf(whole);
    }

    /** Whether a filter is as it should be. */
    public boolean isWhole(Filter filter) {
        return whole.getOrDefault(filter, false);
    }
}
