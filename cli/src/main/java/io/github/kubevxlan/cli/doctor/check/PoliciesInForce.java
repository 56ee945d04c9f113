package io.github.kubevxlan.cli.doctor.check;

import io.github.kubevxlan.cli.doctor.Check;
import io.github.kubevxlan.cli.doctor.Facts;
import io.github.kubevxlan.cli.doctor.Facts.Workload;
import io.github.kubevxlan.cli.doctor.Finding;
import java.util.Set;
import java.util.stream.Stream;

/** The policies that confine the controller's rights are bound. */
final class PoliciesInForce implements Check {
    private static final int FIRST_WITH_POLICIES = 30;

    @Override
    public String name() {
        return "policies";
    }

    @Override
    public Stream<Finding> findings(Facts facts) {
        if (facts.apiServer().policies().isEmpty()
                || facts.apiServer().version().minor() < FIRST_WITH_POLICIES
                || facts.controller().isAbsent()) {
            return Stream.empty();
        }
        Set<String> bound = facts.apiServer().policies().get();
        Stream<String> ofNames =
                facts.controller().object().filter(Workload::publishesNames).map(_ -> "-slices").stream();
        return Stream.concat(Stream.of("-exec", "-create", "-status", "-status-of-others"), ofNames)
                .map(suffix -> facts.release().name() + suffix)
                .filter(policy -> !bound.contains(policy))
                .map(policy -> Finding.warning(
                        name(),
                        "It does not exist, or no binding puts it into force.",
                        "ValidatingAdmissionPolicy " + policy,
                        "Accounts have more rights than the product needs.",
                        facts.release().reapply()));
    }
}
