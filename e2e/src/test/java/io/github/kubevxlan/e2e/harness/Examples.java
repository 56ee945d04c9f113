package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
                .withLabelIn("example", "gateway", "members")
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
        stage.create(read(file).toArray(HasMetadata[]::new));
    }

    private static List<HasMetadata> read(String file) {
        Path path = Client.repository().resolve("examples").resolve(file);
        try (var manifest = Files.newInputStream(path)) {
            return Cluster.client().load(manifest).items();
        } catch (IOException e) {
            throw new AssertionError("can't read " + path, e);
        }
    }
}
