package io.github.kubevxlan.controller.address;

import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.spec.Pool;
import io.github.kubevxlan.common.spec.Reservation;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides which pod has which address in one network. An address of its subnets belongs to one pod alone: the pod that has
 * it, or has it in {@code P/status}. Otherwise the pod that asks for it by {@code ip=}: the first to ask, or the oldest
 * when a new leader opens the plan. Where members check what others send, this holds for addresses outside of its subnets
 * too, but for pods that are excepted, who share them. Otherwise the first pod whose search comes to it; each pod searches
 * in the order of its {@link AddressSequence}. An address that is reserved for a name, or kept for one that is away, is for
 * pods of that name alone. For use by one thread at a time.
 *
 * <p>As long as the plan is closed, it takes down what pods have and gives nothing, so that those who are listed first
 * get nothing that others have.
 */
public final class AddressPlan {
    private final PoolState poolState;
    private final AddressPolicy policy;
    private final Map<String, List<IpAddr>> former;
    private final KeptAddresses kept;
    private final Map<String, Member> members = new HashMap<>();
    private final Set<String> waiting = new LinkedHashSet<>();
    private boolean open;

    private record Member(AddressRequest request, Set<IpAddr> held, Allocation allocation) {}

    private AddressPlan(List<Pool> pools, AddressPolicy policy, Map<String, List<IpAddr>> former) {
        this.poolState = new PoolState(pools, policy);
        this.policy = policy;
        this.former = former;
        this.kept = new KeptAddresses(poolState, policy);
        policy.reserved()
                .forEach(
                        reservation -> poolState.promise(reservation.address(), new Promise(reservation.name(), true)));
    }

    /** Is closed, and has no pods; takes the network's pools, one of each family at most. */
    public AddressPlan(List<Pool> pools) {
        this(pools, AddressPolicy.NONE);
    }

    /** The same, some of whose addresses are for pods that are not there. */
    AddressPlan(List<Pool> pools, AddressPolicy policy) {
        this(pools, policy, Map.of());
    }

    /**
     * For the same network with these pools: closed, and each pod that is put again keeps of its addresses what it can, and
     * so does each name that is away.
     */
    AddressPlan offering(List<Pool> pools, AddressPolicy policy) {
        AddressPlan next = new AddressPlan(
                pools,
                policy,
                members.values().stream()
                        .collect(Collectors.toMap(
                                member -> member.request().uid(),
                                member -> member.allocation().claims())));
        kept.each(next.kept::keep);
        return next;
    }

    /** Everybody who has an address is known: gives one where it lacks. Tells the UIDs whose allocations changed. */
    public Set<String> open() {
        open = true;
        List<AddressRequest> oldestFirst = members.values().stream()
                .map(Member::request)
                .sorted(Comparator.comparing(
                                (AddressRequest request) -> request.pod().created())
                        .thenComparing(AddressRequest::name))
                .toList();
        holdAnew(oldestFirst);
        Set<String> changed = settled(oldestFirst);
        changed.addAll(retry());
        return changed;
    }

    /** Of several that have one address, as before anybody checked, it is the first one's; they came in no order. */
    private void holdAnew(List<AddressRequest> requests) {
        members.forEach((uid, member) -> member.held().forEach(address -> poolState.release(address, uid)));
        requests.forEach(request -> held(request, had(request, members.get(request.uid()))));
    }

    /** Takes a pod as it is now; tells the UIDs whose allocations changed, its own or those of others. */
    public Set<String> put(AddressRequest now) {
        @Nullable Member before = members.get(now.uid());
        if (before != null && before.request().equals(now)) {
            return Set.of();
        }
        yieldTo(now);
        Set<IpAddr> chosen = chosen(now);
        chosen.forEach(address -> poolState.choose(address, now.uid()));
        if (before != null) {
            dismiss(before.request(), chosen);
        }
        Set<String> changed = settled(List.of(now));
        changed.addAll(retry());
        return changed;
    }

    /** A pod is gone, and its name away; tells the UIDs of others whose allocations changed. */
    public Set<String> remove(String uid) {
        @Nullable Member before = members.get(uid);
        if (before != null) {
            Set<IpAddr> chosen = chosen(before.request());
            kept.keep(
                    before.request().pod(),
                    before.allocation().claims().stream()
                            .filter(address -> !chosen.contains(address))
                            .toList());
        }
        return leave(uid);
    }

    /** A pod is there, and in the network no more; tells the UIDs of others whose allocations changed. */
    Set<String> leave(String uid) {
        @Nullable Member before = members.remove(uid);
        if (before == null) {
            return Set.of();
        }
        waiting.remove(uid);
        dismiss(before.request(), Set.of());
        before.held().forEach(address -> poolState.release(address, uid));
        Set<String> changed = retry();
        changed.addAll(handedOn(before.held()));
        return changed;
    }

    /** A list may show a pod before it tells that the one is gone that had the pod's address. */
    private Set<String> handedOn(Set<IpAddr> released) {
        if (open || released.isEmpty()) {
            return Set.of();
        }
        List<AddressRequest> next = members.values().stream()
                .map(Member::request)
                .filter(request -> !Collections.disjoint(request.written(), released))
                .toList();
        next.forEach(this::yieldTo);
        return settled(next);
    }

    /** What a pod was given while this plan was closed is kept for no other name. */
    private void yieldTo(AddressRequest request) {
        if (!open) {
            kept.yieldTo(request.name(), request.written());
        }
    }

    /** So much time has passed on a clock that never goes back; tells the UIDs whose allocations changed by that. */
    public Set<String> expire(Duration now) {
        List<Claimant> pods =
                members.values().stream().map(member -> member.request().pod()).toList();
        kept.expire(now, pods);
        return retry();
    }

    /** What a pod may have; nothing if it is not known. */
    public Allocation allocation(String uid) {
        @Nullable Member member = members.get(uid);
        return member == null ? Allocation.NOTHING : member.allocation();
    }

    /** How many addresses are in use, under a network's name. */
    List<PoolUse> uses(String network) {
        return poolState.uses(network);
    }

    /** What a pod may take before it searches; nothing as long as the plan is closed. */
    private Optional<List<IpAddr>> own(AddressRequest request) {
        return open && request.pod().present()
                ? Optional.of(Stream.concat(
                                policy.reserved().stream()
                                        .filter(reservation -> reservation.isFor(request.name()))
                                        .map(Reservation::address),
                                kept.of(request.name()).stream())
                        .toList())
                : Optional.empty();
    }

    /** Those who wait are served in the order in which they came. */
    private Set<String> retry() {
        Set<String> changed = new HashSet<>();
        while (poolState.wasFreed()) {
            changed.addAll(settled(waiting.stream().map(this::request).toList()));
        }
        return changed;
    }

    private Set<String> settled(List<AddressRequest> requests) {
        Set<String> changed = new HashSet<>();
        requests.stream().filter(this::settle).forEach(request -> changed.add(request.uid()));
        return changed;
    }

    /** Tells whether the allocation changed. */
    private boolean settle(AddressRequest request) {
        String uid = request.uid();
        @Nullable Member before = members.get(uid);
        Set<IpAddr> had = had(request, before);
        Set<IpAddr> held = held(request, had);
        Allocation allocation = new AddressAllocator(poolState, request, held, own(request), this::name).allocation();
        held.removeIf(address ->
                !allocation.claims().contains(address) && !request.written().contains(address));
        release(uid, had, held);
        if (before != null) {
            release(uid, before.held(), held);
        }
        members.put(uid, new Member(request, held, allocation));
        if (request.pod().present() && (open || !request.written().isEmpty())) {
            kept.end(request.name());
        }
        if (allocation.isWhole()) {
            waiting.remove(uid);
        } else {
            waiting.add(uid);
        }
        return before == null || !before.allocation().equals(allocation);
    }

    /** Takes of what a pod had what nobody else holds. */
    private Set<IpAddr> held(AddressRequest request, Set<IpAddr> had) {
        boolean shares = request.byHand().shares();
        return had.stream()
                .filter(address -> poolState.covers(address) && poolState.hold(address, request.uid(), shares))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private void release(String uid, Set<IpAddr> had, Set<IpAddr> kept) {
        had.stream().filter(address -> !kept.contains(address)).forEach(address -> poolState.release(address, uid));
    }

    /**
     * What is written on a pod stays its own until that is written no more: its kernel may have it so long. What was to be
     * written stays so while the pod can be programmed, since else it is never written.
     */
    private Set<IpAddr> had(AddressRequest request, @Nullable Member before) {
        if (!request.pod().present()) {
            return new LinkedHashSet<>(request.written());
        }
        Set<IpAddr> had = new LinkedHashSet<>(
                before == null
                        ? former.getOrDefault(request.uid(), List.of())
                        : before.allocation().claims());
        had.addAll(request.written());
        if (before != null) {
            had.addAll(before.held());
        }
        return had;
    }

    private Set<IpAddr> chosen(AddressRequest request) {
        return request.byHand().addresses().stream()
                .map(InterfaceAddress::address)
                .filter(poolState::covers)
                .collect(Collectors.toSet());
    }

    private void dismiss(AddressRequest before, Set<IpAddr> kept) {
        chosen(before).stream()
                .filter(address -> !kept.contains(address))
                .forEach(address -> poolState.dismiss(address, before.uid()));
    }

    private String name(String uid) {
        return request(uid).name();
    }

    private AddressRequest request(String uid) {
        return Objects.requireNonNull(members.get(uid)).request();
    }
}
