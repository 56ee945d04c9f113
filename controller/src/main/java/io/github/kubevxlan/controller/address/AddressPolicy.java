package io.github.kubevxlan.controller.address;

import io.github.kubevxlan.common.spec.Options;
import io.github.kubevxlan.common.spec.Reservation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Which addresses of a network are for pods that are not there.
 *
 * @param reserved addresses for names, in order
 * @param keep how long an address is kept for a name that is away; empty for what holds by default: not at all, and for a
 *     StatefulSet's pod as long as the StatefulSet is known to want it
 */
record AddressPolicy(List<Reservation> reserved, Optional<Duration> keep) {
    static final AddressPolicy NONE = new AddressPolicy(List.of(), Optional.empty());

    /** How long a StatefulSet has for making a pod again before its address is given to others. */
    static final Duration GRACE = Duration.ofMinutes(5);

    AddressPolicy {
        reserved = List.copyOf(reserved);
    }

    static AddressPolicy of(Options options) {
        return new AddressPolicy(options.reserve(), options.keep().map(keep -> keep.duration()));
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
