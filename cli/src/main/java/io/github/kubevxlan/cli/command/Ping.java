package io.github.kubevxlan.cli.command;

import io.github.kubevxlan.cli.ping.PingText;
import io.github.kubevxlan.cli.ping.PingView;
import io.github.kubevxlan.cli.ping.Verdict;
import io.github.kubevxlan.cli.state.ClusterState;
import io.github.kubevxlan.cli.state.PodFacts;
import io.github.kubevxlan.cli.view.Listing;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vxlan ping}. */
@Command(
        name = "ping",
        description = {
            "Sends packets from one pod to another and back over a network that both are in, by their agents.",
            "Shows loss, round trip, the largest packet in each direction, and where packets get lost.",
            "Exits with 1 for losses or a path with too small an MTU, with 2 if nothing comes back."
        },
        footer = {
            "",
            "Examples:",
            "  vxlan ping gateway-0 gateway-1",
            "  vxlan ping gateway-0 lab/client --network vxeth1 --count 100 --interval 50"
        })
final class Ping extends ReportCommand {
    private static final int MOST = 10_000;

    @Parameters(index = "0", paramLabel = "POD", description = "The pod that sends: its name, or NAMESPACE/NAME.")
    private String from = "";

    @Parameters(index = "1", paramLabel = "POD", description = "The pod that answers: its name, or NAMESPACE/NAME.")
    private String to = "";

    @Option(
            names = "--network",
            paramLabel = "NETWORK",
            description = "The network to use (default: the first that both are in).")
    private String network = "";

    @Option(
            names = {"-c", "--count"},
            paramLabel = "NUMBER",
            description = "How many packets (default: ${DEFAULT-VALUE}).")
    private int count = 10;

    @Option(
            names = {"-i", "--interval"},
            paramLabel = "MILLISECONDS",
            description = "The pause between two packets (default: ${DEFAULT-VALUE}).")
    private int interval = 100;

    Ping(Terminal terminal) {
        super(terminal);
    }

    @Override
    void check() {
        range("--count", count, 1, MOST);
        range("--interval", interval, 1, MOST);
    }

    @Override
    Result gather(Cluster cluster) {
        ClusterState state = cluster.readForComparison();
        PodFacts near = cluster.pod(state, from);
        PodFacts far = cluster.pod(state, to);
        PingView ping = cluster.working(
                "sending " + count + " packets",
                () -> new Pings(cluster, state, count, Duration.ofMillis(interval)).ping(near, far, network));
        return new Result(
                Listing.of("Pings", List.of(ping), state.notes()), (_, ink) -> PingText.of(ping, ink), status(ping));
    }

    private static int status(PingView ping) {
        if (ping.overlay().packets().answered() == 0) {
            return ExitCodes.BROKEN;
        }
        return ping.verdict().endsAt() == Verdict.Place.NOWHERE ? ExitCodes.FINE : ExitCodes.AMISS;
    }
}
