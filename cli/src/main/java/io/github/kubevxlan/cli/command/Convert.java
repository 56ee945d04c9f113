package io.github.kubevxlan.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.kubevxlan.cli.convert.Converter;
import io.github.kubevxlan.cli.manifest.MalformedManifestException;
import io.github.kubevxlan.cli.manifest.Manifest;
import io.github.kubevxlan.cli.render.Rendering;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code vxlan convert}. */
@Command(
        name = "convert",
        description = {
            "Prints manifests of the older controllers in today's form: without agents, with today's label and"
                    + " annotations. Does the same with values of the chart cgw. Needs no cluster.",
            "Then prints what the webhook would warn about or refuse.",
            "Exits with 1 for warnings, such as of what it does not carry over, with 2 if the webhook refuses"
                    + " something."
        },
        footer = {
            "",
            "Examples:",
            "  vxlan convert -f old.yaml >new.yaml",
            "  kubectl get deployments -o yaml | vxlan convert -f - --networks networks.yaml",
            "  helm get values cgw -o yaml | vxlan convert -f - >values.yaml"
        })
final class Convert extends ManifestCommand {
    @Option(
            names = "--from",
            paramLabel = "PREFIX",
            description = "The older label, also the prefix of the older annotations (default: ${DEFAULT-VALUE}).")
    private String prefix = Converter.OLDER_PREFIX;

    Convert(Terminal terminal, InputStream stdin) {
        super(terminal, stdin);
    }

    @Override
    boolean changesToo(ObjectNode document) {
        return Converter.isValues(document);
    }

    @Override
    Rendering change(List<Manifest> manifests, List<Manifest> present, Map<String, String> chosen)
            throws MalformedManifestException {
        return Converter.convert(manifests, present, chosen, prefix);
    }
}
