package io.github.kubevxlan.common.spec;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The options of a network: their spelling, who may set them, and whether they take several values. */
public enum Option {
    ID("id", Setter.POD_TO_THE_SAME, false),
    NAME("name", Setter.POD, false),
    TYPE("type", Setter.POD, false),
    DEV("dev", Setter.POD, false),
    UP("up", Setter.POD, false),
    IP("ip", Setter.POD, true),
    SUBNET("subnet", Setter.OPERATOR, true),
    RANGE("range", Setter.OPERATOR, true),
    ROUTE("route", Setter.POD, true),
    METRIC("metric", Setter.POD, false),
    MTU("mtu", Setter.POD, false),
    TTL("ttl", Setter.OPERATOR, false),
    TOS("tos", Setter.OPERATOR, false),
    LEARNING("learning", Setter.OPERATOR, false),
    CHECKSUM("checksum", Setter.OPERATOR, false),
    TXQUEUELEN("txqueuelen", Setter.OPERATOR, false),
    DSTPORT("dstport", Setter.OPERATOR, false),
    FAMILY("family", Setter.OPERATOR, false),
    FORWARDING("forwarding", Setter.OPERATOR, false),
    RA("ra", Setter.OPERATOR, false),
    PEER("peer", Setter.OPERATOR, true),
    NAMESPACES("namespaces", Setter.OPERATOR, true),
    DEFAULT("default", Setter.OPERATOR, false);

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
    private final boolean list;

    Option(String spelling, Setter setter, boolean list) {
        this.spelling = spelling;
        this.setter = setter;
        this.list = list;
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
        return list;
    }

    @Override
    public String toString() {
        return spelling;
    }
}
