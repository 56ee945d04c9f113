package io.github.kubevxlan.cli.doctor.check;

import io.github.kubevxlan.cli.doctor.Check;
import io.github.kubevxlan.cli.doctor.Facts;
import io.github.kubevxlan.cli.doctor.Finding;
import java.util.stream.Stream;

/** The controller gets its work done in the agents. */
final class AgentsObey implements Check {
    @Override
    public String name() {
        return "agent-work";
    }

    @Override
    public Stream<Finding> findings(Facts facts) {
        return facts.members().warnings().stream().flatMap(warning -> switch (warning.reason()) {
            case "AgentFailed" ->
                Stream.of(Finding.broken(
                        name(),
                        "The controller cannot use its agent: " + warning.message(),
                        "Pod " + warning.pod(),
                        "It does not follow changes.",
                        remedy(facts, warning)));
            case "PeerFilterMissing" ->
                Stream.of(Finding.warning(
                        name(),
                        warning.message(),
                        "Pod " + warning.pod(),
                        "It accepts packets from senders that are no peers.",
                        recreate(warning)));
            default -> Stream.empty();
        });
    }

    /** An exec that is refused is a matter of rights or policies; else the agent itself is broken. */
    private static String remedy(Facts facts, Facts.Warning warning) {
        return warning.message().contains("exec was refused") ? facts.release().reapply() : recreate(warning);
    }

    private static String recreate(Facts.Warning warning) {
        return "kubectl --namespace " + warning.pod().replace("/", " delete pod ");
    }
}
