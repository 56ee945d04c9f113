package io.github.kubevxlan.controller.address;

import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.spec.Pool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Allocates one pod's addresses: from what it holds and, if it may have more, from what is free. */
final class AddressAllocator {
    private final PoolState poolState;
    private final AddressRequest request;
    private final Set<IpAddr> held;
    private final Optional<List<IpAddr>> own;
    private final boolean mayTake;
    private final UnaryOperator<String> names;
    private final List<InterfaceAddress> addresses = new ArrayList<>();
    private final List<IpAddr> claims = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();
    private final List<String> notApplied = new ArrayList<>();

    /**
     * Takes what it is made from.
     *
     * @param held what the pod holds, dearest first; what it takes is added
     * @param own what is promised to the pod's name, dearest first; empty if the pod may take nothing
     * @param names gives the name to a UID
     */
    AddressAllocator(
            PoolState poolState,
            AddressRequest request,
            Set<IpAddr> held,
            Optional<List<IpAddr>> own,
            UnaryOperator<String> names) {
        this.poolState = poolState;
        this.request = request;
        this.held = held;
        this.own = own;
        this.mayTake = own.isPresent();
        this.names = names;
    }

    Allocation allocation() {
        request.byHand().addresses().forEach(this::byHand);
        for (Pool pool : request.pools()) {
            if (poolState.has(pool)) {
                from(pool);
            } else {
                stay(pool);
            }
        }
        return new Allocation(addresses, claims, refusals, notApplied);
    }

    private void byHand(InterfaceAddress chosen) {
        IpAddr address = chosen.address();
        if (!poolState.covers(address)) {
            addresses.add(chosen);
        } else if (held.contains(address) || (mayTake && isForIt(address) && holds(address))) {
            give(chosen);
        } else if (mayTake) {
            refusals.add("ip=" + address + " "
                    + poolState
                            .holder(address)
                            .map(names)
                            .map(name -> "is an address of pod " + name)
                            .or(() -> poolState.promised(address).map(Promise::toString))
                            .orElseThrow());
        }
    }

    private boolean holds(IpAddr address) {
        return poolState.hold(address, request.uid(), request.byHand().shares());
    }

    private boolean isForIt(IpAddr address) {
        return poolState
                .promised(address)
                .map(promise -> promise.isFor(request.name()))
                .orElse(true);
    }

    private void from(Pool pool) {
        Optional<IpAddr> address = held.stream()
                .filter(had -> isFit(had, pool))
                .findFirst()
                .or(() -> mayTake ? promised(pool).or(() -> next(pool)) : Optional.empty());
        if (address.isPresent()) {
            give(pool.onLink(address.get()));
            return;
        }
        Optional<IpAddr> former = former(pool);
        former.ifPresent(stays -> give(pool.onLink(stays)));
        if (mayTake) {
            String words = "all " + pool.capacity() + " usable addresses of " + pool.range() + " are taken"
                    + (poolState.hasPromised(pool) ? " or held for pods that are away" : "");
            former.ifPresentOrElse(
                    stays -> notApplied.add(words + "; the interface keeps " + stays), () -> refusals.add(words));
        }
    }

    /** The pool is that of before an edit which the pod does not follow, so the pod keeps what it has of it. */
    private void stay(Pool pool) {
        Stream.concat(held.stream(), request.written().stream().filter(written -> !poolState.covers(written)))
                .filter(had -> pool.subnet().contains(had) && !claims.contains(had))
                .findFirst()
                .ifPresent(had -> {
                    addresses.add(pool.onLink(had));
                    claims.add(had);
                });
    }

    /** One that the pod has from before, as of a larger range, and that is a host's in the subnet. */
    private Optional<IpAddr> former(Pool pool) {
        return held.stream()
                .filter(had -> pool.subnet()
                                .hosts()
                                .filter(hosts -> hosts.contains(had))
                                .isPresent()
                        && !pool.offers(had)
                        && !claims.contains(had)
                        && !request.avoided().contains(had))
                .findFirst();
    }

    private Optional<IpAddr> promised(Pool pool) {
        return own.orElse(List.of()).stream()
                .filter(address -> isFit(address, pool) && poolState.hold(address, request.uid()))
                .findFirst();
    }

    private Optional<IpAddr> next(Pool pool) {
        return poolState.hasFree(pool)
                ? AddressSequence.of(request.name(), pool.range())
                        .find(free -> isFit(free, pool) && poolState.isFree(free))
                        .filter(free -> poolState.hold(free, request.uid()))
                : Optional.empty();
    }

    private boolean isFit(IpAddr address, Pool pool) {
        return isReserved(address, pool)
                || (pool.offers(address) && !request.avoided().contains(address));
    }

    /** One that is reserved need not be in the range, and may be that of a gateway: it is the gateway's own pod then. */
    private boolean isReserved(IpAddr address, Pool pool) {
        return pool.subnet().contains(address)
                && poolState
                        .promised(address)
                        .filter(promise -> promise.reserved() && promise.isFor(request.name()))
                        .isPresent();
    }

    private void give(InterfaceAddress given) {
        held.add(given.address());
        addresses.add(given);
        claims.add(given.address());
    }
}
