package io.github.kubevxlan.cli.doctor.check;

import io.github.kubevxlan.cli.doctor.Facts;
import io.github.kubevxlan.cli.doctor.Facts.Seen;
import io.github.kubevxlan.cli.doctor.Facts.Workload;
import io.github.kubevxlan.cli.doctor.Finding;
import java.util.stream.Stream;

/** What is wrong with a Deployment of the product. */
final class Workloads {
    private static final int USUAL = 2;

    private Workloads() {}

    static Stream<Finding> findings(String check, Facts facts, Seen<Workload> seen, String name, String why) {
        String namespace = facts.release().namespace();
        String where = "Deployment " + namespace + "/" + name;
        String kubectl = facts.release().kubectl();
        return switch (seen) {
            case Seen.Hidden<Workload> _ -> Stream.empty();
            case Seen.Absent<Workload> _ ->
                Stream.of(Finding.broken(
                        check,
                        "It is not installed.",
                        where,
                        why,
                        facts.release().reapply()));
            case Seen.There<Workload>(Workload workload) -> {
                if (workload.replicas().wanted() == 0) {
                    yield Stream.of(Finding.broken(
                            check,
                            "It is scaled to 0 pods.",
                            where,
                            why,
                            kubectl + " scale deployment " + name + " --replicas " + USUAL));
                }
                if (workload.replicas().ready() == 0) {
                    yield Stream.of(Finding.broken(
                            check,
                            "None of its " + workload.replicas().wanted() + " pods is ready.",
                            where,
                            why,
                            kubectl + " rollout restart deployment " + name));
                }
                yield workload.replicas().ready() < workload.replicas().wanted()
                        ? Stream.of(Finding.warning(
                                check,
                                workload.replicas().ready() + " of its "
                                        + workload.replicas().wanted() + " pods are ready.",
                                where,
                                "If the other pods end, nothing replaces them.",
                                kubectl + " rollout status deployment " + name))
                        : Stream.empty();
            }
        };
    }
}
