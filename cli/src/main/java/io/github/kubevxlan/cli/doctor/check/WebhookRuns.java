package io.github.kubevxlan.cli.doctor.check;

import io.github.kubevxlan.cli.doctor.Check;
import io.github.kubevxlan.cli.doctor.Facts;
import io.github.kubevxlan.cli.doctor.Finding;
import java.util.stream.Stream;

/** The webhook is installed and runs. */
final class WebhookRuns implements Check {
    @Override
    public String name() {
        return "webhook";
    }

    @Override
    public Stream<Finding> findings(Facts facts) {
        return Workloads.findings(
                name(),
                facts,
                facts.webhook(),
                facts.release().webhook(),
                "The API server refuses labelled pods, or creates them without an agent, as failurePolicy says.");
    }
}
