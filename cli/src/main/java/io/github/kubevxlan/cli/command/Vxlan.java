package io.github.kubevxlan.cli.command;

import io.github.kubevxlan.cli.kube.CommandFailure;
import io.github.kubevxlan.cli.view.Table;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;

/** The command line: its commands, and how it reports failures. */
public final class Vxlan {
    /** Commands that read the cluster's objects. */
    private static final Set<String> ONLINE = Set.of("list", "inspect", "doctor", "ping", "capture");

    private static final Set<String> NETWORKS = Set.of("networks", "network", "nets", "net");

    private static final Set<String> PODS = Set.of("pods", "pod");

    private static final Set<String> ASKS_VERSION = Set.of("--version", "-V");

    /** This program's version; empty where it does not run from its jar. */
    static final String VERSION = Optional.ofNullable(Vxlan.class.getPackage().getImplementationVersion())
            .orElse("");

    private Vxlan() {}

    /**
     * Runs one command; gives its exit status.
     *
     * @param name what the user called the program
     * @param colours whether standard output is a terminal that may have colours
     * @param progress whether standard error is a terminal
     */
    public static int run(List<String> arguments, String name, boolean colours, boolean progress) {
        PrintWriter err = writer(System.err);
        Terminal terminal =
                new Terminal(writer(System.out), err, colours, progress ? Progress.on(err) : Progress.none());
        if (arguments.size() > 1 && ONLINE.contains(arguments.getFirst())) {
            HeadStart.begin(ClusterOptions.JSON);
        }
        return commandLine(name, terminal, System.in, arguments).execute(arguments.toArray(String[]::new));
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, false, StandardCharsets.UTF_8);
    }

    /** The command line for these arguments: it has only the commands that they may mean, which saves the others' setup. */
    static CommandLine commandLine(String name, Terminal terminal, InputStream stdin, List<String> arguments) {
        CommandLine root = new CommandLine(group(
                name,
                "Inspects the VXLAN segments of a Kubernetes cluster, with your kubeconfig and your rights.",
                "Exit status: 0 fine, 1 a problem, 2 broken, 3 not done, 64 usage."));
        String first = arguments.isEmpty() ? "" : arguments.getFirst();
        Map<String, Supplier<CommandLine>> commands =
                commands(terminal, stdin, arguments.size() > 1 ? arguments.get(1) : "");
        if (commands.containsKey(first)) {
            root.addSubcommand(commands.get(first).get());
        } else if (!ASKS_VERSION.contains(first)) {
            commands.values().forEach(command -> root.addSubcommand(command.get()));
            root.addSubcommand(new CommandLine(new Completion(terminal, root)));
        }
        helpful(root);
        configure(root, terminal);
        return root;
    }

    /** All but `completion`, which needs them all, in the order of the help; {@code asked} is what the first one is to look at. */
    private static SequencedMap<String, Supplier<CommandLine>> commands(
            Terminal terminal, InputStream stdin, String asked) {
        SequencedMap<String, Supplier<CommandLine>> commands = new LinkedHashMap<>();
        commands.put(
                "list",
                () -> either(
                        group("list", "Lists networks or pods."),
                        asked,
                        () -> new ListNetworks(terminal),
                        () -> new ListPods(terminal)));
        commands.put(
                "inspect",
                () -> either(
                        group("inspect", "Compares the desired state with the kernel's."),
                        asked,
                        () -> new InspectNetwork(terminal),
                        () -> new InspectPod(terminal)));
        commands.put("doctor", () -> new CommandLine(new Doctor(terminal)));
        commands.put("ping", () -> new CommandLine(new Ping(terminal)));
        commands.put(
                "capture",
                () -> either(
                        group("capture", "Captures packets of a network or a pod."),
                        asked,
                        () -> new CaptureNetwork(terminal),
                        () -> new CapturePod(terminal)));
        commands.put("ui", () -> new CommandLine(new Ui(terminal)));
        commands.put("render", () -> new CommandLine(new Render(terminal, stdin)));
        commands.put("convert", () -> new CommandLine(new Convert(terminal, stdin)));
        return commands;
    }

    /** A command for networks or pods, with only that one of both which is asked for; with both if that does not tell. */
    private static CommandLine either(
            CommandSpec spec, String asked, Supplier<Object> networks, Supplier<Object> pods) {
        CommandLine line = new CommandLine(spec);
        if (!PODS.contains(asked)) {
            line.addSubcommand(networks.get());
        }
        if (!NETWORKS.contains(asked)) {
            line.addSubcommand(pods.get());
        }
        return line;
    }

    private static CommandSpec group(String name, String description, String... footer) {
        CommandSpec spec = CommandSpec.create().name(name).mixinStandardHelpOptions(true);
        spec.version("vxlan " + VERSION);
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
            String.valueOf(mistake.getMessage())
                    .lines()
                    .forEach(words -> terminal.err().println("vxlan: " + Table.printable(words)));
            terminal.err()
                    .println("See " + mistake.getCommandLine().getCommandSpec().qualifiedName() + " --help.");
            terminal.err().flush();
            return ExitCodes.USAGE;
        });
    }

    /** What no command expects is a mistake of this program: its place in the source helps to find it. */
    static int explain(Exception failure, Terminal terminal) {
        String words = failure instanceof CommandFailure
                ? String.valueOf(failure.getMessage())
                : "unexpected, please report it: " + failure
                        + Stream.of(failure.getStackTrace())
                                .findFirst()
                                .map(place -> " at " + place)
                                .orElse("");
        terminal.err().println("vxlan: " + Table.printable(words));
        terminal.err().flush();
        return ExitCodes.NOT_DONE;
    }
}
