package io.github.kubevxlan.cli.doctor.check;

import io.github.kubevxlan.cli.doctor.Check;
import io.github.kubevxlan.cli.doctor.Facts;
import io.github.kubevxlan.cli.doctor.Finding;
import io.github.kubevxlan.cli.state.ClusterState.Known;
import java.util.stream.Stream;

/** There are network definitions, and each can be read. */
final class DefinitionsUsable implements Check {
    @Override
    public String name() {
        return "definitions";
    }

    @Override
    public Stream<Finding> findings(Facts facts) {
        String map = facts.state().settings().configMap();
        String namespace = facts.state().settings().namespace();
        String kubectl = facts.release().kubectl(namespace);
        String where = "ConfigMap " + namespace + "/" + map;
        if (facts.state().declared().known() == Known.ABSENT) {
            return Stream.of(Finding.broken(
                    name(),
                    "It does not exist.",
                    where,
                    "Members keep what they have, and new pods that name a network wait: a controller that starts now"
                            + " knows no network. Restore it from a backup, or name the release's namespace"
                            + " (--release-namespace).",
                    kubectl + " apply --filename backup.yaml"));
        }
        return facts.state().definitions().broken().values().stream()
                .map(broken -> Finding.broken(
                        name(),
                        "The definition of " + broken.name() + " is broken: "
                                + broken.problems().getFirst() + ".",
                        where,
                        "New pods of that network wait, and its members stay as they are.",
                        kubectl + " edit configmap " + map));
    }
}
