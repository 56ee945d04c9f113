package io.github.kubevxlan.cli.command;

import io.github.kubevxlan.cli.kube.Agents;
import io.github.kubevxlan.cli.kube.CommandFailure;
import io.github.kubevxlan.cli.kube.ExecAgents;
import io.github.kubevxlan.cli.kube.Parallel;
import io.github.kubevxlan.cli.state.ClusterState;
import io.github.kubevxlan.cli.state.Overlay;
import io.github.kubevxlan.cli.state.PodFacts;
import io.github.kubevxlan.cli.view.InspectionText;
import io.github.kubevxlan.cli.view.Inspections;
import io.github.kubevxlan.cli.view.Listing;
import io.github.kubevxlan.cli.view.MemberInspection;
import io.github.kubevxlan.cli.view.Views;
import io.github.kubevxlan.common.spec.Problem;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.Target;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code vxlan inspect network}. */
@Command(
        name = "network",
        aliases = {"net", "nets", "networks"},
        description = {
            "Asks every member of a network what its kernel holds about the others, and shows the differences.",
            "Exits with 1 if something differs."
        },
        footer = {"", "Examples:", "  vxlan inspect network vxeth1", "  vxlan inspect nets vxeth1 -o yaml"})
final class InspectNetwork extends ReportCommand {
    @Parameters(paramLabel = "NETWORK", description = "The network's name.")
    private String name = "";

    InspectNetwork(Terminal terminal) {
        super(terminal);
    }

    @Override
    Result gather(Cluster cluster) {
        ClusterState state = cluster.readForComparison();
        List<PodFacts> pods = Views.members(state, name);
        if (pods.isEmpty() && !state.definitions().usable().containsKey(name)) {
            throw new CommandFailure(unusable(state));
        }
        List<MemberInspection> members = cluster.working(
                "asking " + pods.size() + " agents", () -> inspect(new ExecAgents(cluster.client()), state, pods));
        return new Result(
                Listing.of("NetworkInspection", members, state.notes()),
                (_, ink) -> InspectionText.network(name, members, ink),
                members.stream().anyMatch(MemberInspection::isAmiss) ? ExitCodes.AMISS : ExitCodes.FINE);
    }

    /** A broken definition leaves its members as they are: there is nothing to compare them with. */
    private String unusable(ClusterState state) {
        Optional<String> broken = Optional.ofNullable(
                        state.definitions().broken().get(name))
                .map(entry -> "the definition of network " + name + " is broken: "
                        + entry.problems().stream().map(Problem::toString).collect(Collectors.joining("; "))
                        + ": its members stay as they are");
        return state.unknown()
                .map(why -> "network " + name + ": not compared, " + why)
                .or(() -> broken)
                .orElse("no network " + name + ": vxlan list networks shows those there are");
    }

    private List<MemberInspection> inspect(Agents agents, ClusterState state, List<PodFacts> pods) {
        Overlay overlay = Overlay.of(state);
        Inspections inspections = new Inspections(state, overlay);
        return Parallel.each(pods, pod -> {
                    Optional<String> unknown = state.incomparable(pod);
                    if (unknown.isPresent()) {
                        return List.of(Inspections.notCompared(pod, unknown.get()));
                    }
                    Optional<DesiredPod> want =
                            overlay.target(pod.snapshot().ref().uid()).map(Target::desired);
                    return want.stream()
                            .flatMap(desired -> desired.links().stream()
                                    .filter(link -> link.network().name().equals(name))
                                    .map(link -> inspections.member(
                                            pod, desired, link, agents.ask(pod.snapshot(), desired))))
                            .toList();
                })
                .stream()
                .flatMap(List::stream)
                .toList();
    }
}
