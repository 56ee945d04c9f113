package io.github.kubevxlan.cli.command;

import io.github.kubevxlan.cli.kube.CommandFailure;
import io.github.kubevxlan.cli.state.ClusterState;
import io.github.kubevxlan.cli.state.Overlay;
import io.github.kubevxlan.cli.state.PodFacts;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vxlan capture pod}. */
@Command(
        name = "pod",
        aliases = "pods",
        description = "Captures packets on the overlay interfaces of a pod.",
        footer = {
            "",
            "Examples:",
            "  vxlan capture pod gateway-0 -w gateway.pcapng --duration 30",
            "  vxlan capture pod gateway-0 --network vxeth1 -w - | tcpdump -nr -"
        })
final class CapturePod extends CaptureCommand {
    @Parameters(paramLabel = "POD", description = "The pod: its name, or NAMESPACE/NAME.")
    private String name = "";

    @Option(names = "--network", paramLabel = "NETWORK", description = "Only the interface of this network.")
    private String network = "";

    CapturePod(Terminal terminal) {
        super(terminal);
    }

    @Override
    List<Tap> taps(Cluster cluster, ClusterState state) {
        PodFacts pod = cluster.pod(state, name);
        List<Tap> taps = taps(state, Overlay.of(state), pod, network).toList();
        if (taps.isEmpty()) {
            String none = (network.isEmpty() ? "network" : "network " + network);
            throw new CommandFailure(state.incomparable(pod)
                    .map(why -> "no " + none + " of pod " + pod.name() + " was found: " + why)
                    .orElse("pod " + pod.name() + " is in no " + none));
        }
        return taps;
    }
}
