package io.github.kubevxlan.cli.command;

import io.github.kubevxlan.cli.kube.CommandFailure;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/** The command line: its commands, and how it reports failures. */
public final class Vxlan {
    private Vxlan() {}

    /**
     * Runs one command; gives its exit status.
     *
     * @param name what the user called the program
     * @param colours whether standard output is a terminal that may have colours
     * @param progress whether standard error is a terminal
     */
    public static int run(List<String> arguments, String name, boolean colours, boolean progress) {
        Terminal terminal = new Terminal(writer(System.out), writer(System.err), colours, progress);
        return commandLine(name, terminal, System.in).execute(arguments.toArray(String[]::new));
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, false, StandardCharsets.UTF_8);
    }

    static CommandLine commandLine(String name, Terminal terminal, InputStream stdin) {
        CommandLine root = new CommandLine(group(
                name,
                "Inspects the VXLAN segments of a Kubernetes cluster, with your kubeconfig and your rights.",
                "Exit status: 0 fine, 1 a problem, 2 broken, 3 not done, 64 usage."));
        root.addSubcommand(new CommandLine(group("list", "Lists networks or pods."))
                .addSubcommand(new ListNetworks(terminal))
                .addSubcommand(new ListPods(terminal)));
        root.addSubcommand(new CommandLine(group("inspect", "Compares the desired state with the kernel's."))
                .addSubcommand(new InspectNetwork(terminal))
                .addSubcommand(new InspectPod(terminal)));
        root.addSubcommand(new CommandLine(new Doctor(terminal)));
        root.addSubcommand(new CommandLine(new Ping(terminal)));
        root.addSubcommand(new CommandLine(group("capture", "Captures packets of a network or a pod."))
                .addSubcommand(new CaptureNetwork(terminal))
                .addSubcommand(new CapturePod(terminal)));
        root.addSubcommand(new CommandLine(new Ui(terminal)));
        root.addSubcommand(new CommandLine(new Render(terminal, stdin)));
        root.addSubcommand(new CommandLine(new Convert(terminal, stdin)));
        root.addSubcommand(new CommandLine(new Completion(terminal, root)));
        helpful(root);
        configure(root, terminal);
        return root;
    }

    private static CommandSpec group(String name, String description, String... footer) {
        CommandSpec spec = CommandSpec.create().name(name).mixinStandardHelpOptions(true);
        spec.version("vxlan "
                + Optional.ofNullable(Vxlan.class.getPackage().getImplementationVersion())
                        .orElse(""));
        spec.usageMessage().description(description).footer(footer);
        return spec;
    }

    /** Every command has --help. */
    private static void helpful(CommandLine line) {
        line.getSubcommands().values().stream().distinct().forEach(Vxlan::helpful);
        if (!line.getCommandSpec().mixinStandardHelpOptions()) {
            line.getCommandSpec().mixinStandardHelpOptions(true);
        }
    }

    private static void configure(CommandLine line, Terminal terminal) {
        line.setOut(terminal.out());
        line.setErr(terminal.err());
        line.setColorScheme(CommandLine.Help.defaultColorScheme(terminal.colours() ? Ansi.ON : Ansi.OFF));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((failure, _, _) -> explain(failure, terminal));
        line.setParameterExceptionHandler((mistake, _) -> {
            terminal.err().println("vxlan: " + mistake.getMessage());
            terminal.err()
                    .println("See " + mistake.getCommandLine().getCommandSpec().qualifiedName() + " --help.");
            terminal.err().flush();
            return ExitCodes.USAGE;
        });
    }

    private static int explain(Exception failure, Terminal terminal) throws Exception {
        if (failure instanceof CommandFailure known) {
            terminal.err().println("vxlan: " + known.getMessage());
            terminal.err().flush();
            return ExitCodes.NOT_DONE;
        }
        throw failure;
    }
}
