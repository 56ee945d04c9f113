package io.github.kubevxlan.cli.doctor.check;

import io.github.kubevxlan.cli.doctor.Check;
import io.github.kubevxlan.cli.doctor.Facts;
import io.github.kubevxlan.cli.doctor.Facts.Warning;
import io.github.kubevxlan.cli.doctor.Finding;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/** No member sends what port security refuses; of each the first Event counts, since each of its peers may tell of one. */
final class SendersAllowed implements Check {
    @Override
    public String name() {
        return "security";
    }

    @Override
    public Stream<Finding> findings(Facts facts) {
        Set<String> told = new HashSet<>();
        return facts.members().warnings().stream()
                .filter(warning -> warning.reason().equals("PacketsRefused") && told.add(warning.pod()))
                .map(warning -> finding(facts, warning));
    }

    private Finding finding(Facts facts, Warning warning) {
        return Finding.warning(
                name(),
                warning.message(),
                "Pod " + warning.pod(),
                "Its peers drop such packets with security=on, and count them with security=log.",
                facts.release().kubectl(facts.state().settings().namespace()) + " edit configmap "
                        + facts.state().settings().configMap());
    }
}
