package io.github.kubevxlan.cli.doctor.check;

import io.github.kubevxlan.cli.doctor.Check;
import io.github.kubevxlan.cli.doctor.Facts;
import io.github.kubevxlan.cli.doctor.Finding;
import io.github.kubevxlan.cli.doctor.PodCommands;
import java.util.stream.Stream;

/** Labelled pods have an agent, and are served. */
final class PodsHaveAgents implements Check {
    @Override
    public String name() {
        return "agents";
    }

    @Override
    public Stream<Finding> findings(Facts facts) {
        return facts.pods().stream().flatMap(pod -> switch (pod.state()) {
            case "NoAgent" ->
                Stream.of(Finding.broken(
                        name(),
                        "It is labelled and has no agent.",
                        "Pod " + pod.namespace() + "/" + pod.name(),
                        "It has none of its networks: it was created before it got the label, or while no webhook"
                                + " answered.",
                        facts.commands(pod.namespace() + "/" + pod.name())
                                .map(PodCommands::recreate)
                                .orElse("")));
            case "NotServed" ->
                Stream.of(Finding.warning(
                        name(),
                        "No controller serves it.",
                        "Pod " + pod.namespace() + "/" + pod.name(),
                        pod.reason(),
                        facts.release().vxlan("list pods --all-namespaces")));
            default -> Stream.empty();
        });
    }
}
