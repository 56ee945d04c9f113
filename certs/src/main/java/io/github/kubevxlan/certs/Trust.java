package io.github.kubevxlan.certs;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Is the time since when every check found an authority in every webhook entry. It is in memory only: after a restart
 * the time starts again, which delays a rotation and can never make it too early.
 */
record Trust(Map<X509Certificate, Instant> since) {
    static final Trust NONE = new Trust(Map.of());

    Trust {
        since = Map.copyOf(since);
    }

    /** The state after a check at {@code now}; it forgets an authority that is missing in one entry. */
    Trust after(Instant now, List<Stored<CaBundle>> entries) {
        return new Trust(entries.stream()
                .map(Trust::authorities)
                .reduce((left, right) -> left.stream().filter(right::contains).collect(Collectors.toUnmodifiableSet()))
                .orElse(Set.of())
                .stream()
                .collect(Collectors.toUnmodifiableMap(
                        Function.identity(), authority -> since.getOrDefault(authority, now))));
    }

    Optional<Instant> since(X509Certificate authority) {
        return Optional.ofNullable(since.get(authority));
    }

    private static Set<X509Certificate> authorities(Stored<CaBundle> entry) {
        return entry instanceof Stored.Present<CaBundle>(CaBundle bundle) ? Set.copyOf(bundle.authorities()) : Set.of();
    }
}
