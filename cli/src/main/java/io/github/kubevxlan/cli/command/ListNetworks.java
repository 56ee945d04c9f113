package io.github.kubevxlan.cli.command;

import io.github.kubevxlan.cli.state.ClusterState;
import io.github.kubevxlan.cli.view.Listing;
import io.github.kubevxlan.cli.view.NetworkView;
import io.github.kubevxlan.cli.view.Tables;
import io.github.kubevxlan.cli.view.Views;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code vxlan list networks}. */
@Command(
        name = "networks",
        aliases = {"net", "nets", "network"},
        description = "Lists the networks: VNI, port, members, addresses, and mistakes in their definitions.",
        footer = {"", "Examples:", "  vxlan list networks", "  vxlan list networks -o wide"})
final class ListNetworks extends ReportCommand {
    ListNetworks(Terminal terminal) {
        super(terminal);
    }

    @Override
    Result gather(Cluster cluster) {
        ClusterState state = cluster.readForComparison();
        List<NetworkView> networks = Views.networks(state);
        return new Result(
                Listing.of("NetworkList", networks, state.notes()),
                (wide, _) -> Tables.networks(networks, wide).text(),
                networks.stream().allMatch(network -> network.problems().isEmpty()) ? ExitCodes.FINE : ExitCodes.AMISS);
    }
}
