package io.github.kubevxlan.certs;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/** Is the time in which a certificate is good: from {@code from} to {@code until}, both included (RFC 5280, 4.1.2.5). */
record Validity(Instant from, Instant until) {
    static Validity of(X509Certificate certificate) {
        return new Validity(
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant());
    }

    boolean contains(Instant now) {
        return !now.isBefore(from) && !isOver(now);
    }

    boolean isOver(Instant now) {
        return now.isAfter(until);
    }

    /** Two thirds of the lifetime: the rest is enough time to solve problems of a renewal. */
    Instant renewAt() {
        return from.plus(Duration.between(from, until).multipliedBy(2).dividedBy(3));
    }

    Instant middle() {
        return from.plus(Duration.between(from, until).dividedBy(2));
    }

    boolean isDue(Instant now) {
        return !now.isBefore(renewAt());
    }

    /** What is left of it inside {@code other}. */
    Validity within(Validity other) {
        return new Validity(
                from.isAfter(other.from) ? from : other.from, until.isBefore(other.until) ? until : other.until);
    }
}
