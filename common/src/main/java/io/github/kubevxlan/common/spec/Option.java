package io.github.kubevxlan.common.spec;

import static io.github.kubevxlan.common.spec.OptionValue.list;
import static io.github.kubevxlan.common.spec.OptionValue.one;

import io.github.kubevxlan.common.net.Family;
import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InvalidValueException;
import io.github.kubevxlan.common.net.IpRange;
import io.github.kubevxlan.common.net.Mtu;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.net.Route;
import io.github.kubevxlan.common.net.Vni;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The options of a network: their spelling, who may set them, and how they are read and printed. */
public enum Option {
    ID("id", Setter.POD_TO_THE_SAME, one(Vni::parse, (to, id) -> to.id = id, Options::id)),
    NAME("name", Setter.POD, one(IfName::new, (to, name) -> to.name = name, Options::name)),
    TYPE("type", Setter.POD, OptionValue.word("vxlan")),
    DEV("dev", Setter.POD, one(IfName::new, (to, dev) -> to.dev = dev, Options::dev)),
    UP("up", Setter.POD, one(OptionsBuilder::bool, (to, up) -> to.up = up, Options::up)),
    IP("ip", Setter.POD, list(OptionsBuilder::hostAddress, to -> to.ip, Options::ip)),
    SUBNET("subnet", Setter.OPERATOR, list(AddressRules::subnet, to -> to.subnet, Options::subnet)),
    RANGE("range", Setter.OPERATOR, list(IpRange::parse, to -> to.range, Options::range)),
    ROUTE("route", Setter.POD, list(Route::parse, to -> to.route, Options::route)),
    METRIC("metric", Setter.POD, one(OptionsBuilder::metric, (to, metric) -> to.metric = metric, Options::metric)),
    MTU("mtu", Setter.POD, one(Mtu::parse, (to, mtu) -> to.mtu = mtu, Options::mtu)),
    TTL(Setter.OPERATOR, LinkAttribute.TTL),
    TOS(Setter.OPERATOR, LinkAttribute.TOS),
    LEARNING(Setter.OPERATOR, LinkAttribute.LEARNING),
    CHECKSUM(Setter.OPERATOR, LinkAttribute.CHECKSUM),
    TXQUEUELEN(Setter.OPERATOR, LinkAttribute.TXQUEUELEN),
    DSTPORT("dstport", Setter.OPERATOR, one(Port::parse, (to, port) -> to.dstport = port, Options::dstport)),
    FAMILY("family", Setter.OPERATOR, one(Family::parse, (to, family) -> to.family = family, Options::family)),
    FORWARDING(
            "forwarding",
            Setter.OPERATOR,
            one(Forwarding::parse, (to, forwarding) -> to.forwarding = forwarding, Options::forwarding)),
    RA("ra", Setter.OPERATOR, one(Advertisements::parse, (to, ra) -> to.ra = ra, Options::ra)),
    PEER("peer", Setter.OPERATOR, list(OptionsBuilder::peer, to -> to.peer, Options::peer)),
    NAMESPACES(
            "namespaces", Setter.OPERATOR, list(OptionsBuilder::namespace, to -> to.namespaces, Options::namespaces)),
    DEFAULT("default", Setter.OPERATOR, one(OptionsBuilder::bool, (to, is) -> to.isDefault = is, Options::isDefault));

    /** Who may set an option. */
    public enum Setter {
        /** The ConfigMap, and over it the annotation of a pod or namespace. */
        POD,
        /** As {@link #POD}, but an annotation may only repeat what the ConfigMap says. */
        POD_TO_THE_SAME,
        /** The ConfigMap alone. */
        OPERATOR
    }

    private final String spelling;
    private final Setter setter;

    @SuppressWarnings("ImmutableEnumChecker") // functions without a state
    private final OptionValue value;

    Option(String spelling, Setter setter, OptionValue value) {
        this.spelling = spelling;
        this.setter = setter;
        this.value = value;
    }

    Option(Setter setter, LinkAttribute attribute) {
        this(attribute.toString(), setter, OptionValue.of(attribute));
    }

    /** Finds an option by the word that users type, in exactly that case. */
    static Optional<Option> spelled(String word) {
        return Stream.of(values())
                .filter(option -> option.spelling.equals(word))
                .findFirst();
    }

    /** Names the options that an annotation may set, or all that the ConfigMap may. */
    static String allowed(boolean annotation) {
        return Stream.of(values())
                .filter(option -> !annotation || option.isForPods())
                .map(Option::toString)
                .collect(Collectors.joining(", "));
    }

    /** Who may set it. */
    public Setter setter() {
        return setter;
    }

    /** Tells whether an annotation may have it. */
    boolean isForPods() {
        return setter != Setter.OPERATOR;
    }

    /** Tells whether it takes several values, separated by semicolons. */
    public boolean isList() {
        return value.isList();
    }

    /** Sets it, or adds to a list; throws {@link InvalidValueException} if the text is no value of it. */
    void read(String text, OptionsBuilder into) {
        value.reader().accept(into, text);
    }

    /** Its values in some options, in order, as they are printed; none if it is not set. */
    Stream<?> values(Options options) {
        return value.values().apply(options);
    }

    @Override
    public String toString() {
        return spelling;
    }
}
