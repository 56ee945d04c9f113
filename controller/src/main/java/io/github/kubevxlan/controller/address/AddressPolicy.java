package io.github.kubevxlan.controller.address;

import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.spec.Options;
import io.github.kubevxlan.common.spec.Reservation;
import io.github.kubevxlan.common.spec.Security;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which addresses of a network are for whom, beside those that its pools give.
 *
 * @param reserved addresses for names, in order
 * @param keep how long an address is kept for a name that is away; empty for what holds by default: not at all, and for a
 *     StatefulSet's pod as long as the StatefulSet is known to want it
 * @param common where an address that a pod declares outside of the subnets is for that pod alone, too: those that the
 *     definition gives to all members; empty where nobody checks them
 */
record AddressPolicy(List<Reservation> reserved, Optional<Duration> keep, Optional<Set<IpAddr>> common) {
    static final AddressPolicy NONE = new AddressPolicy(List.of(), Optional.empty(), Optional.empty());

    /** How long a StatefulSet has for making a pod again before its address is given to others. */
    static final Duration GRACE = Duration.ofMinutes(5);

    AddressPolicy {
        reserved = List.copyOf(reserved);
        common = common.map(Set::copyOf);
    }

    static AddressPolicy of(Options options) {
        return new AddressPolicy(
                options.reserve(),
                options.keep().map(keep -> keep.duration()),
                options.security()
                        .filter(mode -> mode != Security.OFF)
                        .map(_ -> options.ip().stream()
                                .map(InterfaceAddress::address)
                                .collect(Collectors.toUnmodifiableSet())));
    }

    /** Whether an address outside of the subnets is for one pod alone. */
    boolean isExclusive(IpAddr address) {
        return common.filter(all -> !all.contains(address)).isPresent();
    }

    /** Whether addresses of pods with such names are kept at all. */
    boolean keeps(NameKind kind) {
        return kind != NameKind.PASSING && !time(kind).isZero();
    }

    /** How long they are kept after nobody is known to want them. */
    Duration time(NameKind kind) {
        return switch (kind) {
            case PASSING -> Duration.ZERO;
            case BARE -> keep.orElse(Duration.ZERO);
            case STATEFUL ->
                keep.map(time -> time.isZero() || time.compareTo(GRACE) > 0 ? time : GRACE)
                        .orElse(GRACE);
        };
    }
}
