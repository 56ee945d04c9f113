package io.github.kubevxlan.cli.command;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.github.kubevxlan.cli.kube.ClusterReader;
import io.github.kubevxlan.cli.kube.CommandFailure;
import io.github.kubevxlan.cli.state.ClusterState;
import io.github.kubevxlan.cli.state.PodFacts;
import io.github.kubevxlan.cli.state.Release;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The cluster of one call of a command.
 *
 * @param client the way there
 * @param release where the product is
 * @param namespace that of the command line or of the context
 * @param terminal shows what takes long
 * @param notes of what was read
 */
record Cluster(KubernetesClient client, Release release, String namespace, Terminal terminal, Notes notes) {
    /** Reads it with the pods of one namespace; of all, if the name is empty. */
    ClusterState read(String pods) {
        return noted(reader -> reader.read(pods));
    }

    /** Reads it with the pods of all namespaces, as far as the caller may list them. */
    ClusterState readForComparison() {
        return noted(reader -> reader.readForComparison(namespace));
    }

    private ClusterState noted(Function<ClusterReader, ClusterState> read) {
        ClusterReader reader = new ClusterReader(client, release);
        try {
            return working("reading the cluster", () -> read.apply(reader));
        } finally {
            notes.take(reader.notes());
        }
    }

    /** The labelled pod of that name in the namespace, or the one called NAMESPACE/NAME. */
    PodFacts pod(ClusterState state, String name) {
        String whole = name.indexOf('/') < 0 ? namespace + "/" + name : name;
        return state.pods().stream()
                .filter(pod -> pod.name().equals(whole))
                .findFirst()
                .orElseThrow(() -> new CommandFailure("no labelled pod " + whole + " (label "
                        + state.settings().keys().label() + "=true)"));
    }

    <T> T working(String what, Supplier<T> work) {
        return terminal.working(what, work);
    }
}
