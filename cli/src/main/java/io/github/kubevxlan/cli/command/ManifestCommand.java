package io.github.kubevxlan.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.kubevxlan.cli.kube.CommandFailure;
import io.github.kubevxlan.cli.manifest.MalformedManifestException;
import io.github.kubevxlan.cli.manifest.Manifest;
import io.github.kubevxlan.cli.manifest.YamlWriter;
import io.github.kubevxlan.cli.render.Remark.Severity;
import io.github.kubevxlan.cli.render.Rendering;
import io.github.kubevxlan.cli.view.Table;
import io.github.kubevxlan.common.util.ConfigException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that reads manifests and prints them changed, without a cluster. */
abstract class ManifestCommand implements Callable<Integer> {
    private final Terminal terminal;
    private final ManifestFiles input;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-f", "--filename"},
            required = true,
            paramLabel = "FILE",
            description = "Manifests as YAML or JSON; - for standard input. May be repeated.")
    private List<String> files = List.of();

    @Option(
            names = "--networks",
            paramLabel = "FILE",
            description = "Further manifests of the cluster, which are not printed: its ConfigMap with the networks,"
                    + " Namespaces, the webhook's Deployment; - for standard input. May be repeated.")
    private List<String> networks = List.of();

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NAME",
            description = "Namespace of objects that name none (default: ${DEFAULT-VALUE}).")
    private String namespace = "default";

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description =
                    "A setting of the webhook, such as KUBEVXLAN_UNKNOWN_NETWORKS=Deny; default: that of the webhook's"
                            + " Deployment, or else the chart's. May be repeated.")
    private Map<String, String> settings = new LinkedHashMap<>();

    ManifestCommand(Terminal terminal, InputStream stdin) {
        this.terminal = terminal;
        input = new ManifestFiles(stdin);
    }

    /**
     * Does the command's work.
     *
     * @param manifests what was given by {@code -f}
     * @param present what was given by {@code --networks}
     * @param chosen what was given by {@code --set}
     */
    abstract Rendering change(List<Manifest> manifests, List<Manifest> present, Map<String, String> chosen)
            throws MalformedManifestException;

    /** Tells whether it also changes a document that is no Kubernetes object. */
    boolean changesToo(ObjectNode document) {
        return false;
    }

    @Override
    public final Integer call() {
        if (Stream.concat(files.stream(), networks.stream())
                        .filter(ManifestFiles.STDIN::equals)
                        .count()
                > 1) {
            throw mistake("standard input can be read once: only one of -f and --networks may be -");
        }
        Rendering rendering = change();
        terminal.out().print(YamlWriter.write(rendering.documents()));
        terminal.out().flush();
        rendering.remarks().forEach(remark -> terminal.err().println(Table.printable(remark.line())));
        terminal.err().flush();
        if (rendering.has(Severity.REFUSAL)) {
            return ExitCodes.BROKEN;
        }
        return rendering.has(Severity.WARNING) ? ExitCodes.AMISS : ExitCodes.FINE;
    }

    private Rendering change() {
        try {
            List<Manifest> present = input.read(networks, "", _ -> false);
            return change(input.read(files, namespace, this::changesToo), present, settings);
        } catch (MalformedManifestException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        } catch (ConfigException e) {
            throw mistake(String.valueOf(e.getMessage()));
        }
    }

    private ParameterException mistake(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
