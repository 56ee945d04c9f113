package io.github.kubevxlan.cli.command;

import io.github.kubevxlan.cli.manifest.MalformedManifestException;
import io.github.kubevxlan.cli.manifest.Manifest;
import io.github.kubevxlan.cli.render.Renderer;
import io.github.kubevxlan.cli.render.Rendering;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code vxlan render}. */
@Command(
        name = "render",
        description = {
            "Prints manifests as the webhook would change them, with the agent in labelled pods. Needs no cluster.",
            "Takes a ConfigMap with the networks, Namespaces and the webhook's Deployment in the manifests for the"
                    + " cluster's.",
            "Exits with 1 for warnings, with 2 if the webhook refuses something, which is not printed."
        },
        footer = {
            "",
            "Examples:",
            "  vxlan render -f pod.yaml",
            "  vxlan render -f deployment.yaml --set KUBEVXLAN_AGENT_MODE=classic",
            "  kubectl -n kube-system get configmap kube-vxlan-controller -o yaml |",
            "      vxlan render -f pod.yaml --networks -",
            "  helm -n kube-system get manifest kube-vxlan-controller |",
            "      vxlan render -f pod.yaml --networks -"
        })
final class Render extends ManifestCommand {
    Render(Terminal terminal, InputStream stdin) {
        super(terminal, stdin);
    }

    @Override
    Rendering change(List<Manifest> manifests, List<Manifest> present, Map<String, String> chosen)
            throws MalformedManifestException {
        return Renderer.render(manifests, present, chosen);
    }
}
