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
        return switch (facts.certificate()) {
            case Seen.Hidden<Validity> _ -> Stream.empty();
            case Seen.Absent<Validity> _ ->
                facts.webhook().isAbsent()
                        ? Stream.empty()
                        : Stream.of(Finding.broken(
                                name(),
                                "There is no certificate.",
                                facts.keeper().where(facts.release()),
                                "The webhook cannot serve, and labelled pods are refused.",
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
                    "It holds from " + certificate.from() + " on, and here it is " + now + ".",
                    where,
                    "Labelled pods are refused until then; a clock is wrong.",
                    "date --utc"));
        }
        if (!now.isBefore(certificate.to())) {
            return Stream.of(Finding.broken(
                    name(), "It ended at " + certificate.to() + ".", where, "Labelled pods are refused.", remedy));
        }
        Duration left = Duration.between(now, certificate.to());
        Duration lifetime = Duration.between(certificate.from(), certificate.to());
        return left.multipliedBy(10).compareTo(lifetime) < 0
                ? Stream.of(Finding.warning(
                        name(),
                        "It ends at " + certificate.to() + ", and nobody has renewed it.",
                        where,
                        "Labelled pods are refused from then on.",
                        remedy))
                : Stream.empty();
    }
}
