package io.github.kubevxlan.cli.state;

import static io.github.kubevxlan.cli.state.Difference.ALL;

import io.github.kubevxlan.cli.state.Difference.Kind;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.controller.diff.FilterSupport;
import io.github.kubevxlan.controller.diff.NetOp;
import io.github.kubevxlan.controller.diff.Plan;
import io.github.kubevxlan.controller.diff.StateDiff;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.Filter;
import io.github.kubevxlan.controller.pod.NetworkProblem;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares what a pod's kernel holds with what it should hold, and describes the operations that the controller would
 * send.
 *
 * @param all each difference once, in the order of the operations
 * @param problems why the kernel cannot have something, a sentence each
 */
public record Differences(List<Difference> all, List<String> problems) {
    public Differences {
        all = List.copyOf(all);
        problems = List.copyOf(problems);
    }

    /**
     * Compares.
     *
     * @param prefix the key prefix
     * @param declared what the pod should have
     * @param seen what its agent reported, all entries listed
     * @param whole whether the pods of every namespace are known; else an unexpected entry may be a pod's that is not
     * @param named shows an address of a peer
     */
    public static Differences between(
            String prefix, DesiredPod declared, ObservedPod seen, boolean whole, Function<IpAddr, String> named) {
        DesiredPod want = FilterSupport.of(declared, seen).usable(declared);
        Plan plan = StateDiff.plan(prefix, want, seen, Map.of());
        Set<String> created = plan.ops().stream()
                .flatMap(op ->
                        op instanceof NetOp.AddLink add ? Stream.of(add.link().value()) : Stream.empty())
                .collect(Collectors.toSet());
        Map<String, String> earlierNames = plan.ops().stream()
                .flatMap(op -> op instanceof NetOp.Rename rename ? Stream.of(rename) : Stream.empty())
                .collect(Collectors.toMap(
                        rename -> rename.to().value(), rename -> rename.from().value()));
        List<Difference> all = plan.ops().stream()
                .filter(op -> op instanceof NetOp.AddLink || !isAbout(op, created))
                .filter(op -> whole || !(op instanceof NetOp.DelEntry))
                .filter(op -> !isThere(op, seen, earlierNames))
                .map(op -> difference(op, named))
                .distinct()
                .toList();
        return new Differences(
                all, plan.problems().stream().map(NetworkProblem::sentence).toList());
    }

    /** Of a link that is missing, what is missing on it goes without saying. */
    private static boolean isAbout(NetOp op, Set<String> links) {
        return op instanceof NetOp.OnLink on && links.contains(on.link().value());
    }

    /** A plan puts some things once more, since deleting another address or renaming the link may take them along. */
    private static boolean isThere(NetOp op, ObservedPod seen, Map<String, String> earlierNames) {
        if (!(op instanceof NetOp.OnLink on)) {
            return false;
        }
        String name = on.link().value();
        return seen.link(earlierNames.getOrDefault(name, name))
                .filter(link -> switch (op) {
                    case NetOp.PutAddress(var _, InterfaceAddress address) -> link.has(address);
                    case NetOp.SetUp(var _, boolean up) -> link.up() == up;
                    case NetOp.SetAlias(var _, String alias) -> link.alias().equals(alias);
                    default -> false;
                })
                .isPresent();
    }

    private static Difference difference(NetOp op, Function<IpAddr, String> named) {
        String link = op instanceof NetOp.OnLink on ? on.link().value() : "";
        return switch (op) {
            case NetOp.AddLink add ->
                missing(link, "interface " + link + ", VNI " + add.segment().vni() + ", with everything on it", ALL);
            case NetOp.DelLink _ -> unexpected(link, "interface " + link);
            case NetOp.Rename rename ->
                different(link, "the interface is called " + rename.from() + " instead of " + link, ALL);
            case NetOp.SetAlias alias -> different(link, "its marker (ifalias) is not " + alias.alias());
            case NetOp.SetUnderlay underlay ->
                different(link, "it does not send from " + underlay.local() + " over " + underlay.dev(), ALL);
            case NetOp.SetAttributes attributes -> different(link, "its attributes are not " + attributes.text(), ALL);
            case NetOp.PutQdisc put ->
                different(link, "its impairments are not " + put.qdisc().impairments());
            case NetOp.DelQdisc _ -> unexpected(link, "impairments of " + link);
            case NetOp.SetMtu mtu -> different(link, "its MTU is not " + mtu.mtu(), ALL);
            case NetOp.SetMac mac -> different(link, "its MAC is not " + mac.mac(), ALL);
            case NetOp.SetUp(var _, boolean up) ->
                up ? different(link, "it is down", ALL) : different(link, "it is up");
            case NetOp.PutAddress put ->
                missing(link, "address " + put.address(), text(put.address().address()));
            case NetOp.DelAddress del ->
                unexpected(link, "address " + del.address(), text(del.address().address()));
            case NetOp.AddRoute add ->
                missing(link, "route " + add.route(), text(add.route().destination()));
            case NetOp.DelRoute del ->
                unexpected(link, "route " + del.route(), text(del.route().destination()));
            case NetOp.PutEntry put -> missing(link, entry(put.entry(), named), whereMissing(put.entry()));
            case NetOp.DelEntry del -> unexpected(link, entry(del.entry(), named), whereUnexpected(del.entry()));
            case NetOp.PutFilter(Filter filter) ->
                missing(link, "peer filter " + filter + ", or a part of it", filter.name());
            case NetOp.DelFilter(Filter filter) -> unexpected(link, "peer filter " + filter, filter.name());
            case NetOp.PutSecurity(Filter filter, var mode) ->
                missing(link, "port security (" + mode + ") of " + filter + ", or a part of it");
            case NetOp.DelSecurity(Filter filter) -> unexpected(link, "port security of " + filter);
            case NetOp.SetGuard guard ->
                different(link, "the links that drop router advertisements and redirects are not " + guard.links());
            case NetOp.DelFilters _ -> unexpected(link, "table " + Filter.TABLE + " of nftables", ALL);
        };
    }

    private static String text(Object address) {
        return address.toString();
    }

    /** Whose packets a missing entry stops. */
    private static String whereMissing(Entry entry) {
        return switch (entry) {
            case Entry.Flood(IpAddr vtep) -> vtep.toString();
            case Entry.Unicast(Mac mac, var _) -> mac.value();
            case Entry.Neighbour(IpAddr ip, var _) -> ip.toString();
            case Entry.Admitted(var _, IpAddr vtep) -> vtep.toString();
            case Entry.Permitted sender -> sender.vtep().toString();
        };
    }

    /** Whose packets an entry misdirects; one more receiver or sender stops none. */
    private static String[] whereUnexpected(Entry entry) {
        return switch (entry) {
            case Entry.Flood _, Entry.Admitted _, Entry.Permitted _ -> new String[0];
            case Entry.Unicast _, Entry.Neighbour _ -> new String[] {whereMissing(entry)};
        };
    }

    private static String entry(Entry entry, Function<IpAddr, String> named) {
        return switch (entry) {
            case Entry.Flood(IpAddr vtep) -> "flood entry: to " + named.apply(vtep);
            case Entry.Unicast(var mac, IpAddr vtep) -> "forwarding entry of " + mac + ": to " + named.apply(vtep);
            case Entry.Neighbour(IpAddr ip, var mac) -> "neighbour entry of " + ip + ": at " + mac;
            case Entry.Permitted sender ->
                "port security " + sender.filter() + ": " + sender.set() + " of " + named.apply(sender.vtep())
                        + sender.value().replaceFirst("^[^ ]*", "");
            case Entry.Admitted(var filter, IpAddr vtep) -> "peer filter " + filter + ": lets in " + named.apply(vtep);
        };
    }

    private static Difference missing(String link, String what, String... stops) {
        return new Difference(Kind.MISSING, link, what, List.of(stops));
    }

    private static Difference unexpected(String link, String what, String... stops) {
        return new Difference(Kind.UNEXPECTED, link, what, List.of(stops));
    }

    private static Difference different(String link, String what, String... stops) {
        return new Difference(Kind.DIFFERENT, link, what, List.of(stops));
    }
}
