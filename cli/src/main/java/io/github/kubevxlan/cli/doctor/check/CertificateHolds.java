package io.github.kubevxlan.cli.doctor.check;

import io.github.kubevxlan.cli.doctor.Check;
import io.github.kubevxlan.cli.doctor.Facts;
import io.github.kubevxlan.cli.doctor.Facts.Seen;
import io.github.kubevxlan.cli.doctor.Facts.Validity;
import io.github.kubevxlan.cli.doctor.Finding;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

/** The webhook's certificate holds, and goes on to. */
final class CertificateHolds implements Check {
    @Override
    public String name() {
        return "certificate";
    }

    @Override
    public Stream<Finding> findings(Facts facts) {
        return switch (facts.apiServer().admission().certificate()) {
            case Seen.Hidden<Validity> _ -> Stream.empty();
            case Seen.Absent<Validity> _ ->
                facts.webhook().isAbsent()
                        ? Stream.empty()
                        : Stream.of(Finding.broken(
                                name(),
                                "There is no certificate.",
                                facts.keeper().where(facts.release()),
                                "The webhook cannot serve, so the API server refuses labelled pods.",
                                facts.keeper().renew(facts.release())));
            case Seen.There<Validity>(Validity certificate) -> findings(facts, certificate);
        };
    }

    private Stream<Finding> findings(Facts facts, Validity certificate) {
        String where = facts.keeper().where(facts.release());
        String remedy = facts.keeper().renew(facts.release());
        Instant now = facts.now();
        if (now.isBefore(certificate.from())) {
            return Stream.of(Finding.broken(
                    name(),
                    "It is valid from " + certificate.from() + " on, and the time here is " + now + ".",
                    where,
                    "The API server refuses labelled pods until then. The clock of its issuer was ahead, or the"
                            + " one here is behind: compare date --utc.",
                    remedy));
        }
        if (!now.isBefore(certificate.to())) {
            return Stream.of(Finding.broken(
                    name(),
                    "It expired at " + certificate.to() + ".",
                    where,
                    "The API server refuses labelled pods.",
                    remedy));
        }
        Duration left = Duration.between(now, certificate.to());
        Duration lifetime = Duration.between(certificate.from(), certificate.to());
        return left.multipliedBy(10).compareTo(lifetime) < 0
                ? Stream.of(Finding.warning(
                        name(),
                        "It expires at " + certificate.to() + ", and nothing has renewed it.",
                        where,
                        "From then on the API server refuses labelled pods.",
                        remedy))
                : Stream.empty();
    }
}
