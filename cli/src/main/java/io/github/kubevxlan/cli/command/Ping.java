package io.github.kubevxlan.cli.command;

import io.github.kubevxlan.cli.kube.Agents;
import io.github.kubevxlan.cli.kube.CommandFailure;
import io.github.kubevxlan.cli.kube.ExecAgents;
import io.github.kubevxlan.cli.kube.Pinger;
import io.github.kubevxlan.cli.ping.Ends;
import io.github.kubevxlan.cli.ping.Evidence;
import io.github.kubevxlan.cli.ping.Passage;
import io.github.kubevxlan.cli.ping.PingText;
import io.github.kubevxlan.cli.ping.PingView;
import io.github.kubevxlan.cli.ping.Verdict;
import io.github.kubevxlan.cli.state.ClusterState;
import io.github.kubevxlan.cli.state.PodFacts;
import io.github.kubevxlan.cli.view.Listing;
import io.github.kubevxlan.cli.view.PodInspection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
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
    Result gather(Cluster cluster) {
        if (count < 1 || count > MOST || interval < 1 || interval > MOST) {
            throw new CommandFailure("--count and --interval are 1 to " + MOST);
        }
        ClusterState state = cluster.readForComparison();
        PodFacts near = cluster.pod(state, from);
        PodFacts far = cluster.pod(state, to);
        PingView ping = cluster.working("sending " + count + " packets", () -> ping(cluster, state, near, far));
        return new Result(
                Listing.of("Pings", List.of(ping), state.notes()), (_, ink) -> PingText.of(ping, ink), status(ping));
    }

    private PingView ping(Cluster cluster, ClusterState state, PodFacts near, PodFacts far) {
        ExecAgents agents = new ExecAgents(cluster.client());
        Ends ends = Ends.of(asked(agents, state, near), asked(agents, state, far), network)
                .orElseThrow(() -> new CommandFailure("pods " + near.name() + " and " + far.name()
                        + (network.isEmpty() ? " have no network in common" : " are not both in network " + network)));
        Pinger pinger = new Pinger(cluster.client(), count, Duration.ofMillis(interval));
        Passage overlay = ends.addresses()
                .map(addresses ->
                        pinger.ping(near.snapshot(), addresses.from(), far.snapshot(), addresses.to(), ends.mtu()))
                .orElse(Passage.none(count));
        Evidence evidence = overlay.isWhole()
                ? ends.evidence(overlay)
                : afterLoss(
                        ends,
                        overlay,
                        pinger.ping(
                                near.snapshot(),
                                ends.from().vtep(),
                                far.snapshot(),
                                ends.to().vtep(),
                                0),
                        cluster::readForComparison,
                        (now, pod) -> asked(agents, now, cluster.pod(now, pod)));
        if (ends.addresses().isEmpty() && !evidence.isLacking()) {
            throw new CommandFailure(
                    "pods " + near.name() + " and " + far.name() + " have no addresses of one family in network "
                            + ends.from().network());
        }
        return PingView.of(
                ends,
                evidence,
                evidence.verdict(cluster.release(), state.settings().configMap()));
    }

    /** Reads the cluster again, because pods may have come and gone since the packets were sent. */
    static Evidence afterLoss(
            Ends ends,
            Passage overlay,
            Passage underlay,
            Supplier<ClusterState> read,
            BiFunction<ClusterState, String, PodInspection> ask) {
        ClusterState now = read.get();
        return ends.evidence(
                overlay, Optional.of(underlay), ask.apply(now, name(ends.near())), ask.apply(now, name(ends.far())));
    }

    private static String name(PodInspection pod) {
        return pod.pod().namespace() + "/" + pod.pod().name();
    }

    private static PodInspection asked(Agents agents, ClusterState state, PodFacts pod) {
        PodInspection inspection = InspectPod.inspect(agents, state, pod, List.of());
        if (!inspection.asked()) {
            throw new CommandFailure("cannot ask pod " + pod.name() + ": " + inspection.unasked());
        }
        return inspection;
    }

    private static int status(PingView ping) {
        if (ping.overlay().packets().answered() == 0) {
            return ExitCodes.BROKEN;
        }
        return ping.verdict().endsAt() == Verdict.Place.NOWHERE ? ExitCodes.FINE : ExitCodes.AMISS;
    }
}
