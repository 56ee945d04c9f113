package io.github.kubevxlan.controller.address;

import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.spec.Pool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** One pod's grant in the making: from what it holds and, if it may have more, from what is free. */
final class Allotment {
    private final Ledger ledger;
    private final Applicant applicant;
    private final Set<IpAddr> held;
    private final boolean mayTake;
    private final UnaryOperator<String> names;
    private final List<InterfaceAddress> addresses = new ArrayList<>();
    private final List<IpAddr> claims = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();

    /**
     * Takes what it is made from.
     *
     * @param held what the applicant holds, dearest first; what it takes is added
     * @param names gives the name to a UID
     */
    Allotment(Ledger ledger, Applicant applicant, Set<IpAddr> held, boolean mayTake, UnaryOperator<String> names) {
        this.ledger = ledger;
        this.applicant = applicant;
        this.held = held;
        this.mayTake = mayTake;
        this.names = names;
    }

    Grant grant() {
        applicant.byHand().forEach(this::byHand);
        applicant.pools().stream().filter(ledger::has).forEach(this::from);
        return new Grant(addresses, claims, refusals);
    }

    private void byHand(InterfaceAddress chosen) {
        IpAddr address = chosen.address();
        if (!ledger.covers(address)) {
            addresses.add(chosen);
        } else if (held.contains(address) || (mayTake && ledger.hold(address, applicant.uid()))) {
            give(chosen);
        } else if (mayTake) {
            refusals.add("ip=" + address + " is an address of pod "
                    + ledger.holder(address).map(names).orElseThrow());
        }
    }

    private void from(Pool pool) {
        Optional<IpAddr> address = held.stream()
                .filter(had -> isFit(had, pool))
                .findFirst()
                .or(() -> mayTake ? next(pool) : Optional.empty());
        address.ifPresent(given -> give(pool.onLink(given)));
        if (address.isEmpty() && mayTake) {
            refusals.add("all " + pool.capacity() + " addresses to give of " + pool.range() + " are taken");
        }
    }

    private Optional<IpAddr> next(Pool pool) {
        return ledger.hasRoom(pool)
                ? Probe.of(applicant.name(), pool.range())
                        .find(free -> isFit(free, pool) && ledger.isFree(free))
                        .filter(free -> ledger.hold(free, applicant.uid()))
                : Optional.empty();
    }

    private boolean isFit(IpAddr address, Pool pool) {
        return pool.offers(address) && !applicant.avoided().contains(address);
    }

    private void give(InterfaceAddress given) {
        held.add(given.address());
        addresses.add(given);
        claims.add(given.address());
    }
}
