package io.github.kubevxlan.controller.registry;

import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.spec.Forwarding;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.common.spec.Security;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.Filter;
import io.github.kubevxlan.controller.overlay.MacChoice;
import io.github.kubevxlan.controller.overlay.Macs;
import io.github.kubevxlan.controller.overlay.PeerTable;
import io.github.kubevxlan.controller.overlay.SegmentKey;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who is in one segment now. What they hold of each other is made anew only when it is asked for after a change. It
 * follows from who they are alone, not from the order in which they came, but for a MAC that is for two of them: the first
 * that has it keeps it.
 */
final class SegmentMembers {
    private final SegmentKey key;
    private final int neighbours;
    private final Filter filter;
    private final boolean filtered;
    private final SortedMap<String, Member> memberByUid = new TreeMap<>();
    private final SortedMap<String, MacChoice> choiceByUid = new TreeMap<>();
    private Forwarding forwarding = Forwarding.FLOOD;
    private Security security = Security.OFF;
    private List<IpAddr> outside = List.of();
    private PeerTable peers = PeerTable.NONE;
    private Map<String, Mac> macsBefore = Map.of();
    private @Nullable Table table;

    /** Those of its addresses that have neighbour entries, and all that it may send. */
    private record Member(IpAddr vtep, List<IpAddr> ips, Senders senders) {
        Member without(Set<IpAddr> taken) {
            return taken.isEmpty()
                    ? this
                    : new Member(
                            vtep, ips.stream().filter(ip -> !taken.contains(ip)).toList(), senders.without(taken));
        }
    }

    private record Table(PeerTable peers, Macs macs, LinkLocals linkLocals, Set<IpAddr> shared) {}

    /** Puts neighbour entries for so many members at most, the first by UID, and filters packets or not. */
    SegmentMembers(SegmentKey key, int neighbours, boolean filtered) {
        this.key = key;
        this.neighbours = neighbours;
        this.filter = Filter.of(key);
        this.filtered = filtered;
    }

    /**
     * Takes a member and the network that the segment is; tells whether anything changed for the others.
     *
     * @param senders what the member may send
     */
    boolean put(PodSnapshot pod, IpAddr vtep, Network network, Senders senders) {
        String uid = pod.ref().uid();
        List<IpAddr> others = network.peers().stream()
                .filter(peer -> peer.isIpv6() == vtep.isIpv6())
                .toList();
        Security mode = network.security().mode();
        Member member = new Member(vtep, network.forwarding() == Forwarding.STATIC ? ips(network) : List.of(), senders);
        boolean choosesAnother = choose(pod, network);
        boolean same = member.equals(memberByUid.put(uid, member))
                && !choosesAnother
                && others.equals(outside)
                && forwarding == network.forwarding()
                && security == mode;
        outside = others;
        forwarding = network.forwarding();
        security = mode;
        if (!same) {
            table = null;
        }
        return !same;
    }

    /** What is written on a pod counts when it comes, and when its owner chooses anew; tells whether anything changed. */
    private boolean choose(PodSnapshot pod, Network network) {
        String uid = pod.ref().uid();
        Optional<Mac> chosen = network.mac();
        MacChoice known = choiceByUid.get(uid);
        if (known != null && known.chosen().equals(chosen)) {
            return false;
        }
        choiceByUid.put(
                uid, MacChoice.of(pod.ref(), network.name(), key.segment().vni(), chosen, pod.mac(network.name())));
        return true;
    }

    void remove(String uid) {
        memberByUid.remove(uid);
        choiceByUid.remove(uid);
        table = null;
    }

    boolean isEmpty() {
        return memberByUid.isEmpty();
    }

    Set<String> uids() {
        return memberByUid.keySet();
    }

    /** The UID of the one member that has a VTEP, if what it sends is checked. */
    Optional<String> checkedSender(IpAddr vtep) {
        List<String> uids = memberByUid.entrySet().stream()
                .filter(member -> member.getValue().vtep().equals(vtep))
                .filter(member -> member.getValue().senders().isChecked()
                        && !member.getValue().senders().isExempt())
                .map(Map.Entry::getKey)
                .toList();
        return uids.size() == 1 ? Optional.of(uids.getFirst()) : Optional.empty();
    }

    /** What a member should have of the network that the segment is. */
    DesiredLink link(String uid, Network network) {
        Table all = table();
        Set<IpAddr> taken = taken(uid).keySet();
        Member member = Objects.requireNonNull(memberByUid.get(uid)).without(taken);
        Mac mac = Objects.requireNonNull(all.macs().byUid().get(uid));
        List<Entry> own = entries(member, mac, all.shared(), true);
        return new DesiredLink(
                taken.isEmpty()
                        ? network
                        : network.addressed(network.addresses().stream()
                                .filter(address -> !taken.contains(address.address()))
                                .toList()),
                new DesiredLink.Vtep(member.vtep(), mac),
                all.peers(),
                own,
                isFiltered() ? Optional.of(filter) : Optional.empty());
    }

    /** The UID of the member that has the MAC which was chosen for this one; empty if it has what was chosen. */
    Optional<String> macHolder(String uid) {
        return Optional.ofNullable(table().macs().refused().get(uid));
    }

    /** Addresses that a member declares and can't have, with the UID of the member whose link-local address each is. */
    Map<IpAddr, String> taken(String uid) {
        List<IpAddr> declared =
                Objects.requireNonNull(memberByUid.get(uid)).senders().linkLocal();
        return table().linkLocals().ofOthers(uid, declared);
    }

    private Table table() {
        Table known = table;
        if (known == null) {
            known = tabulate();
            table = known;
        }
        return known;
    }

    private Table tabulate() {
        Macs macs = Macs.assign(choiceByUid, macsBefore);
        macsBefore = macs.byUid();
        LinkLocals linkLocals = LinkLocals.of(
                memberByUid.values().stream()
                        .flatMap(member -> member.senders().linkLocal().stream())
                        .collect(Collectors.toSet()),
                macs.byUid());
        Set<IpAddr> shared = shared();
        List<Entry> entries = new ArrayList<>();
        outside.forEach(vtep -> {
            addReachable(vtep, entries);
            if (security != Security.OFF) {
                entries.add(new Entry.Exempt(filter, vtep));
            }
        });
        int rank = 0;
        for (Map.Entry<String, Member> each : memberByUid.entrySet()) {
            String uid = each.getKey();
            Member member = each.getValue();
            Set<IpAddr> taken =
                    linkLocals.ofOthers(uid, member.senders().linkLocal()).keySet();
            Mac mac = Objects.requireNonNull(macs.byUid().get(uid));
            entries.addAll(entries(member.without(taken), mac, shared, rank++ < neighbours));
        }
        peers = peers.become(entries);
        return new Table(peers, macs, linkLocals, shared);
    }

    /** Entries that lead to a MAC which is not one of ours nobody could tell from those of others: members learn it. */
    private List<Entry> entries(Member member, Mac mac, Set<IpAddr> shared, boolean isNeighbour) {
        List<Entry> entries = new ArrayList<>();
        addReachable(member.vtep(), entries);
        member.senders().entries(filter, member.vtep(), mac).forEach(entries::add);
        if (!Macs.isOurs(mac)) {
            return List.copyOf(entries);
        }
        if (forwarding == Forwarding.STATIC) {
            entries.add(new Entry.Unicast(mac, member.vtep()));
        }
        if (isNeighbour) {
            member.ips().stream()
                    .filter(ip -> !shared.contains(ip))
                    .forEach(ip -> entries.add(new Entry.Neighbour(ip, mac)));
        }
        return List.copyOf(entries);
    }

    /** What every VTEP has: frames are sent to it, and its own let through. */
    private void addReachable(IpAddr vtep, List<Entry> entries) {
        entries.add(new Entry.Flood(vtep));
        if (isFiltered()) {
            entries.add(new Entry.Admitted(filter, vtep));
        }
    }

    /** Port security comes with the peer filter: it trusts the VTEPs that the filter lets through. */
    private boolean isFiltered() {
        return filtered || security != Security.OFF;
    }

    /** Addresses that several members have: who answers for one is for them to settle by ARP or ND. */
    private Set<IpAddr> shared() {
        Set<IpAddr> all = new HashSet<>();
        Set<IpAddr> shared = new HashSet<>();
        memberByUid
                .values()
                .forEach(member ->
                        member.ips().stream().filter(ip -> !all.add(ip)).forEach(shared::add));
        return shared;
    }

    /** IPv6 addresses that begin with zeros are left out: iproute2 prints some of them in a way of its own. */
    private static List<IpAddr> ips(Network network) {
        return network.addresses().stream()
                .map(InterfaceAddress::address)
                .filter(ip -> !ip.isIpv6() || !ip.toString().startsWith("::"))
                .toList();
    }
}
