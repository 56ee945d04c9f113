package io.github.kubevxlan.controller.simulation;

import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.spec.Network;
import io.github.kubevxlan.controller.agent.Agent;
import io.github.kubevxlan.controller.agent.FencingToken;
import io.github.kubevxlan.controller.agent.shell.ScriptBuilder;
import io.github.kubevxlan.controller.diff.NetOp;
import io.github.kubevxlan.controller.diff.Script;
import io.github.kubevxlan.controller.observe.FdbView;
import io.github.kubevxlan.controller.observe.ObservedFilters;
import io.github.kubevxlan.controller.observe.ObservedLink;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.Nets;
import io.github.kubevxlan.controller.overlay.OwnershipMarkers;
import io.github.kubevxlan.controller.overlay.PeerTable;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.registry.Members;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Agents of a large segment whose kernels were right before the controller began. Tables that are the same are one
 * object, so that thousands of members with thousands of entries each fit; scripts are counted, not kept.
 */
final class SharedTables implements Agent {
    final Map<String, Cost> costs = new HashMap<>();
    private final Members members;
    private final Map<String, PeerTable> tables = new HashMap<>();
    private final Map<Step, PeerTable> steps = new HashMap<>();

    /** What was sent to one pod; {@code agent/check} counts the processes that the commands start. */
    record Cost(int scripts, int bytes, int commands) {
        static final Cost NONE = new Cost(0, 0, 0);
    }

    private record Step(PeerTable before, List<NetOp> ops) {}

    SharedTables(Members members) {
        this.members = members;
    }

    /** What each pod's kernel holds before the controller begins: everything. */
    void settle() {
        members.uids().forEach(uid -> tables.put(uid, link(uid).peers()));
    }

    @Override
    public ObservedPod run(PodSnapshot pod, Script script) {
        String uid = pod.ref().uid();
        count(uid, ScriptBuilder.print(script, "0123456789abcdef", new FencingToken(1, 1)));
        DesiredLink link = link(uid);
        if (script.ops().stream().anyMatch(NetOp.AddLink.class::isInstance)) {
            tables.put(uid, link.peers());
        } else if (!script.ops().isEmpty()) {
            PeerTable before = Objects.requireNonNull(tables.get(uid));
            tables.put(uid, steps.computeIfAbsent(new Step(before, script.ops()), SharedTables::done));
        }
        PeerTable table = tables.get(uid);
        Map<String, FdbView> fdb =
                table == null ? Map.of() : Map.of(link.name().value(), new FdbView.Digest(table.digest()));
        return new ObservedPod(
                new ObservedPod.Devices(
                        script.reportRequest().devices() ? devices(pod, link, table) : List.of(), Set.of()),
                new ObservedPod.Routing(List.of(), List.of()),
                Optional.of(filters(link, table)),
                fdb,
                new ObservedPod.Diagnostics(List.of(), Optional.empty()));
    }

    Cost cost(String uid) {
        return costs.getOrDefault(uid, Cost.NONE);
    }

    @Override
    public boolean hasSession(PodSnapshot pod) {
        return true;
    }

    @Override
    public void forget(String uid) {
        tables.remove(uid);
        costs.remove(uid);
        steps.clear();
    }

    private void count(String uid, String text) {
        int commands = (int) text.lines()
                .filter(line -> line.contains("$ip ")
                        || line.contains("$nft ")
                        || line.contains("$bridge ")
                        || line.contains("; digest "))
                .count();
        Cost before = cost(uid);
        costs.put(uid, new Cost(before.scripts() + 1, before.bytes() + text.length(), before.commands() + commands));
    }

    private static PeerTable done(Step step) {
        TreeSet<Entry> entries = new TreeSet<>(step.before().all());
        for (NetOp op : step.ops()) {
            switch (op) {
                case NetOp.PutEntry put -> entries.add(put.entry());
                case NetOp.DelEntry del -> entries.remove(del.entry());
                default -> throw new AssertionError("not in an incremental update: " + op);
            }
        }
        return PeerTable.of(entries);
    }

    private DesiredLink link(String uid) {
        return members.target(uid).orElseThrow().desired().links().getFirst();
    }

    private static ObservedFilters filters(DesiredLink link, @Nullable PeerTable table) {
        return filters(link, table != null);
    }

    static ObservedFilters filters(DesiredLink link, boolean there) {
        return !there
                ? ObservedFilters.NONE
                : new ObservedFilters(
                        true,
                        Map.of(link.filter().orElseThrow(), true),
                        List.of(link.name().value()));
    }

    private static List<ObservedLink> devices(PodSnapshot pod, DesiredLink link, @Nullable PeerTable table) {
        return devices(pod, link, table != null, true);
    }

    /** What a pod has: its link, and the marker that its containers were let go. */
    static List<ObservedLink> devices(PodSnapshot pod, DesiredLink link, boolean there, boolean marked) {
        String marker = marked ? OwnershipMarkers.COMPLETE + " 1" : "";
        ObservedLink lo = device("lo", 1, marker, Optional.empty(), 65536, Optional.empty());
        ObservedLink eth0 = device("eth0", 2, "", Optional.empty(), 1500, Optional.empty());
        if (!there) {
            return List.of(lo, eth0);
        }
        Network network = link.network();
        ObservedLink.Vxlan vxlan = new ObservedLink.Vxlan(
                network.segment(),
                Optional.of(pod.primary()),
                network.dev().value(),
                network.link().attributes());
        String alias = OwnershipMarkers.alias(Nets.PREFIX, network.name());
        List<ObservedLink.ObservedAddress> addresses = network.addresses().stream()
                .map(address -> new ObservedLink.ObservedAddress(address, true))
                .toList();
        return List.of(
                lo,
                eth0,
                device(link.name().value(), 3, alias, Optional.of(link.mac()), 1450, Optional.of(vxlan), addresses));
    }

    private static ObservedLink device(
            String name, int index, String alias, Optional<Mac> mac, int mtu, Optional<ObservedLink.Vxlan> vxlan) {
        return device(name, index, alias, mac, mtu, vxlan, List.of());
    }

    private static ObservedLink device(
            String name,
            int index,
            String alias,
            Optional<Mac> mac,
            int mtu,
            Optional<ObservedLink.Vxlan> vxlan,
            List<ObservedLink.ObservedAddress> addresses) {
        return new ObservedLink(
                new ObservedLink.Identity(name, index, alias),
                new ObservedLink.Attributes(mac, true, mtu),
                vxlan,
                addresses);
    }
}
