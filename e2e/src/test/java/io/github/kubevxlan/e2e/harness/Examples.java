package io.github.kubevxlan.e2e.harness;

import java.util.List;

/** The manifests of {@code examples/}, as they stand. */
public final class Examples {
    private Examples() {}

    /**
     * Makes what a manifest says in the stage's namespace.
     *
     * @throws AssertionError with the remedy if the example is there already elsewhere: it would be in the same segments
     */
    public static void apply(String file, Stage stage) {
        List<String> there = Cluster.client()
                .pods()
                .inAnyNamespace()
                .withLabelIn("example", "gateway", "members", "ipv6")
                .list()
                .getItems()
                .stream()
                .filter(pod -> !pod.getMetadata().getNamespace().startsWith("e2e-"))
                .map(pod -> pod.getMetadata().getNamespace() + "/"
                        + pod.getMetadata().getName())
                .toList();
        if (!there.isEmpty()) {
            throw new AssertionError("pods of the examples are there already: " + there
                    + "; take them away: kubectl delete -f examples/");
        }
        stage.create(Manifest.file(Client.repository().resolve("examples").resolve(file))
                .objects());
    }
}
