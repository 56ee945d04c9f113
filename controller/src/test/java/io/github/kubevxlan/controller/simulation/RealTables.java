package io.github.kubevxlan.controller.simulation;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Vni;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.util.Ticker;
import io.github.kubevxlan.controller.agent.FixedEpoch;
import io.github.kubevxlan.controller.agent.Limits;
import io.github.kubevxlan.controller.agent.LocalSession;
import io.github.kubevxlan.controller.agent.SessionPool;
import io.github.kubevxlan.controller.overlay.Nets;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.ObservedStatus;
import io.github.kubevxlan.controller.pod.OverlayStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.pod.PodSnapshot.AgentState;
import io.github.kubevxlan.controller.reconcile.Outcome;
import io.github.kubevxlan.controller.reconcile.Reconciler;
import io.github.kubevxlan.controller.reconcile.SimulatedAgent;
import io.github.kubevxlan.controller.registry.Members;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One member of a segment of the supported size, its tables in a real kernel: joined, told of one member more, repaired,
 * and left. Not a unit test, since it needs the agent's image and root: {@code agent/check} runs it.
 */
final class RealTables {
    private static final int SMALL = 10;
    private static final int SUPPORTED = 1_000;
    private static final int NEIGHBOURS = 256;
    private static final int MOST_PROCESSES = 14;

    private static final Pattern TOLD = Pattern.compile("\n@told end 0\n");
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final String NETWORK = "vx0";
    private static final String STATIC = "id=100 subnet=10.64.0.0/16";
    private static final String FLOOD = "id=100 forwarding=flood";

    private final int peers;
    private final boolean known;
    private final Members members = new Members(
            SimulatedCluster.KEYS, Definitions.parse(Map.of(), SimulatedCluster.DEFAULTS), NEIGHBOURS, true);
    private final SessionPool sessions;
    private final Reconciler reconciler;
    private @Nullable LocalSession shell;

    /** Takes the command of a shell in the agent's image and in a process namespace where nothing else starts. */
    public static void main(String... command) throws Exception {
        for (String definition : List.of(FLOOD, STATIC)) {
            int few = new RealTables(definition, SMALL, List.of(command)).play();
            int many = new RealTables(definition, SUPPORTED, List.of(command)).play();
            assertEquals(true, many <= few, "no more processes with many members, " + few + " and " + many);
            assertEquals(true, few <= MOST_PROCESSES, few + " processes for one join");
        }
    }

    private RealTables(String definition, int peers, List<String> command) {
        this.peers = peers;
        this.known = definition.equals(STATIC);
        sessions = new SessionPool(
                (_, wanted, _) -> {
                    if (!wanted.getFirst().equals("sh")) {
                        throw LocalSession.absent();
                    }
                    LocalSession opened = new LocalSession(command);
                    shell = opened;
                    return opened;
                },
                new Limits(2, 2, 2, DEADLINE, DEADLINE),
                Ticker.system(),
                new SecureRandom(),
                new FixedEpoch(1));
        reconciler = new Reconciler(Nets.PREFIX, sessions, SimulatedAgent.NEVER_LATE);
        members.define(Definitions.parse(Map.of(NETWORK, definition), SimulatedCluster.DEFAULTS));
        for (int i = 0; i <= peers; i++) {
            members.put(pod(i));
        }
        members.giveAddresses();
    }

    private int play() throws Exception {
        try (sessions) {
            settle(true);
            assertTables(peers);
            long trips = sessions.roundTrips();

            members.put(pod(peers + 1));
            long before = lastProcess();
            settle(false);
            int processes = (int) (lastProcess() - before);
            assertEquals(1L, sessions.roundTrips() - trips, "scripts for one join");
            assertTables(peers + 1);

            run("bridge fdb del 00:00:00:00:00:00 dev vx0 dst " + ip(1) + "; nft flush ruleset");
            settle(true);
            assertTables(peers + 1);
            System.out.printf(
                    "%d peers%s: %d processes for one join, reports of up to %d bytes%n",
                    peers, known ? " (static)" : "", processes, session().longest());

            members.put(pod(0, Map.of()));
            settle(true);
            assertEquals("0", run("ip -br link | grep -c '^vx0' || :"), "links left");
            return processes;
        }
    }

    private void settle(boolean check) throws InterruptedException {
        Outcome outcome = reconciler.reconcile(members.target(uid(0)).orElseThrow(), check);
        boolean whole =
                outcome instanceof Outcome.Settled settled && settled.problems().isEmpty() && !settled.unfiltered();
        assertEquals(true, whole, "settled: " + outcome);
    }

    /** By the kernel's own account, read otherwise than the controller does. */
    private void assertTables(int others) throws Exception {
        assertEquals(
                String.valueOf(others), run("bridge fdb show dev vx0 | grep -c '^00:00:00:00:00:00 dst '"), "floods");
        assertEquals(
                String.valueOf(known ? others : 0),
                run("bridge fdb show dev vx0 | grep -v '^00:00:00' | grep -c ' dst .* permanent' || :"),
                "known MACs");
        assertEquals(
                String.valueOf(known ? Math.min(others, NEIGHBOURS - 1) : 0),
                run("ip neigh show dev vx0 nud permanent | grep -c . || :"),
                "neighbours");
        assertEquals(
                String.valueOf(others), run("nft list ruleset | grep -o '10[.]100[.][0-9.]*' | wc -l"), "admitted");
    }

    /** The process that started last; the shell tells it without starting another. */
    private long lastProcess() throws Exception {
        return Long.parseLong(run("read -r _ _ _ _ last </proc/loadavg; echo $last"));
    }

    private static void assertEquals(Object expected, Object found, String what) {
        if (!expected.equals(found)) {
            throw new AssertionError("%s: expected %s, found %s".formatted(what, expected, found));
        }
    }

    private String run(String text) throws Exception {
        return session()
                .run(text + "\necho; echo '@told end 0'\n", TOLD, 1 << 20, DEADLINE)
                .strip();
    }

    private LocalSession session() {
        return Objects.requireNonNull(shell);
    }

    private static String uid(int number) {
        return "uid-%05d".formatted(number);
    }

    private static String ip(int number) {
        return "10.100.%d.%d".formatted(1 + number / 200, 1 + number % 200);
    }

    private PodSnapshot pod(int number) {
        return pod(number, Map.of(SimulatedCluster.KEYS.names(), NETWORK));
    }

    private PodSnapshot pod(int number, Map<String, String> annotations) {
        List<IpAddr> overlay = List.of(IpAddr.parse("10.64.%d.%d".formatted(number / 200, 1 + number % 200)));
        NetworkStatus claim = NetworkStatus.claim(NETWORK, new Vni(100), overlay);
        return new PodSnapshot(
                new PodRef(uid(number), "default", "pod-" + number),
                new PodSnapshot.Placement("node", List.of(IpAddr.parse(ip(number))), false, false),
                new PodSnapshot.AgentContainer(
                        AgentState.RUNNING, "vxlan-controller-agent", "containerd://" + number, ""),
                new PodSnapshot.PodMeta(annotations),
                known
                        ? new ObservedStatus(1, new OverlayStatus(List.of(claim), Optional.empty()))
                        : ObservedStatus.NOTHING);
    }
}
