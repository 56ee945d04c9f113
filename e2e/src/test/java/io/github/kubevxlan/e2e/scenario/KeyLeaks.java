package io.github.kubevxlan.e2e.scenario;

import io.github.kubevxlan.e2e.harness.Certificates;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Controller;
import io.github.kubevxlan.e2e.harness.Webhook;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks for private keys in the logs of the product's pods. */
final class KeyLeaks {
    private KeyLeaks() {}

    /** The pods whose log has one of the keys (PEM), whole, by lines, or as a Secret has it, or anything like a key. */
    static List<String> of(Collection<String> keys) {
        Set<String> traces = keys.stream().flatMap(KeyLeaks::traces).collect(Collectors.toSet());
        return Stream.concat(Controller.listed().stream(), Webhook.pods().stream())
                .filter(pod -> traces.stream().anyMatch(Cluster.log(pod)::contains))
                .map(pod -> "a private key in the log of " + pod.getMetadata().getName())
                .toList();
    }

    private static Stream<String> traces(String pem) {
        Stream<String> lines = pem.lines().filter(line -> !line.startsWith("-----"));
        return Stream.concat(lines, Stream.of("PRIVATE KEY", Certificates.encoded(pem)));
    }
}
