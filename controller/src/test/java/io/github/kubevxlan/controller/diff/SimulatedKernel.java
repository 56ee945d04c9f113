package io.github.kubevxlan.controller.diff;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.net.Route;
import io.github.kubevxlan.common.spec.LinkAttribute;
import io.github.kubevxlan.common.spec.Security;
import io.github.kubevxlan.common.spec.Segment;
import io.github.kubevxlan.controller.observe.FdbView;
import io.github.kubevxlan.controller.observe.ForeignRoute;
import io.github.kubevxlan.controller.observe.ObservedLink;
import io.github.kubevxlan.controller.observe.ObservedLink.ObservedAddress;
import io.github.kubevxlan.controller.observe.ObservedLink.Vxlan;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.observe.ObservedQdisc;
import io.github.kubevxlan.controller.observe.ObservedRoute;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.OwnershipMarkers;
import io.github.kubevxlan.controller.overlay.PeerTable;
import io.github.kubevxlan.controller.overlay.Qdisc;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A pod's network namespace in memory: does scripts with the kernel's rules, refusals included. */
public final class SimulatedKernel {
    private static final int UNDERLAY_MTU = 1500;

    private final Map<String, Link> links = new LinkedHashMap<>();
    private final SimulatedFilters filters = new SimulatedFilters();
    private final List<String> errors = new ArrayList<>();
    private final List<ForeignRoute> foreignRoutes = new ArrayList<>();
    private int nextIndex = 1;
    private long epoch;
    private Runnable afterEach = () -> {};
    private boolean ipv6 = true;
    private boolean renamesUp = true;
    private boolean tellsQdiscs = true;
    private boolean knowsQdiscs = true;
    private final Set<Qdisc.Kind> qdiscsLacking = EnumSet.noneOf(Qdisc.Kind.class);

    private static final class Link {
        int ifindex;
        String alias = "";
        Mac mac = new Mac("02:00:00:00:00:01");
        boolean up;
        int mtu = UNDERLAY_MTU;
        Optional<Vxlan> vxlan = Optional.empty();
        final Map<InterfaceAddress, Boolean> addresses = new LinkedHashMap<>();
        final Map<Route, Long> routes = new LinkedHashMap<>();
        final Set<Entry> entries = new TreeSet<>();
    }

    public SimulatedKernel() {
        foreign("lo");
        foreign("eth0");
    }

    /** Adds a device that is not ours. */
    public void foreign(String name) {
        Link link = new Link();
        link.ifindex = nextIndex++;
        link.up = true;
        links.put(name, link);
    }

    /** Adds a VXLAN link that is not ours. */
    public void foreign(String name, Segment segment, IpAddr local) {
        foreign(name);
        link(name).vxlan = Optional.of(new Vxlan(segment, Optional.of(local), "eth0", Map.of()));
    }

    /** Its agent is from before attributes were known. */
    public void tellsNoAttributes() {
        links.values()
                .forEach(link -> link.vxlan =
                        link.vxlan.map(vxlan -> new Vxlan(vxlan.segment(), vxlan.local(), vxlan.dev(), Map.of())));
    }

    /** Its agent is from before that attribute was known. */
    public void tellsAllAttributesBut(LinkAttribute unknown) {
        for (Link link : links.values()) {
            link.vxlan = link.vxlan.map(vxlan -> {
                Map<LinkAttribute, Integer> known = new HashMap<>(vxlan.attributes());
                known.remove(unknown);
                return new Vxlan(vxlan.segment(), vxlan.local(), vxlan.dev(), known);
            });
        }
    }

    /** Switches IPv6 off in all devices, those to come too. */
    public void withoutIpv6() {
        ipv6 = false;
        links.values()
                .forEach(link -> link.addresses
                        .keySet()
                        .removeIf(address -> address.address().isIpv6()));
    }

    /** Takes a link down to rename it, as kernels before 6.2 do. */
    public void renamesDown() {
        renamesUp = false;
    }

    /** Gives a device another MTU. */
    public void mtu(String link, int bytes) {
        setMtu(link(link), bytes);
    }

    /** Has somebody look after each single operation. */
    public void afterEach(Runnable action) {
        afterEach = action;
    }

    /** Adds an address by hand. */
    public void handAddress(String link, String address) {
        link(link).addresses.put(InterfaceAddress.parse(address), false);
    }

    /** Adds a route by hand. */
    public void handRoute(ForeignRoute route) {
        foreignRoutes.add(route);
    }

    /** Forwarding and neighbour entries, to be read, or taken away or put by hand. */
    public Set<Entry> entries(String link) {
        return link(link).entries;
    }

    /** Our table of packet filters. */
    public SimulatedFilters filters() {
        return filters;
    }

    /** Where the link's all-zero entries lead. */
    public Set<IpAddr> floods(String link) {
        Set<IpAddr> floods = new TreeSet<>();
        for (Entry entry : entries(link)) {
            if (entry instanceof Entry.Flood(IpAddr vtep)) {
                floods.add(vtep);
            }
        }
        return floods;
    }

    public Mac mac(String link) {
        return link(link).mac;
    }

    /** Gives a link another MAC, or takes it down, by hand. */
    public void hand(NetOp op) {
        apply(op);
    }

    public Set<InterfaceAddress> addresses(String link) {
        return link(link).addresses.keySet();
    }

    public Map<Route, Long> routes(String link) {
        return link(link).routes;
    }

    public Set<String> names() {
        return links.keySet();
    }

    public int ifindex(String link) {
        return link(link).ifindex;
    }

    public void delete(String link) {
        links.remove(link);
    }

    public boolean isMarked() {
        return link("lo").alias.startsWith(OwnershipMarkers.COMPLETE);
    }

    /** The epoch of the latest leader that was here. */
    public long epoch() {
        return epoch;
    }

    /** Whether a leader of that epoch may change anything: no later one was here before. */
    public boolean admits(long leader) {
        if (leader < epoch) {
            return false;
        }
        epoch = leader;
        return true;
    }

    /** Does the first of a script's operations; then the agent is killed. What goes to nft together is done together. */
    public void run(Script script, int most) {
        errors.clear();
        int left = most;
        for (Transaction transaction : script.transactions()) {
            left = run(transaction, left);
        }
    }

    private int run(Transaction transaction, int most) {
        int left = most;
        if (!transaction.forNft().isEmpty() && transaction.forNft().size() <= left) {
            errors.addAll(filters.transact(transaction.forNft()));
            afterEach.run();
        }
        left -= transaction.forNft().size();
        boolean failed = false;
        for (NetOp op : Stream.of(transaction.forIp(), transaction.forTc(), transaction.forBridge())
                .flatMap(List::stream)
                .toList()) {
            boolean stops = transaction.makes().isPresent() && failed;
            if (left-- > 0 && !stops) {
                String error = apply(op);
                if (error.startsWith(RefusedQdiscs.SUBJECT)) {
                    errors.add(error);
                } else if (!error.isEmpty()) {
                    errors.add(error + ": " + op);
                    failed = true;
                }
                afterEach.run();
            }
        }
        return Math.max(left, 0);
    }

    /** Does a script and reports. */
    public ObservedPod run(Script script) {
        run(script, Integer.MAX_VALUE);
        if (script.mark() && errors.isEmpty()) {
            link("lo").alias = OwnershipMarkers.COMPLETE + " " + epoch;
        }
        Map<String, FdbView> fdb = new HashMap<>();
        script.reportRequest().digests().forEach(asked -> {
            Set<Entry> all = asked.ownInPeerTable().collect(Collectors.toCollection(TreeSet::new));
            Link link = links.get(asked.name().value());
            if (link != null) {
                all.addAll(link.entries);
            }
            all.addAll(admitted(asked));
            fdb.put(asked.name().value(), new FdbView.Digest(PeerTable.of(all).digest()));
        });
        script.reportRequest().lists().stream()
                .filter(asked -> links.containsKey(asked.name().value()))
                .forEach(asked -> {
                    Set<Entry> all = new TreeSet<>(admitted(asked));
                    all.addAll(entries(asked.name().value()));
                    fdb.put(asked.name().value(), new FdbView.Listed(PeerTable.of(all)));
                });
        boolean devices = script.reportRequest().devices();
        List<ForeignRoute> foreign = foreignRoutes.stream()
                .filter(route -> script.reportRequest().destinations().contains(route.destination()))
                .toList();
        return new ObservedPod(
                new ObservedPod.Devices(
                        devices ? observed(script.reportRequest().qdiscs()) : List.of(),
                        devices ? withoutIpv6Names() : Set.of()),
                new ObservedPod.Routing(devices ? routes() : List.of(), foreign),
                devices ? filters.observed() : Optional.empty(),
                fdb,
                new ObservedPod.Diagnostics(errors, Optional.empty(), knowsQdiscs));
    }

    private Set<String> withoutIpv6Names() {
        return Stream.concat(links.keySet().stream(), Stream.of("default"))
                .filter(name -> !ipv6 || (links.containsKey(name) && !hasIpv6(link(name))))
                .collect(Collectors.toSet());
    }

    private Set<Entry> admitted(DesiredLink asked) {
        Set<Entry> all = new TreeSet<>();
        asked.filter().map(filters::admitted).ifPresent(all::addAll);
        asked.filter()
                .filter(_ -> asked.security() != Security.OFF)
                .map(filters::senders)
                .ifPresent(all::addAll);
        return all;
    }

    private List<ObservedLink> observed(boolean qdiscs) {
        return observed().stream()
                .map(link -> qdiscs || tellsQdiscs || qdisc(link.name()) instanceof ObservedQdisc.None
                        ? link
                        : link.with(new ObservedQdisc.Unread("netem")))
                .toList();
    }

    /** Whether its agent knows qdiscs; an older one does not. */
    public void knowsQdiscs(boolean knows) {
        knowsQdiscs = knows;
    }

    /** Whether its agent tells of qdiscs by itself; one with a shell has to be asked. */
    public void tellsQdiscs(boolean tells) {
        tellsQdiscs = tells;
    }

    /** The entries, addresses and routes of one link, for comparing. */
    public List<ObservedLink> observed() {
        return links.entrySet().stream()
                .map(entry -> new ObservedLink(
                        new ObservedLink.Identity(entry.getKey(), entry.getValue().ifindex, entry.getValue().alias),
                        new ObservedLink.Attributes(
                                Optional.of(entry.getValue().mac), entry.getValue().up, entry.getValue().mtu),
                        entry.getValue().vxlan,
                        entry.getValue().addresses.entrySet().stream()
                                .map(address -> new ObservedAddress(address.getKey(), address.getValue()))
                                .toList()))
                .toList();
    }

    /** Our routes. */
    public List<ObservedRoute> routes() {
        return links.entrySet().stream()
                .flatMap(entry -> entry.getValue().routes.entrySet().stream()
                        .map(route -> new ObservedRoute(route.getKey(), entry.getKey(), route.getValue())))
                .toList();
    }

    private String apply(NetOp op) {
        return switch (op) {
            case NetOp.DelLink(IfName name) -> links.remove(name.value()) == null ? "Cannot find device" : "";
            case NetOp.Rename(IfName from, IfName to) -> rename(from.value(), to.value());
            case NetOp.AddLink add -> add(add);
            case NetOp.SetAlias(IfName name, String alias) -> on(name, link -> link.alias = alias);
            case NetOp.SetUnderlay(IfName name, var segment, var local, var dev) ->
                setUnderlay(name, segment, local, dev.value());
            case NetOp.SetAttributes(IfName name, Segment segment, var attributes) ->
                setAttributes(name, segment, attributes);
            case NetOp.PutQdisc(IfName name, Qdisc qdisc) -> putQdisc(name, qdisc);
            case NetOp.DelQdisc(IfName name) -> on(name, link -> link.vxlan = link.vxlan.map(vxlan -> delQdisc(vxlan)));
            case NetOp.SetMtu(IfName name, int mtu) -> on(name, link -> setMtu(link, mtu));
            case NetOp.SetUp(IfName name, boolean up) -> on(name, link -> setUp(link, up));
            case NetOp.DelAddress(IfName name, InterfaceAddress address) -> on(name, link -> delete(link, address));
            case NetOp.PutAddress(IfName name, InterfaceAddress address) -> putAddress(name, address);
            case NetOp.DelRoute(IfName name, Route route) -> on(name, link -> link.routes.remove(route));
            case NetOp.AddRoute(IfName name, Route route, var metric) ->
                addRoute(name, route, metric.orElse(isIpv6(route) ? 1024 : 0));
            case NetOp.SetMac(IfName name, Mac mac) -> on(name, link -> setMac(link, mac));
            case NetOp.PutEntry(IfName name, Entry entry) -> putEntry(name, entry);
            case NetOp.DelEntry(IfName name, Entry entry) -> del(name, entry);
            case NetOp.PutFilter _,
                    NetOp.DelFilter _,
                    NetOp.DelFilters _,
                    NetOp.PutSecurity _,
                    NetOp.DelSecurity _,
                    NetOp.SetGuard _ -> throw new AssertionError("for nft: " + op);
        };
    }

    private static Vxlan delQdisc(Vxlan vxlan) {
        return vxlan.qdisc() instanceof ObservedQdisc.Ours ? vxlan.with(new ObservedQdisc.None()) : vxlan;
    }

    private String putQdisc(IfName name, Qdisc qdisc) {
        if (qdiscsLacking.contains(qdisc.kind())) {
            return RefusedQdiscs.SUBJECT + name + ": Error: Specified qdisc kind is unknown.";
        }
        return qdisc(name.value()) instanceof ObservedQdisc.Foreign
                ? RefusedQdiscs.SUBJECT + name + ": File exists"
                : on(
                        name,
                        link -> link.vxlan =
                                link.vxlan.map(vxlan -> vxlan.with(new ObservedQdisc.Ours(Optional.of(qdisc)))));
    }

    /** The qdisc at a VXLAN link's root. */
    public ObservedQdisc qdisc(String link) {
        return link(link).vxlan.map(Vxlan::qdisc).orElse(new ObservedQdisc.None());
    }

    /** Changes it by hand. */
    public void qdisc(String link, ObservedQdisc qdisc) {
        link(link).vxlan = link(link).vxlan.map(vxlan -> vxlan.with(qdisc));
    }

    /** Has no qdiscs of that kind. */
    public void lacks(Qdisc.Kind kind) {
        qdiscsLacking.add(kind);
    }

    private Link link(String name) {
        Link link = links.get(name);
        if (link == null) {
            throw new AssertionError("no device " + name + " among " + links.keySet());
        }
        return link;
    }

    private String add(NetOp.AddLink add) {
        boolean taken = links.containsKey(add.link().value())
                || links.values().stream()
                        .flatMap(link -> link.vxlan.stream())
                        .anyMatch(vxlan -> vxlan.segment().equals(add.segment())
                                && isIpv6(vxlan) == add.local().isIpv6());
        if (taken) {
            return "File exists";
        }
        Link link = new Link();
        link.ifindex = nextIndex++;
        link.mac = add.mac();
        link.mtu = add.mtu();
        link.vxlan = Optional.of(
                new Vxlan(add.segment(), Optional.of(add.local()), add.dev().value(), attributes(add.checksum())));
        links.put(add.link().value(), link);
        return "";
    }

    private static Map<LinkAttribute, Integer> attributes(boolean checksum) {
        Map<LinkAttribute, Integer> attributes = new EnumMap<>(LinkAttribute.class);
        for (LinkAttribute attribute : LinkAttribute.values()) {
            attributes.put(attribute, attribute.kernelDefault());
        }
        attributes.put(LinkAttribute.CHECKSUM, checksum ? 1 : 0);
        return attributes;
    }

    /** Refuses another segment or family, as the kernel does. */
    private String setUnderlay(IfName name, Segment segment, IpAddr local, String dev) {
        Optional<Vxlan> before = vxlan(name, segment).filter(vxlan -> isIpv6(vxlan) == local.isIpv6());
        return before.isPresent()
                ? on(
                        name,
                        link -> link.vxlan = before.map(vxlan ->
                                new Vxlan(segment, Optional.of(local), dev, vxlan.attributes(), vxlan.qdisc())))
                : "Operation not supported";
    }

    /** Refuses another segment, and another choice of checksums. */
    private String setAttributes(IfName name, Segment segment, Map<LinkAttribute, Integer> attributes) {
        Optional<Vxlan> before = vxlan(name, segment).filter(_ -> !attributes.containsKey(LinkAttribute.CHECKSUM));
        if (before.isEmpty()) {
            return "Operation not supported";
        }
        Map<LinkAttribute, Integer> all = new HashMap<>(before.get().attributes());
        all.putAll(attributes);
        return on(
                name,
                link -> link.vxlan = before.map(
                        vxlan -> new Vxlan(vxlan.segment(), vxlan.local(), vxlan.dev(), all, vxlan.qdisc())));
    }

    private Optional<Vxlan> vxlan(IfName name, Segment segment) {
        return Optional.ofNullable(links.get(name.value()))
                .flatMap(link -> link.vxlan)
                .filter(vxlan -> vxlan.segment().equals(segment));
    }

    private static boolean isIpv6(Vxlan vxlan) {
        return vxlan.local().filter(IpAddr::isIpv6).isPresent();
    }

    private String rename(String from, String to) {
        if (!links.containsKey(from) || links.containsKey(to)) {
            return "Cannot rename";
        }
        Link link = links.remove(from);
        if (!renamesUp) {
            setUp(link, false);
        }
        links.put(to, link);
        return "";
    }

    private String addRoute(IfName name, Route route, long metric) {
        Link link = links.get(name.value());
        if (link == null || !link.up) {
            return "Network is unreachable";
        }
        boolean taken = links.values().stream()
                        .anyMatch(other -> other.routes.keySet().stream()
                                .anyMatch(known -> known.destination().equals(route.destination())))
                || foreignRoutes.stream()
                        .anyMatch(known -> known.destination().equals(route.destination()) && known.metric() == metric);
        if (isIpv6(route) && !hasIpv6(link)) {
            return "Network is unreachable";
        }
        boolean reachable = isReachable(link, route);
        if (taken || !reachable) {
            return taken ? "File exists" : "Nexthop has invalid gateway";
        }
        link.routes.put(route, metric);
        return "";
    }

    /** A primary IPv4 address takes its secondaries along, and every route through a gateway that is gone. */
    private static void delete(Link link, InterfaceAddress address) {
        boolean primary = link.addresses.keySet().stream()
                .filter(other -> other.network().equals(address.network()))
                .findFirst()
                .filter(address::equals)
                .isPresent();
        if (primary && !address.address().isIpv6()) {
            link.addresses.keySet().removeIf(other -> other.network().equals(address.network()));
        }
        link.addresses.remove(address);
        link.routes.keySet().removeIf(route -> !isReachable(link, route));
    }

    private static boolean isReachable(Link link, Route route) {
        return route.gateway().isEmpty()
                || link.addresses.keySet().stream()
                        .anyMatch(address ->
                                address.network().contains(route.gateway().get()));
    }

    private static boolean isIpv6(Route route) {
        return route.destination().network().isIpv6();
    }

    private boolean hasIpv6(Link link) {
        return ipv6 && link.mtu >= 1280;
    }

    private String putAddress(IfName name, InterfaceAddress address) {
        return links.containsKey(name.value()) && address.address().isIpv6() && !hasIpv6(link(name.value()))
                ? "Permission denied"
                : on(name, link -> link.addresses.put(address, true));
    }

    private String putEntry(IfName name, Entry entry) {
        return links.containsKey(name.value()) && entry.isIpv6Neighbour() && !hasIpv6(link(name.value()))
                ? "Invalid argument"
                : on(name, link -> put(link, entry));
    }

    /** The kernel takes IPv6 away from a device with less than it needs. */
    private static void setMtu(Link link, int bytes) {
        link.mtu = bytes;
        if (bytes < 1280) {
            link.addresses.keySet().removeIf(address -> address.address().isIpv6());
            link.routes.keySet().removeIf(SimulatedKernel::isIpv6);
            link.entries.removeIf(Entry::isIpv6Neighbour);
        }
    }

    private static void setUp(Link link, boolean up) {
        link.up = up;
        if (!up) {
            link.routes.clear();
            dropNeighbours(link);
            link.addresses.keySet().removeIf(address -> address.address().isIpv6());
        }
    }

    private static void setMac(Link link, Mac mac) {
        link.mac = mac;
        dropNeighbours(link);
    }

    private static void dropNeighbours(Link link) {
        link.entries.removeIf(entry -> entry instanceof Entry.Neighbour);
    }

    /** All-zero entries stand beside each other; any other takes the place of the one with its key. */
    private static void put(Link link, Entry entry) {
        if (!(entry instanceof Entry.Flood)) {
            link.entries.removeIf(other -> other.key().equals(entry.key()));
        }
        link.entries.add(entry);
    }

    /** Deleting a neighbour goes by its address alone; deleting a MAC's other destination does nothing. */
    private String del(IfName name, Entry entry) {
        Link link = links.get(name.value());
        if (link == null) {
            return "Cannot find device";
        }
        boolean known = link.entries.stream().anyMatch(other -> other.key().equals(entry.key()));
        link.entries.removeIf(other -> other.equals(entry)
                || (entry instanceof Entry.Neighbour && other.key().equals(entry.key())));
        return known ? "" : "No such file or directory";
    }

    private interface Change {
        void on(Link link);
    }

    private String on(IfName name, Change change) {
        Link link = links.get(name.value());
        if (link == null) {
            return "Cannot find device";
        }
        change.on(link);
        return "";
    }
}
