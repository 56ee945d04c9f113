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
        if (isElsewhere(facts)) {
            return Stream.empty();
        }
        return Workloads.findings(
                name(),
                facts,
                facts.controller(),
                facts.release().name(),
                "No pod gets its networks, and members do not follow changes.");
    }

    /** A controller outside the cluster leads without a pod of the Deployment; a killed pod holds the Lease a while longer. */
    private static boolean isElsewhere(Facts facts) {
        return facts.controller()
                        .object()
                        .filter(workload -> workload.replicas().wanted() == 0)
                        .isPresent()
                && facts.programs()
                        .lease()
                        .object()
                        .filter(leader -> leader.leads(facts.now())
                                && !leader.isPodOf(facts.release().name()))
                        .isPresent();
    }
}
