package io.github.kubevxlan.cli.doctor.check;

import io.github.kubevxlan.cli.doctor.Check;
import io.github.kubevxlan.cli.doctor.Facts;
import io.github.kubevxlan.cli.doctor.Finding;
import java.util.stream.Stream;

/** Kubernetes is new enough. */
final class ServerVersion implements Check {
    private static final int OLDEST = 29;
    private static final int FIRST_WITH_POLICIES = 30;

    @Override
    public String name() {
        return "server-version";
    }

    @Override
    public Stream<Finding> findings(Facts facts) {
        Facts.Version server = facts.apiServer().version();
        String where = "API server " + server.text();
        if (server.major() != 1 || server.minor() >= FIRST_WITH_POLICIES) {
            return Stream.empty();
        }
        return Stream.of(
                server.minor() < OLDEST
                        ? Finding.broken(
                                name(),
                                "Kubernetes is older than 1.29.",
                                where,
                                "The product is not tested there.",
                                facts.release().kubectlAnywhere() + " version")
                        : Finding.warning(
                                name(),
                                "Kubernetes is older than 1.30 and has no ValidatingAdmissionPolicies.",
                                where,
                                "The controller has more rights than it needs.",
                                facts.release().kubectlAnywhere() + " version"));
    }
}
