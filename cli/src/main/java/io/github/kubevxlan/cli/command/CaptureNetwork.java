package io.github.kubevxlan.cli.command;

import io.github.kubevxlan.cli.kube.CommandFailure;
import io.github.kubevxlan.cli.state.ClusterState;
import io.github.kubevxlan.cli.state.Overlay;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code vxlan capture network}. */
@Command(
        name = "network",
        aliases = {"net", "nets", "networks"},
        description =
                "Captures packets at all members of a network in one pcapng file, with an interface for each pod.",
        footer = {
            "",
            "Examples:",
            "  vxlan capture network vxeth1 -w vxeth1.pcapng",
            "  vxlan capture network vxeth1 -w - | wireshark -k -i -"
        })
final class CaptureNetwork extends CaptureCommand {
    @Parameters(paramLabel = "NETWORK", description = "The network's name.")
    private String name = "";

    CaptureNetwork(Terminal terminal) {
        super(terminal);
    }

    @Override
    List<Tap> taps(Cluster cluster, ClusterState state) {
        Overlay overlay = Overlay.of(state);
        List<Tap> taps = state.served().stream()
                .flatMap(pod -> taps(state, overlay, pod, name))
                .toList();
        if (taps.isEmpty()) {
            throw new CommandFailure(state.unknown()
                    .map(why -> "no member of network " + name + " was found: " + why)
                    .orElse("network " + name + " has no members: vxlan list networks shows those there are"));
        }
        return taps;
    }
}
