package io.github.kubevxlan.cli.doctor.check;

import io.github.kubevxlan.cli.doctor.Check;
import io.github.kubevxlan.cli.doctor.Facts;
import io.github.kubevxlan.cli.doctor.Finding;
import java.util.stream.Stream;

/** The controller is installed and runs. */
final class ControllerRuns implements Check {
    @Override
    public String name() {
        return "controller";
    }

    @Override
    public Stream<Finding> findings(Facts facts) {
        return Workloads.findings(
                name(),
                facts,
                facts.controller(),
                facts.release().name(),
                "No pod gets its networks, and members do not follow changes.");
    }
}
