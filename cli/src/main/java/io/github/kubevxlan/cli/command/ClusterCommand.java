package io.github.kubevxlan.cli.command;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.github.kubevxlan.cli.kube.CommandFailure;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that needs a cluster; all such commands connect in the same way. */
abstract class ClusterCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    ClusterCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Does the command's work; gives the exit status. */
    abstract int run(Cluster cluster);

    /** Checks the values of its options, before it connects. */
    void check() {}

    /** A number that an option does not allow is a mistake of the command line. */
    final void range(String option, long value, long least, long most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    spec.commandLine(),
                    option + ": found " + value + ", allowed: "
                            + (most == Long.MAX_VALUE ? "from " + least + " on" : least + " to " + most));
        }
    }

    @Override
    public final Integer call() {
        range("--request-timeout", cluster.timeout, 0, ClusterOptions.LONGEST_TIMEOUT);
        if (cluster.groups.length > 0 && cluster.user.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--as-group needs --as: a group belongs to a user");
        }
        check();
        Notes notes = new Notes();
        try (KubernetesClient client = cluster.open()) {
            return run(new Cluster(client, cluster.release(), cluster.namespace(client), terminal, notes));
        } catch (CommandFailure e) {
            notes.say(terminal); // one of them may be the reason
            throw e;
        }
    }
}
