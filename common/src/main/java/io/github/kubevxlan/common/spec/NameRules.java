package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.IpAddr;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Rules for what a network holds for pods by their names, and for MACs. */
final class NameRules {
    private NameRules() {}

    /** Checks what a definition says by itself. */
    static Stream<ProblemText> check(Options definition, boolean anyMac) {
        return Stream.of(
                        reserved(definition),
                        once(definition.reserve(), Reservation::address, "reserve=", "each address once"),
                        once(
                                definition.reserve(),
                                reservation -> reservation.name()
                                        + reservation.address().family(),
                                "reserve=",
                                "one address of each family for a name"),
                        kept(definition),
                        local(definition, anyMac),
                        definition.mac().stream()
                                .filter(chosen -> chosen.name().isEmpty())
                                .findFirst()
                                .map(chosen -> new ProblemText(
                                        "mac=" + chosen,
                                        "NAME:MAC or NAMESPACE/NAME:MAC in a definition, because no two members may"
                                                + " have one MAC")),
                        once(definition.mac(), ChosenMac::mac, "mac=", "each MAC once"),
                        once(definition.mac(), ChosenMac::name, "mac=", "one MAC for a name"))
                .flatMap(Optional::stream);
    }

    /** Checks what an annotation says. */
    static Optional<ProblemText> checkAnnotation(Options annotation) {
        List<ChosenMac> macs = annotation.mac();
        return macs.stream()
                .filter(chosen -> macs.size() > 1 || !chosen.name().isEmpty())
                .findFirst()
                .map(chosen -> new ProblemText("mac=" + chosen, "one MAC, without a name"));
    }

    /** Checks that MACs are of those that the operator allows. */
    static Optional<ProblemText> local(Options options, boolean anyMac) {
        return options.mac().stream()
                .filter(chosen -> !anyMac && !chosen.isLocal())
                .findFirst()
                .map(chosen -> new ProblemText(
                        "mac=" + chosen,
                        "a locally administered MAC, whose second digit is 2, 6, a or e; the operator may allow others"
                                + " (allowAnyMac)"));
    }

    private static Optional<ProblemText> reserved(Options definition) {
        return definition.reserve().stream()
                .filter(reservation -> !isUsable(reservation.address(), definition))
                .findFirst()
                .map(reservation -> new ProblemText(
                        "reserve=" + reservation,
                        "an address in the subnet of this network that a host may have: not the subnet's own and not"
                                + " its broadcast address"));
    }

    private static boolean isUsable(IpAddr address, Options definition) {
        return definition.subnet().stream()
                .flatMap(subnet -> subnet.hosts().stream())
                .anyMatch(hosts -> hosts.contains(address));
    }

    private static Optional<ProblemText> kept(Options definition) {
        return definition
                .keep()
                .filter(_ -> definition.subnet().isEmpty())
                .map(keep -> new ProblemText("keep=" + keep, "a subnet beside it, whose addresses are to be kept"));
    }

    private static <T> Optional<ProblemText> once(List<T> values, Function<T, ?> key, String option, String allowed) {
        Set<Object> known = new HashSet<>();
        return values.stream()
                .filter(value -> !known.add(key.apply(value)))
                .findFirst()
                .map(value -> new ProblemText(option + value, allowed));
    }
}
