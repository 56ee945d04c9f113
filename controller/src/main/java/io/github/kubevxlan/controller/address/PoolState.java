package io.github.kubevxlan.controller.address;

import io.github.kubevxlan.common.net.Family;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.spec.Pool;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The addresses of a network that are in use: a pod holds them, its owner chose them, or they are promised to a name. They
 * are those of its pools' subnets and, as its policy says, others. Only of the latter several pods may hold one, the first
 * and those that share.
 */
final class PoolState {
    private final List<Pool> pools;
    private final AddressPolicy policy;
    private final Map<IpAddr, List<String>> holders = new HashMap<>();
    private final Map<IpAddr, Set<String>> choosers = new HashMap<>();
    private final Map<IpAddr, Promise> promises = new HashMap<>();
    private final Map<Pool, Integer> used = new HashMap<>();
    private boolean freed;

    PoolState(List<Pool> pools, AddressPolicy policy) {
        this.pools = List.copyOf(pools);
        this.policy = policy;
    }

    boolean has(Pool pool) {
        return pools.contains(pool);
    }

    /** Whether it matters who has it. */
    boolean covers(IpAddr address) {
        return isInSubnet(address) || policy.isExclusive(address);
    }

    private boolean isInSubnet(IpAddr address) {
        return pools.stream().anyMatch(pool -> pool.subnet().contains(address));
    }

    /** The UID of who holds it, the first of several. */
    Optional<String> holder(IpAddr address) {
        return Optional.ofNullable(holders.get(address)).map(List::getFirst);
    }

    /** Takes it if nobody holds it; tells whether the pod holds it now. */
    boolean hold(IpAddr address, String uid) {
        return hold(address, uid, false);
    }

    /** The same for a pod that shares, which takes one outside of the subnets also if others hold it. */
    boolean hold(IpAddr address, String uid, boolean shares) {
        boolean was = isUsed(address);
        boolean joins = shares && !isInSubnet(address);
        List<String> uids = holders.merge(
                address, List.of(uid), (held, own) -> joins && !held.contains(uid) ? with(held, own) : held);
        count(address, was);
        return joins || uids.getFirst().equals(uid);
    }

    private static List<String> with(List<String> some, List<String> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    /** Gives back what the pod may hold. */
    void release(IpAddr address, String uid) {
        List<String> held = holders.getOrDefault(address, List.of());
        if (!held.contains(uid)) {
            return;
        }
        boolean was = isUsed(address);
        List<String> rest = held.stream().filter(other -> !other.equals(uid)).toList();
        if (rest.isEmpty()) {
            holders.remove(address);
        } else {
            holders.put(address, rest);
        }
        freed = true;
        count(address, was);
    }

    /** Its owner chose it for the pod, which may not hold it yet. */
    void choose(IpAddr address, String uid) {
        boolean was = isUsed(address);
        choosers.computeIfAbsent(address, _ -> new HashSet<>()).add(uid);
        count(address, was);
    }

    /** Its owner chose another. */
    void dismiss(IpAddr address, String uid) {
        boolean was = isUsed(address);
        choosers.computeIfPresent(address, (_, uids) -> uids.remove(uid) && uids.isEmpty() ? null : uids);
        freed |= was && !isUsed(address);
        count(address, was);
    }

    /** Promises it to a name, unless it is promised to another; tells whether it did. */
    boolean promise(IpAddr address, Promise promise) {
        boolean was = isUsed(address);
        boolean isNew = promises.putIfAbsent(address, promise) == null;
        count(address, was);
        return isNew;
    }

    /** A promise is over. */
    void end(IpAddr address, Promise promise) {
        boolean was = isUsed(address);
        promises.remove(address, promise);
        freed |= was && !isUsed(address);
        count(address, was);
    }

    /** To which name it is promised. */
    Optional<Promise> promised(IpAddr address) {
        return Optional.ofNullable(promises.get(address));
    }

    /** Whether a pool has addresses that nobody holds and that are promised. */
    boolean hasPromised(Pool pool) {
        return promises.keySet().stream().anyMatch(address -> pool.offers(address) && !holders.containsKey(address));
    }

    /** Whether nobody holds or chose it, nor is it promised. */
    boolean isFree(IpAddr address) {
        return !isUsed(address);
    }

    /** Whether a pool has an address left. */
    boolean hasFree(Pool pool) {
        return used(pool).compareTo(pool.capacity()) < 0;
    }

    /** How many of each pool are in use. */
    List<PoolUse> uses(String network) {
        return pools.stream()
                .map(pool -> new PoolUse(
                        network,
                        pool.isIpv6() ? Family.IPV6 : Family.IPV4,
                        used(pool),
                        pool.capacity().subtract(used(pool))))
                .toList();
    }

    private BigInteger used(Pool pool) {
        return BigInteger.valueOf(used.getOrDefault(pool, 0));
    }

    /** Whether anything was given back since this was asked last. */
    boolean wasFreed() {
        boolean was = freed;
        freed = false;
        return was;
    }

    private boolean isUsed(IpAddr address) {
        return holders.containsKey(address) || choosers.containsKey(address) || promises.containsKey(address);
    }

    private void count(IpAddr address, boolean was) {
        int change = (isUsed(address) ? 1 : 0) - (was ? 1 : 0);
        if (change != 0) {
            pools.stream().filter(pool -> pool.offers(address)).forEach(pool -> used.merge(pool, change, Integer::sum));
        }
    }
}
