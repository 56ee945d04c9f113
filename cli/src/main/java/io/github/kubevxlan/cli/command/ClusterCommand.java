package io.github.kubevxlan.cli.command;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command that needs a cluster; all such commands connect in the same way. */
abstract class ClusterCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    ClusterCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Does the command's work; gives the exit status. */
    abstract int run(Cluster cluster);

    @Override
    public final Integer call() {
        try (KubernetesClient client = cluster.open()) {
            return run(new Cluster(client, cluster.release(), cluster.namespace(client), terminal));
        }
    }
}
