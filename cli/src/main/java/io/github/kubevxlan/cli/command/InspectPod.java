package io.github.kubevxlan.cli.command;

import io.github.kubevxlan.cli.kube.Agents;
import io.github.kubevxlan.cli.kube.ExecAgents;
import io.github.kubevxlan.cli.kube.PodEvents;
import io.github.kubevxlan.cli.state.ClusterState;
import io.github.kubevxlan.cli.state.Overlay;
import io.github.kubevxlan.cli.state.PodFacts;
import io.github.kubevxlan.cli.view.EventView;
import io.github.kubevxlan.cli.view.InspectionText;
import io.github.kubevxlan.cli.view.Inspections;
import io.github.kubevxlan.cli.view.Inspections.Asked;
import io.github.kubevxlan.cli.view.Listing;
import io.github.kubevxlan.cli.view.PodInspection;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.Target;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code vxlan inspect pod}. */
@Command(
        name = "pod",
        aliases = "pods",
        description = {
            "Compares a pod's interfaces with what its kernel holds, and shows what the pod waits for.",
            "Exits with 1 if something differs."
        },
        footer = {"", "Examples:", "  vxlan inspect pod gateway-0", "  vxlan inspect pod -n lab gateway-0 -o json"})
final class InspectPod extends ReportCommand {
    @Parameters(paramLabel = "POD", description = "The pod's name.")
    private String name = "";

    InspectPod(Terminal terminal) {
        super(terminal);
    }

    @Override
    Result gather(Cluster cluster) {
        ClusterState state = cluster.readForComparison();
        PodFacts pod = cluster.pod(state, name);
        PodInspection inspection = cluster.working(
                "asking the agent",
                () -> inspect(
                        new ExecAgents(cluster.client()),
                        state,
                        pod,
                        PodEvents.of(cluster.client(), pod.snapshot().ref())));
        return new Result(
                Listing.of("PodInspection", List.of(inspection), state.notes()),
                (_, ink) -> InspectionText.pod(inspection, ink),
                inspection.isAmiss() ? ExitCodes.AMISS : ExitCodes.FINE);
    }

    static PodInspection inspect(Agents agents, ClusterState state, PodFacts pod, List<EventView> events) {
        Overlay overlay = Overlay.of(state);
        Optional<DesiredPod> want = overlay.target(pod.snapshot().ref().uid()).map(Target::desired);
        Asked asked = want.map(desired -> agents.ask(pod.snapshot(), desired))
                .orElseGet(
                        () -> Asked.not(state.incomparable(pod).orElse("the controller does not set up its networks")));
        return new Inspections(state, overlay).pod(pod, want.orElse(DesiredPod.NONE), asked, events);
    }
}
