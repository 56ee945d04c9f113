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
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The options of a network: their spelling, who may set them, and how they are read and printed. */
public enum Option {
    ID("id", Setter.POD_TO_THE_SAME, one(Vni::parse)),
    NAME("name", Setter.POD, one(IfName::new)),
    TYPE("type", Setter.POD, OptionValue.word("vxlan")),
    DEV("dev", Setter.POD, one(IfName::new)),
    UP("up", Setter.POD, one(OptionTexts::bool)),
    IP("ip", Setter.POD, list(OptionTexts::hostAddress)),
    SUBNET("subnet", Setter.OPERATOR, list(AddressRules::subnet)),
    RANGE("range", Setter.OPERATOR, list(IpRange::parse)),
    RESERVE("reserve", Setter.OPERATOR, list(Reservation::parse)),
    KEEP("keep", Setter.OPERATOR, one(KeepTime::parse)),
    ROUTE("route", Setter.POD, list(Route::parse)),
    METRIC("metric", Setter.POD, one(OptionTexts::metric)),
    MTU("mtu", Setter.POD, one(Mtu::parse)),
    MAC("mac", Setter.POD, list(ChosenMac::parse)),
    TTL(Setter.OPERATOR, LinkAttribute.TTL),
    TOS(Setter.OPERATOR, LinkAttribute.TOS),
    LEARNING(Setter.OPERATOR, LinkAttribute.LEARNING),
    CHECKSUM(Setter.OPERATOR, LinkAttribute.CHECKSUM),
    TXQUEUELEN(Setter.POD, LinkAttribute.TXQUEUELEN),
    RATE(Impairment.RATE),
    DELAY(Impairment.DELAY),
    JITTER(Impairment.JITTER),
    LOSS(Impairment.LOSS),
    DUPLICATE(Impairment.DUPLICATE),
    REORDER(Impairment.REORDER),
    CORRUPT(Impairment.CORRUPT),
    IMPAIRMENTS("impairments", Setter.OPERATOR, one(OptionTexts::bool)),
    DSTPORT("dstport", Setter.OPERATOR, one(Port::parse)),
    FAMILY("family", Setter.OPERATOR, one(Family::parse)),
    FORWARDING("forwarding", Setter.OPERATOR, one(Forwarding::parse)),
    RA("ra", Setter.OPERATOR, one(Advertisements::parse)),
    SECURITY("security", Setter.OPERATOR, one(Security::parse)),
    SECURITY_EXEMPT("security-exempt", Setter.OPERATOR, list(PodSelector::parse)),
    READY("ready", Setter.OPERATOR, one(ReadyWhen::parse)),
    PEER("peer", Setter.OPERATOR, list(OptionTexts::peer)),
    NAMESPACES("namespaces", Setter.OPERATOR, list(OptionTexts::namespace)),
    DEFAULT("default", Setter.OPERATOR, one(OptionTexts::bool));

    /** Who may set an option. */
    public enum Setter {
        /** The ConfigMap, and over it the annotation of a pod or namespace. */
        POD,
        /** As {@link #POD}, but an annotation may only repeat what the ConfigMap says. */
        POD_TO_THE_SAME,
        /** As {@link #POD}, but an annotation only where the ConfigMap says {@code impairments}. */
        POD_WHERE_IMPAIRED,
        /** The ConfigMap alone. */
        OPERATOR
    }

    /** Those that set impairments. */
    static final Set<Option> IMPAIRING =
            Stream.of(Impairment.values()).map(Option::of).collect(Collectors.toUnmodifiableSet());

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

    Option(Impairment impairment) {
        this(impairment.toString(), Setter.POD_WHERE_IMPAIRED, OptionValue.of(impairment));
    }

    /** The option that sets an impairment. */
    static Option of(Impairment impairment) {
        return valueOf(impairment.name());
    }

    /** The option that sets an attribute of the link. */
    static Option of(LinkAttribute attribute) {
        return valueOf(attribute.name());
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

    /** The value that a text means, none for a word without one; throws {@link InvalidValueException} if it is no value. */
    Stream<?> read(String text) {
        return value.reader().apply(text);
    }

    /** Prints one of its values as it is read. */
    String print(Object of) {
        return value.printer().apply(of);
    }

    @Override
    public String toString() {
        return spelling;
    }
}
