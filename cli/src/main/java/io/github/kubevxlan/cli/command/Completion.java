package io.github.kubevxlan.cli.command;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Parameters;

/** {@code vxlan completion}. */
@Command(
        name = "completion",
        description = "Prints a script with which a shell completes the command line.",
        footer = {
            "",
            "Examples:",
            "  source <(vxlan completion bash)",
            "  source <(vxlan completion zsh)",
            "  vxlan completion fish | source"
        })
final class Completion implements Callable<Integer> {
    private static final String NAME = "vxlan";

    /** The shells that it is for. */
    enum Shell {
        bash,
        zsh,
        fish
    }

    private final Terminal terminal;
    private final CommandLine root;

    @Parameters(paramLabel = "SHELL", description = "One of ${COMPLETION-CANDIDATES}.")
    private Shell shell = Shell.bash;

    Completion(Terminal terminal, CommandLine root) {
        this.terminal = terminal;
        this.root = root;
    }

    @Override
    public Integer call() {
        terminal.out()
                .print(
                        switch (shell) {
                            case bash -> AutoComplete.bash(NAME, root);
                            case zsh -> "autoload -U +X bashcompinit && bashcompinit\n" + AutoComplete.bash(NAME, root);
                            case fish -> fish(root, List.of());
                        });
        terminal.out().flush();
        return ExitCodes.FINE;
    }

    /** The commands and options below some commands, each with the condition under which it is offered. */
    private static String fish(CommandLine line, List<String> above) {
        String here = above.stream().map(Completion::seen).collect(Collectors.joining("; and "));
        String more = above.isEmpty()
                ? "__fish_use_subcommand"
                : here + "; and not "
                        + seen(String.join(" ", line.getSubcommands().keySet()));
        String commands = line.getSubcommands().entrySet().stream()
                .map(command -> complete(more, "-f -a " + command.getKey(), command.getValue()))
                .collect(Collectors.joining());
        String options = line.getCommandSpec().options().stream()
                .map(option ->
                        complete(above.isEmpty() ? more : here, names(option), String.join(" ", option.description())))
                .collect(Collectors.joining());
        String below = line.getSubcommands().entrySet().stream()
                .map(command -> fish(
                        command.getValue(),
                        Stream.concat(above.stream(), Stream.of(command.getKey()))
                                .toList()))
                .collect(Collectors.joining());
        return commands + options + below;
    }

    private static String seen(String command) {
        return "__fish_seen_subcommand_from " + command;
    }

    private static String names(OptionSpec option) {
        return Stream.of(option.names())
                .map(name -> name.startsWith("--") ? "-l " + name.substring(2) : "-s " + name.substring(1))
                .collect(Collectors.joining(" "));
    }

    private static String complete(String condition, String what, CommandLine command) {
        return complete(
                condition,
                what,
                String.join(" ", command.getCommandSpec().usageMessage().description()));
    }

    private static String complete(String condition, String what, String description) {
        return "complete -c %s -n '%s' %s -d '%s'%n".formatted(NAME, condition, what, description.replace("'", "\\'"));
    }
}
