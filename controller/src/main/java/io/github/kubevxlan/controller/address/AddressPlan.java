package io.github.kubevxlan.controller.address;

import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.spec.Pool;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who has which address in one network. An address of its subnets is one pod's alone: of the one who has it already or
 * has it written on him; else of the one whose owner chose it; else of the one to be given one who comes to it first, in
 * an order that follows from his name. For use by one thread at a time.
 *
 * <p>As long as the plan is closed, it takes down what pods have and gives nothing, so that those who are listed first
 * get nothing that others have.
 */
public final class AddressPlan {
    private final Ledger ledger;
    private final Map<String, List<IpAddr>> former;
    private final Map<String, Member> members = new HashMap<>();
    private final Set<String> waiting = new LinkedHashSet<>();
    private boolean open;

    private record Member(Applicant applicant, Set<IpAddr> held, Grant grant) {}

    private AddressPlan(List<Pool> pools, Map<String, List<IpAddr>> former) {
        this.ledger = new Ledger(pools);
        this.former = former;
    }

    /** Is closed, and has no pods; takes the network's pools, one of each family at most. */
    public AddressPlan(List<Pool> pools) {
        this(pools, Map.of());
    }

    /** For the same network with these pools: closed, and each pod that is put again keeps of its addresses what it can. */
    public AddressPlan offering(List<Pool> pools) {
        return new AddressPlan(
                pools,
                members.values().stream()
                        .collect(Collectors.toMap(
                                member -> member.applicant().uid(),
                                member -> member.grant().claims())));
    }

    /** Everybody who has an address is known: gives one to who lacks one. Tells the UIDs whose grants changed. */
    public Set<String> open() {
        open = true;
        Set<String> changed = settled(members.values().stream()
                .map(Member::applicant)
                .sorted(Comparator.comparing(Applicant::name))
                .toList());
        changed.addAll(retry());
        return changed;
    }

    /** Takes a pod as it is now; tells the UIDs whose grants changed, its own or those of others. */
    public Set<String> put(Applicant now) {
        @Nullable Member before = members.get(now.uid());
        if (before != null && before.applicant().equals(now)) {
            return Set.of();
        }
        Set<IpAddr> chosen = chosen(now);
        chosen.forEach(address -> ledger.choose(address, now.uid()));
        if (before != null) {
            dismiss(before.applicant(), chosen);
        }
        Set<String> changed = settled(List.of(now));
        changed.addAll(retry());
        return changed;
    }

    /** A pod is gone; tells the UIDs of others whose grants changed. */
    public Set<String> remove(String uid) {
        @Nullable Member before = members.remove(uid);
        if (before == null) {
            return Set.of();
        }
        waiting.remove(uid);
        dismiss(before.applicant(), Set.of());
        before.held().forEach(address -> ledger.release(address, uid));
        return retry();
    }

    /** What a pod may have; nothing if it is not known. */
    public Grant grant(String uid) {
        @Nullable Member member = members.get(uid);
        return member == null ? Grant.NOTHING : member.grant();
    }

    /** Those who wait are served in the order in which they came. */
    private Set<String> retry() {
        Set<String> changed = new HashSet<>();
        while (ledger.wasFreed()) {
            changed.addAll(settled(waiting.stream().map(this::applicant).toList()));
        }
        return changed;
    }

    private Set<String> settled(List<Applicant> applicants) {
        Set<String> changed = new HashSet<>();
        applicants.stream().filter(this::settle).forEach(applicant -> changed.add(applicant.uid()));
        return changed;
    }

    /** Tells whether the grant changed. */
    private boolean settle(Applicant applicant) {
        String uid = applicant.uid();
        @Nullable Member before = members.get(uid);
        Set<IpAddr> had = had(applicant, before);
        Set<IpAddr> held = had.stream()
                .filter(address -> ledger.covers(address) && ledger.hold(address, uid))
                .collect(Collectors.toCollection(LinkedHashSet::new));
        Grant grant = new Allotment(ledger, applicant, held, open && applicant.present(), this::name).grant();
        held.removeIf(address ->
                !grant.claims().contains(address) && !applicant.recorded().contains(address));
        release(uid, had, held);
        if (before != null) {
            release(uid, before.held(), held);
        }
        members.put(uid, new Member(applicant, held, grant));
        if (grant.refusals().isEmpty()) {
            waiting.remove(uid);
        } else {
            waiting.add(uid);
        }
        return before == null || !before.grant().equals(grant);
    }

    private void release(String uid, Set<IpAddr> had, Set<IpAddr> kept) {
        had.stream().filter(address -> !kept.contains(address)).forEach(address -> ledger.release(address, uid));
    }

    /**
     * What is written on a pod stays its own until that is written no more: its kernel may have it so long. What was to be
     * written stays so while the pod can be programmed, since else it is never written.
     */
    private Set<IpAddr> had(Applicant applicant, @Nullable Member before) {
        if (!applicant.present()) {
            return new LinkedHashSet<>(applicant.recorded());
        }
        Set<IpAddr> had = new LinkedHashSet<>(
                before == null
                        ? former.getOrDefault(applicant.uid(), List.of())
                        : before.grant().claims());
        had.addAll(applicant.recorded());
        if (before != null) {
            had.addAll(before.held());
        }
        return had;
    }

    private Set<IpAddr> chosen(Applicant applicant) {
        return applicant.byHand().stream()
                .map(InterfaceAddress::address)
                .filter(ledger::covers)
                .collect(Collectors.toSet());
    }

    private void dismiss(Applicant before, Set<IpAddr> kept) {
        chosen(before).stream()
                .filter(address -> !kept.contains(address))
                .forEach(address -> ledger.dismiss(address, before.uid()));
    }

    private String name(String uid) {
        return applicant(uid).name();
    }

    private Applicant applicant(String uid) {
        return Objects.requireNonNull(members.get(uid)).applicant();
    }
}
