package io.github.kubevxlan.controller.diff;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.spec.LinkAttribute;
import io.github.kubevxlan.common.spec.Segment;
import io.github.kubevxlan.controller.diff.Change.Action;
import io.github.kubevxlan.controller.diff.Change.Kind;
import io.github.kubevxlan.controller.observe.ObservedLink;
import io.github.kubevxlan.controller.observe.ObservedLink.Vxlan;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.observe.ObservedQdisc;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.Qdisc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Puts the operations of one request into words, each with its reason. What is done to an interface that was just created
 * goes without saying, and entries are counted: the words grow with the interfaces, not with their peers.
 */
public final class Changes {
    /** More than an honest pod has at once; an agent of a user's own may report any number of links to delete. */
    private static final int MOST = 100;

    private final List<NetOp> ops;
    private final DesiredPod want;
    private final boolean isDrift;
    private final Map<String, ObservedLink> seen;
    /** What takes the place of which link. */
    private final Map<IfName, ObservedLink> replaced = new HashMap<>();

    private final Set<IfName> created = new HashSet<>();
    private final Set<Table> counted = new HashSet<>();

    /** The entries of one kind on one interface. */
    private record Table(IfName link, Kind kind) {}

    private Changes(List<NetOp> ops, DesiredPod want, ObservedPod seen, boolean isDrift) {
        this.ops = ops;
        this.want = want;
        this.isDrift = isDrift;
        this.seen = seen.links().stream()
                .collect(Collectors.toMap(ObservedLink::name, Function.identity(), (first, _) -> first));
        ops.forEach(op -> {
            if (op instanceof NetOp.AddLink add) {
                created.add(add.link());
            }
        });
        replace();
    }

    /** A link takes the place of one of its name, or of its network. */
    private void replace() {
        Map<String, ObservedLink> deletedByAlias = new HashMap<>();
        for (NetOp op : ops) {
            if (op instanceof NetOp.DelLink(IfName link)) {
                there(link).ifPresent(there -> {
                    deletedByAlias.putIfAbsent(there.alias(), there);
                    if (created.contains(link)) {
                        replaced.put(link, there);
                    }
                });
            }
        }
        for (NetOp op : ops) {
            if (op instanceof NetOp.SetAlias(IfName link, String alias)
                    && created.contains(link)
                    && deletedByAlias.containsKey(alias)) {
                replaced.putIfAbsent(link, deletedByAlias.get(alias));
            }
        }
    }

    /**
     * Gives the changes in the order of their first operations.
     *
     * @param want what the operations lead to
     * @param seen what the pod had before them, devices included
     * @param isDrift whether the pod had all of it before, so that somebody else has changed it
     */
    public static List<Change> of(List<NetOp> ops, DesiredPod want, ObservedPod seen, boolean isDrift) {
        return new Changes(ops, want, seen, isDrift).all();
    }

    private List<Change> all() {
        List<Change> changes = new ArrayList<>();
        int more = 0;
        for (NetOp op : ops) {
            if (!(op instanceof NetOp.AddLink) && op instanceof NetOp.OnLink on && created.contains(on.link())) {
                continue;
            }
            if (changes.size() < MOST) {
                change(op).ifPresent(changes::add);
            } else {
                more++;
            }
        }
        if (more > 0) {
            changes.add(new Change(
                    Kind.SETTING, Action.CHANGED, Optional.empty(), isDrift, "and " + more + " more operations"));
        }
        return List.copyOf(changes);
    }

    private Optional<Change> change(NetOp op) {
        return switch (op) {
            case NetOp.AddLink add -> Optional.of(created(add));
            case NetOp.DelLink(IfName link) -> removed(link);
            case NetOp.Rename(IfName from, IfName to) -> setting(to, "renamed from " + from);
            case NetOp.SetAlias(IfName link, String alias) -> setting(link, "marked as ours, ifalias " + alias);
            case NetOp.SetUnderlay underlay ->
                setting(
                        underlay.link(),
                        differs(
                                "underlay",
                                vxlan(underlay.link()).map(Changes::underlay),
                                underlay.local() + " on " + underlay.dev()));
            case NetOp.SetAttributes attributes -> setting(attributes.link(), attributes(attributes));
            case NetOp.PutQdisc(IfName link, Qdisc qdisc) ->
                setting(link, differs("impairments", impairments(link), qdisc.impairments()));
            case NetOp.DelQdisc(IfName link) -> qdiscRemoved(link);
            case NetOp.SetMtu(IfName link, int mtu) ->
                setting(link, differs("mtu", there(link).map(ObservedLink::mtu), mtu));
            case NetOp.SetMac(IfName link, Mac mac) ->
                setting(link, differs("mac", there(link).flatMap(ObservedLink::mac), mac));
            case NetOp.SetUp(IfName link, boolean up) -> setting(link, up ? "down, wanted up" : "up, wanted down");
            case NetOp.PutAddress put -> change(Kind.ADDRESS, put.link(), "added address " + put.address());
            case NetOp.DelAddress del -> change(Kind.ADDRESS, del.link(), "removed address " + del.address());
            case NetOp.AddRoute add -> change(Kind.ROUTE, add.link(), "added route " + add.route());
            case NetOp.DelRoute del -> change(Kind.ROUTE, del.link(), "removed route " + del.route());
            case NetOp.PutEntry put -> entries(put.link(), kind(put.entry()));
            case NetOp.DelEntry del -> entries(del.link(), kind(del.entry()));
            case NetOp.PutFilter put -> filter("set up peer filter " + put.filter());
            case NetOp.DelFilter del -> filter("removed peer filter " + del.filter());
            case NetOp.PutSecurity put -> filter("set up port security of " + put.filter() + ", " + put.mode());
            case NetOp.DelSecurity del -> filter("removed port security of " + del.filter());
            case NetOp.DelFilters _ -> filter("removed all peer filters");
            case NetOp.SetGuard guard -> filter("router advertisements and redirects dropped on " + guard.links());
        };
    }

    private Change created(NetOp.AddLink add) {
        Optional<ObservedLink> before = Optional.ofNullable(replaced.get(add.link()));
        if (before.isEmpty() && !isDrift) {
            return new Change(Kind.LINK, Action.CREATED, network(add.link()), false, "created " + add.link());
        }
        String reason = before.map(link -> reasons(link, add)).orElse("it was gone");
        return new Change(
                Kind.LINK, Action.RECREATED, network(add.link()), isDrift, "recreated " + add.link() + ": " + reason);
    }

    private static String reasons(ObservedLink before, NetOp.AddLink add) {
        Optional<Vxlan> vxlan = before.vxlan();
        Optional<Segment> segment = vxlan.map(Vxlan::segment);
        String reasons = Stream.of(
                        differs("name", Optional.of(before.name()), add.link().value()),
                        differs("id", segment.map(Segment::vni), add.segment().vni()),
                        differs(
                                "dstport",
                                segment.map(Segment::port),
                                add.segment().port()),
                        differs(
                                "family",
                                vxlan.map(Changes::isIpv6).map(Changes::family),
                                family(add.local().isIpv6())),
                        differs("checksum", vxlan.map(Changes::hasChecksum), add.checksum()))
                .flatMap(Optional::stream)
                .collect(Collectors.joining("; "));
        return reasons.isEmpty() ? "another interface is to have its segment" : reasons;
    }

    private Optional<Change> removed(IfName link) {
        return there(link).filter(replaced::containsValue).isPresent()
                ? Optional.empty()
                : Optional.of(new Change(
                        Kind.LINK,
                        Action.REMOVED,
                        network(link),
                        isDrift,
                        "removed " + link + ": none of the pod's networks has it"));
    }

    private Optional<Change> entries(IfName link, Kind kind) {
        if (!counted.add(new Table(link, kind))) {
            return Optional.empty();
        }
        long added = ops.stream()
                .filter(op -> op instanceof NetOp.PutEntry put && put.link().equals(link) && kind(put.entry()) == kind)
                .count();
        long gone = ops.stream()
                .filter(op -> op instanceof NetOp.DelEntry del && del.link().equals(link) && kind(del.entry()) == kind)
                .count();
        String what = switch (kind) {
            case FDB -> "FDB entries";
            case NEIGHBOUR -> "neighbour entries";
            default -> "peers in the filter";
        };
        return change(kind, link, what + ": " + added + " added, " + gone + " removed");
    }

    private Optional<String> attributes(NetOp.SetAttributes set) {
        return Optional.of(set.attributes().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> attribute(set.link(), entry.getKey()) + "wanted "
                        + entry.getKey().text(entry.getValue()))
                .collect(Collectors.joining("; ")));
    }

    /** One that makes room for another is no news. */
    private Optional<Change> qdiscRemoved(IfName link) {
        boolean isReplaced = ops.stream()
                .anyMatch(op -> op instanceof NetOp.PutQdisc put && put.link().equals(link));
        return isReplaced
                ? Optional.empty()
                : setting(link, "impairments " + impairments(link).orElse("") + ", wanted none");
    }

    private Optional<String> impairments(IfName link) {
        return vxlan(link).map(Vxlan::qdisc).map(qdisc -> switch (qdisc) {
            case ObservedQdisc.Ours(Optional<Qdisc> is) ->
                is.map(ours -> ours.impairments().toString()).orElse("of somebody else's");
            case ObservedQdisc.None _, ObservedQdisc.Unread _, ObservedQdisc.Foreign _ -> "";
        });
    }

    private String attribute(IfName link, LinkAttribute attribute) {
        return vxlan(link)
                .map(there -> attribute.text(there.attribute(attribute)) + ", ")
                .orElse("");
    }

    /** {@code NAME IS, wanted WANTED}; empty where the two are the same. */
    private static Optional<String> differs(String name, Optional<?> is, Object wanted) {
        return is.isPresent() && Objects.equals(is.get(), wanted)
                ? Optional.empty()
                : Optional.of(name + " "
                        + is.map(Object::toString)
                                .filter(text -> !text.isEmpty())
                                .orElse("none") + ", wanted " + wanted);
    }

    private Optional<Change> setting(IfName link, Optional<String> difference) {
        return difference.flatMap(words -> setting(link, words));
    }

    private Optional<Change> setting(IfName link, String words) {
        return change(Kind.SETTING, link, words);
    }

    private Optional<Change> change(Kind kind, IfName link, String words) {
        return Optional.of(new Change(kind, Action.CHANGED, network(link), isDrift, link + ": " + words));
    }

    private Optional<Change> filter(String words) {
        return Optional.of(new Change(Kind.FILTER, Action.CHANGED, Optional.empty(), isDrift, words));
    }

    private Optional<String> network(IfName link) {
        return want.links().stream()
                .filter(wanted -> wanted.name().equals(link))
                .map(DesiredLink::network)
                .map(network -> network.name())
                .findFirst();
    }

    private Optional<ObservedLink> there(IfName link) {
        return Optional.ofNullable(seen.get(link.value()));
    }

    private Optional<Vxlan> vxlan(IfName link) {
        return there(link).flatMap(ObservedLink::vxlan);
    }

    private static String underlay(Vxlan vxlan) {
        String dev = IfName.isOne(vxlan.dev()) ? vxlan.dev() : "no device";
        return vxlan.local().map(Object::toString).orElse("no address") + " on " + dev;
    }

    private static Kind kind(Entry entry) {
        return switch (entry) {
            case Entry.Flood _, Entry.Unicast _ -> Kind.FDB;
            case Entry.Neighbour _ -> Kind.NEIGHBOUR;
            case Entry.Admitted _, Entry.Permitted _ -> Kind.FILTER;
        };
    }

    private static boolean isIpv6(Vxlan vxlan) {
        return vxlan.local().map(local -> local.isIpv6()).orElse(false);
    }

    private static String family(boolean isIpv6) {
        return isIpv6 ? "ipv6" : "ipv4";
    }

    private static boolean hasChecksum(Vxlan vxlan) {
        return vxlan.attribute(LinkAttribute.CHECKSUM) == 1;
    }
}
