package io.github.kubevxlan.cli.doctor.check;

import io.github.kubevxlan.cli.doctor.Check;
import io.github.kubevxlan.cli.doctor.Facts;
import io.github.kubevxlan.cli.doctor.Finding;
import java.util.stream.Stream;

/** Every network definition can be read. */
final class DefinitionsUsable implements Check {
    @Override
    public String name() {
        return "definitions";
    }

    @Override
    public Stream<Finding> findings(Facts facts) {
        String map = facts.state().settings().configMap();
        String namespace = facts.state().settings().namespace();
        return facts.state().definitions().broken().values().stream()
                .map(broken -> Finding.broken(
                        name(),
                        "The definition of " + broken.name() + " is broken: "
                                + broken.problems().getFirst() + ".",
                        "ConfigMap " + namespace + "/" + map,
                        "New pods of that network wait, and its members stay as they are.",
                        "kubectl --namespace " + namespace + " edit configmap " + map));
    }
}
