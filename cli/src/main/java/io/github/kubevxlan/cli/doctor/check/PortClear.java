package io.github.kubevxlan.cli.doctor.check;

import io.github.kubevxlan.cli.doctor.Check;
import io.github.kubevxlan.cli.doctor.Facts;
import io.github.kubevxlan.cli.doctor.Finding;
import io.github.kubevxlan.common.spec.Definition;
import java.util.Map;
import java.util.stream.Stream;

/** No network uses a UDP port that the cluster's own network drops from pods. */
final class PortClear implements Check {
    private static final Map<String, Integer> DROPPED = Map.of("cilium", 8472, "nsx", 8472, "calico", 4789);

    @Override
    public String name() {
        return "port";
    }

    @Override
    public Stream<Finding> findings(Facts facts) {
        return facts.members().plugins().stream()
                .sorted()
                .flatMap(plugin -> facts.state().definitions().usable().values().stream()
                        .filter(definition -> Integer.valueOf(
                                        definition.segment().port().value())
                                .equals(DROPPED.get(plugin)))
                        .map(definition -> finding(facts, plugin, definition)));
    }

    private Finding finding(Facts facts, String plugin, Definition definition) {
        return Finding.warning(
                name(),
                "Network " + definition.name() + " uses UDP port "
                        + definition.segment().port() + ", which " + plugin + " uses itself with VXLAN between nodes.",
                "ConfigMap " + facts.state().settings().namespace() + "/"
                        + facts.state().settings().configMap(),
                "The plugin may drop its packets between nodes: set another dstport in the definition.",
                facts.release().kubectl(facts.state().settings().namespace()) + " edit configmap "
                        + facts.state().settings().configMap());
    }
}
