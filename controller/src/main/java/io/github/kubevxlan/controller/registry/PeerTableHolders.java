package io.github.kubevxlan.controller.registry;

import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.PeerTable;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a segment's members are known to hold, to ask how many of them hold a certain pod's entries. Members share few
 * tables, so that it costs little to ask for many pods.
 */
public final class PeerTableHolders {
    private final IdentityHashMap<PeerTable, Integer> byTable = new IdentityHashMap<>();
    private final int all;

    /** Takes what each member last reported to hold; empty where that is not known. */
    public PeerTableHolders(Collection<Optional<PeerTable>> tables) {
        all = tables.size();
        tables.forEach(table -> table.ifPresent(known -> byTable.merge(known, 1, Integer::sum)));
    }

    /** How many members there are. */
    public int all() {
        return all;
    }

    /** How many of them hold all of these entries. */
    public int holding(List<Entry> entries) {
        return byTable.entrySet().stream()
                .filter(table -> entries.stream().allMatch(table.getKey()::contains))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }
}
