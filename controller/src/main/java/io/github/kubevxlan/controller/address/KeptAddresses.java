package io.github.kubevxlan.controller.address;

import io.github.kubevxlan.common.net.IpAddr;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What names that are away had in one network, for when they return. It is in memory alone: a controller knows of the
 * pods that went while it watched.
 *
 * <p>A StatefulSet makes its pods from the lowest number up and ends them from the highest down. So as long as it has a
 * pod with a higher number, it wants those with lower ones; of the highest one nobody can tell.
 */
final class KeptAddresses {
    private static final int NO_NUMBER = -1;

    /** So many names at most; the one that was put aside first gives way. */
    private static final int MOST_NAMES = 10_000;

    private final PoolState poolState;
    private final AddressPolicy policy;
    private final Map<String, Away> keptByName = new LinkedHashMap<>();

    /** What a name had, and since when nobody is known to want it; null if nobody looked yet. */
    private record Away(
            NameKind kind, List<IpAddr> addresses, @Nullable Duration since) {
        private @Nullable Away without(IpAddr gone) {
            List<IpAddr> rest =
                    addresses.stream().filter(address -> !address.equals(gone)).toList();
            return rest.isEmpty() ? null : new Away(kind, rest, since);
        }
    }

    KeptAddresses(PoolState poolState, AddressPolicy policy) {
        this.poolState = poolState;
        this.policy = policy;
    }

    /** Puts aside of what a name had what is still in the pools and promised to nobody else. */
    void keep(Claimant pod, List<IpAddr> addresses) {
        if (addresses.isEmpty() || !policy.keeps(pod.kind())) {
            return;
        }
        end(pod.name());
        Promise promise = new Promise(pod.name(), false);
        List<IpAddr> free = addresses.stream()
                .filter(address -> poolState.covers(address) && poolState.promise(address, promise))
                .toList();
        if (!free.isEmpty()) {
            keptByName.put(pod.name(), new Away(pod.kind(), free, null));
        }
        if (keptByName.size() > MOST_NAMES) {
            end(keptByName.keySet().iterator().next());
        }
    }

    /** What is kept for a name. */
    List<IpAddr> of(String name) {
        Away kept = keptByName.get(name);
        return kept == null ? List.of() : kept.addresses();
    }

    /** The name is back, or nothing is kept for it any longer. */
    void end(String name) {
        Promise promise = new Promise(name, false);
        of(name).forEach(address -> poolState.end(address, promise));
        keptByName.remove(name);
    }

    /**
     * Keeps for other names none of the addresses that a pod has: the leader that gave them did not know those names, or
     * kept nothing for them any longer.
     */
    void yieldTo(String pod, List<IpAddr> given) {
        for (IpAddr address : given) {
            poolState
                    .promised(address)
                    .filter(promise -> !promise.reserved() && !promise.isFor(pod))
                    .ifPresent(promise -> drop(address, promise));
        }
    }

    private void drop(IpAddr address, Promise promise) {
        poolState.end(address, promise);
        keptByName.computeIfPresent(promise.name(), (_, kept) -> kept.without(address));
    }

    /** Hands on everything, name and kind first. */
    void each(BiConsumer<Claimant, List<IpAddr>> action) {
        keptByName.forEach((name, kept) ->
                action.accept(new Claimant("", name, kept.kind(), false, Instant.EPOCH), kept.addresses()));
    }

    /**
     * Gives back what was kept long enough.
     *
     * @param now what a clock says that never goes back
     * @param known the pods that are there
     */
    void expire(Duration now, Collection<Claimant> known) {
        if (keptByName.isEmpty()) {
            return;
        }
        Set<String> names = new HashSet<>();
        Map<String, Integer> highest = new HashMap<>();
        for (Claimant pod : known) {
            names.add(pod.name());
            if (pod.kind() == NameKind.STATEFUL) {
                highest.merge(set(pod.name()), number(pod.name()), Math::max);
            }
        }
        List<String> over = new ArrayList<>();
        keptByName.replaceAll((name, kept) -> {
            boolean wanted = names.contains(name)
                    || (kept.kind() == NameKind.STATEFUL && highest.getOrDefault(set(name), NO_NUMBER) > number(name));
            Duration since = kept.since() == null ? now : kept.since();
            if (!policy.keeps(kept.kind()) || (!wanted && now.minus(since).compareTo(policy.time(kept.kind())) >= 0)) {
                over.add(name);
            }
            return new Away(kept.kind(), kept.addresses(), wanted ? null : since);
        });
        over.forEach(this::end);
    }

    private static String set(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('-')));
    }

    private static int number(String name) {
        try {
            return Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
        } catch (NumberFormatException e) {
            return NO_NUMBER;
        }
    }
}
