package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.Family;
import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.IpRange;
import io.github.kubevxlan.common.net.Mtu;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.net.Route;
import io.github.kubevxlan.common.net.Vni;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The options that a definition or an annotation sets; what it doesn't set is empty. Lists are in the order given,
 * without repeats. {@code type} has a single value and leaves no trace here. Prints what {@link OverlayParser} reads.
 */
public final class Options {
    /** No option set. */
    public static final Options NONE = new Options(Map.of());

    private final Map<Option, List<Object>> values;

    /** Each option that is set, with its values: one, or those of a list. */
    Options(Map<Option, List<Object>> values) {
        Map<Option, List<Object>> copy = new EnumMap<>(Option.class);
        values.forEach((option, list) -> copy.put(option, List.copyOf(list)));
        this.values = copy;
    }

    public Optional<Vni> id() {
        return one(Option.ID, Vni.class);
    }

    /** The name of the interface. */
    public Optional<IfName> name() {
        return one(Option.NAME, IfName.class);
    }

    public Optional<IfName> dev() {
        return one(Option.DEV, IfName.class);
    }

    public Optional<Boolean> up() {
        return one(Option.UP, Boolean.class);
    }

    public List<InterfaceAddress> ip() {
        return list(Option.IP, InterfaceAddress.class);
    }

    /** Where the controller takes members' addresses from. */
    public List<Cidr> subnet() {
        return list(Option.SUBNET, Cidr.class);
    }

    /** Which addresses of a subnet the controller may take; the others are left to hand-given ones. */
    public List<IpRange> range() {
        return list(Option.RANGE, IpRange.class);
    }

    /** Which addresses of a subnet are for pods of certain names. */
    public List<Reservation> reserve() {
        return list(Option.RESERVE, Reservation.class);
    }

    /** How long an address is kept for a name that is away. */
    public Optional<KeepTime> keep() {
        return one(Option.KEEP, KeepTime.class);
    }

    /** The MACs of interfaces: in a definition by pod names, in an annotation the pod's own. */
    public List<ChosenMac> mac() {
        return list(Option.MAC, ChosenMac.class);
    }

    public List<Route> route() {
        return list(Option.ROUTE, Route.class);
    }

    /** Of the routes, 1 to 2147483647. */
    public Optional<Integer> metric() {
        return one(Option.METRIC, Integer.class);
    }

    public Optional<Mtu> mtu() {
        return one(Option.MTU, Mtu.class);
    }

    /** Those of the link that are set. */
    public Map<LinkAttribute, Integer> attributes() {
        Map<LinkAttribute, Integer> set = new EnumMap<>(LinkAttribute.class);
        for (LinkAttribute attribute : LinkAttribute.values()) {
            one(Option.of(attribute), Integer.class).ifPresent(value -> set.put(attribute, value));
        }
        return set;
    }

    /** What is done to the packets that the interface sends. */
    public Impairments impairments() {
        Map<Impairment, Integer> set = new EnumMap<>(Impairment.class);
        for (Impairment impairment : Impairment.values()) {
            one(Option.of(impairment), Integer.class).ifPresent(value -> set.put(impairment, value));
        }
        return new Impairments(set);
    }

    /** The first option that only the ConfigMap or, with its leave, a pod sets. */
    Optional<Option> firstImpairment() {
        return values.keySet().stream()
                .filter(option -> option.setter() == Option.Setter.POD_WHERE_IMPAIRED)
                .findFirst();
    }

    /** Whether pods may set impairments. */
    public Optional<Boolean> podsImpair() {
        return one(Option.IMPAIRMENTS, Boolean.class);
    }

    public Optional<Port> dstport() {
        return one(Option.DSTPORT, Port.class);
    }

    /** Of the underlay addresses that members send to. */
    public Optional<Family> family() {
        return one(Option.FAMILY, Family.class);
    }

    /** How members learn where a frame goes. */
    public Optional<Forwarding> forwarding() {
        return one(Option.FORWARDING, Forwarding.class);
    }

    /** What members do with router advertisements and redirects. */
    public Optional<Advertisements> ra() {
        return one(Option.RA, Advertisements.class);
    }

    /** What members do with packets that their sender must not send. */
    public Optional<Security> security() {
        return one(Option.SECURITY, Security.class);
    }

    /** Pods that may send anything. */
    public List<PodSelector> securityExempt() {
        return list(Option.SECURITY_EXEMPT, PodSelector.class);
    }

    /** When a member's readiness gate turns true for the first time. */
    public Optional<ReadyWhen> ready() {
        return one(Option.READY, ReadyWhen.class);
    }

    /** VTEPs outside the cluster. */
    public List<IpAddr> peer() {
        return list(Option.PEER, IpAddr.class);
    }

    /** Names of the namespaces that may join; empty for all. */
    public List<String> namespaces() {
        return list(Option.NAMESPACES, String.class);
    }

    /** Whether pods that name no network anywhere join it. */
    public Optional<Boolean> isDefault() {
        return one(Option.DEFAULT, Boolean.class);
    }

    /** Tells whether pods of a namespace may join. */
    public boolean admits(String namespace) {
        List<String> admitted = namespaces();
        return admitted.isEmpty() || admitted.contains(namespace);
    }

    /** Lays other options over these: each that the other sets, a list as a whole, takes the place of ours. */
    public Options with(Options over) {
        Map<Option, List<Object>> all = new EnumMap<>(Option.class);
        all.putAll(values);
        all.putAll(over.values);
        return new Options(all);
    }

    /** The same without some options. */
    Options without(Set<Option> some) {
        Map<Option, List<Object>> rest = new EnumMap<>(Option.class);
        rest.putAll(values);
        rest.keySet().removeAll(some);
        return new Options(rest);
    }

    /** This option alone, if it is set. */
    Options only(Option option) {
        return values.containsKey(option) ? new Options(Map.of(option, list(option, Object.class))) : NONE;
    }

    private <T> Optional<T> one(Option option, Class<T> type) {
        return Optional.ofNullable(values.get(option)).map(List::getFirst).map(type::cast);
    }

    private <T> List<T> list(Option option, Class<T> type) {
        return values.getOrDefault(option, List.of()).stream().map(type::cast).toList();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Options options && values.equals(options.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.entrySet().stream().map(Options::text).collect(Collectors.joining(" "));
    }

    private static String text(Map.Entry<Option, List<Object>> set) {
        Option option = set.getKey();
        return set.getValue().stream().map(option::print).collect(Collectors.joining(";", option + "=", ""));
    }
}
