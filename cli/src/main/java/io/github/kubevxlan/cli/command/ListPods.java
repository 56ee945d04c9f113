package io.github.kubevxlan.cli.command;

import io.github.kubevxlan.cli.state.ClusterState;
import io.github.kubevxlan.cli.view.Listing;
import io.github.kubevxlan.cli.view.PodView;
import io.github.kubevxlan.cli.view.Tables;
import io.github.kubevxlan.cli.view.Views;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vxlan list pods}. */
@Command(
        name = "pods",
        aliases = "pod",
        description = "Lists labelled pods, also those without an agent, with their networks, addresses and state.",
        footer = {
            "",
            "Examples:",
            "  vxlan list pods -A",
            "  vxlan list pods gateway --network vxeth1",
            "  vxlan list pods -A -o json | jq '.items[] | select(.state != \"Ready\")'"
        })
final class ListPods extends ReportCommand {
    @Parameters(arity = "0..1", paramLabel = "PREFIX", description = "Only pods whose names begin with this.")
    private String prefix = "";

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "Pods of all namespaces.")
    private boolean everywhere;

    @Option(names = "--network", paramLabel = "NETWORK", description = "Only pods of this network.")
    private String network = "";

    ListPods(Terminal terminal) {
        super(terminal);
    }

    @Override
    Result gather(Cluster cluster) {
        ClusterState state = cluster.read(everywhere ? "" : cluster.namespace());
        List<PodView> pods = Views.pods(state).stream().filter(this::isWanted).toList();
        return new Result(
                Listing.of("PodList", pods, state.notes()),
                (wide, _) -> pods.isEmpty()
                        ? none(state, cluster.namespace()) + "\n"
                        : Tables.pods(pods, everywhere, wide).text(),
                ExitCodes.FINE);
    }

    private String none(ClusterState state, String namespace) {
        String where = everywhere ? "" : " in namespace " + namespace;
        if (state.pods().isEmpty()) {
            return "No labelled pods" + where + ".";
        }
        return "No labelled pod" + where + " "
                + Stream.of(
                                prefix.isEmpty() ? "" : "has a name that begins with " + prefix,
                                network.isEmpty() ? "" : "is in network " + network)
                        .filter(wish -> !wish.isEmpty())
                        .collect(Collectors.joining(" and "))
                + ".";
    }

    private boolean isWanted(PodView pod) {
        return pod.name().startsWith(prefix)
                && (network.isEmpty()
                        || pod.networks().stream().anyMatch(its -> its.name().equals(network)));
    }
}
