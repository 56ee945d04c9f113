package io.github.kubevxlan.cli.command;

import io.github.kubevxlan.cli.doctor.Facts;
import io.github.kubevxlan.cli.doctor.Finding;
import io.github.kubevxlan.cli.doctor.Finding.Severity;
import io.github.kubevxlan.cli.doctor.FindingsText;
import io.github.kubevxlan.cli.doctor.check.Checks;
import io.github.kubevxlan.cli.kube.FactsReader;
import io.github.kubevxlan.cli.state.ClusterState;
import io.github.kubevxlan.cli.view.Listing;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code vxlan doctor}. */
@Command(
        name = "doctor",
        aliases = "check",
        description = {
            "Looks for problems that keep pods from becoming members or members from working, and for their remedies.",
            "Exits with 0 if it finds none, with 1 for warnings, with 2 if something is broken."
        },
        footer = {"", "Examples:", "  vxlan doctor", "  vxlan doctor --namespace lab --deep", "  vxlan doctor -o json"})
final class Doctor extends ReportCommand {
    private static final int ASKED = 20;

    @Option(
            names = "--deep",
            description = {
                "Ask every member's agent, not 20 at most. Also start a pod on each of up to ten nodes, in"
                        + " --namespace, send packets between each two of them, and remove the pods."
            })
    private boolean deep;

    @Option(
            names = "--network",
            paramLabel = "NETWORK",
            description = "The network that the pods of --deep join (default: one that the namespace may join).")
    private String network = "";

    Doctor(Terminal terminal) {
        super(terminal);
    }

    @Override
    Result gather(Cluster cluster) {
        ClusterState state = cluster.readForComparison();
        Facts facts = cluster.working(
                "examining the cluster",
                () -> new FactsReader(cluster.client(), cluster.release(), Clock.systemUTC(), Vxlan.VERSION)
                        .read(state, cluster.namespace(), deep ? Integer.MAX_VALUE : ASKED));
        List<Finding> findings = new ArrayList<>(Checks.findings(facts));
        List<String> notes = new ArrayList<>(facts.notes());
        if (deep) {
            DeepTrial.Outcome tried =
                    cluster.working("trying pods on the nodes", () -> new DeepTrial(cluster).run(state, network));
            findings.addAll(tried.findings());
            notes.add(tried.note());
        }
        return new Result(
                Listing.of("Findings", findings, notes),
                (_, ink) -> FindingsText.of(findings, Checks.names().size(), ink),
                status(findings));
    }

    private static int status(List<Finding> findings) {
        if (findings.isEmpty()) {
            return ExitCodes.FINE;
        }
        return findings.stream().anyMatch(finding -> finding.severity() == Severity.BROKEN)
                ? ExitCodes.BROKEN
                : ExitCodes.AMISS;
    }
}
