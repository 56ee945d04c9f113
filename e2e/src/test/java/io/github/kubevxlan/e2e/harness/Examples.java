package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.stream.Stream;

/** The manifests of {@code examples/}, as they stand. */
public final class Examples {
    private Examples() {}

    /**
     * Makes what a manifest says in the stage's namespace.
     *
     * @throws AssertionError with the remedy if the example is there already elsewhere: it would be in the same segments
     */
    public static void apply(String file, Stage stage) {
        apply(file, stage, AgentKind.NATIVE);
    }

    /** The same with agents of that kind. */
    public static void apply(String file, Stage stage, AgentKind agent) {
        List<String> there = Cluster.client()
                .pods()
                .inAnyNamespace()
                .withLabelIn("example", "gateway", "members", "ipv6", "names")
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
        stage.create(
                Stream.of(Manifest.file(Client.repository().resolve("examples").resolve(file))
                                .objects())
                        .map(object -> object instanceof Pod pod ? agent.serve(pod) : object)
                        .toArray(HasMetadata[]::new));
    }
}
