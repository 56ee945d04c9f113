package io.github.kubevxlan.cli.command;

import picocli.CommandLine.Mixin;

/** A command that inspects a cluster and prints the findings. */
abstract class ReportCommand extends ClusterCommand {
    @Mixin
    private OutputOptions output = new OutputOptions();

    ReportCommand(Terminal terminal) {
        super(terminal);
    }

    /** Does the command's work. */
    abstract Result gather(Cluster cluster);

    @Override
    final int run(Cluster cluster) {
        Result result = gather(cluster);
        output.print(cluster.terminal(), result);
        return result.status();
    }
}
