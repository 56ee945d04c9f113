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
import io.github.kubevxlan.controller.pod.NetworkProblem;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.ObservedStatus;
import io.github.kubevxlan.controller.pod.OverlayStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.pod.Snapshots;
import io.github.kubevxlan.controller.reconcile.Outcome;
import io.github.kubevxlan.controller.reconcile.Reconciler;
import io.github.kubevxlan.controller.reconcile.SimulatedAgent;
import io.github.kubevxlan.controller.registry.Members;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * The two dialects against each other in a real kernel: one member in two network namespaces, each with an agent of its
 * own dialect. After each step of a random history {@code ip}, {@code bridge} and {@code nft} of the machine must show the
 * same in both. Not a unit test, since it needs root: {@code agent/check} runs it.
 */
final class RealDialects {
    private static final List<Integer> PEERS = List.of(10, 100, 1_000);
    private static final int STEPS = 12;
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final String NETWORK = "vx0";
    private static final String OTHER = "vx1";
    private static final List<String> SHOWN = List.of(
            "ip -d -o link show",
            "ip -o address show",
            "ip route show table all proto 184",
            "ip -6 route show table all proto 184",
            "bridge fdb show",
            "ip neigh show nud permanent",
            "nft list ruleset",
            "tc -d qdisc show");
    /** Each after the other, so that each kind takes the place of the other, and some of it is taken away. */
    private static final List<String> IMPAIRED = List.of(
            "id=100 rate=10mbit",
            "id=100 rate=8kbit txqueuelen=7",
            "id=100 rate=10mbit delay=20ms jitter=2ms loss=0.5% duplicate=1% reorder=25% corrupt=0.1%",
            "id=100 delay=10us txqueuelen=0",
            "id=100 delay=10s loss=33.333% rate=10gbit",
            "id=100 rate=10gbit",
            "id=100 loss=100%",
            "id=101 loss=1%",
            "id=100");

    private static final List<String> DEFINITIONS = List.of(
            "id=100",
            "id=100 mtu=1400",
            "id=100 forwarding=flood",
            "id=101",
            "id=100 up=false",
            "id=100 ra=accept",
            "id=100 security=log subnet=10.64.0.0/16;fd64::/64 peer=10.100.99.1;fd00:100::99:1",
            "id=100 security=on subnet=10.64.0.0/16",
            "id=100 security=on forwarding=flood",
            "id=100 ttl=9 tos=184 learning=false txqueuelen=55",
            "id=100 tos=inherit checksum=false txqueuelen=0",
            "id=100 rate=1mbit",
            "id=100 delay=5ms rate=1mbit",
            "id=100 ip=10.9.0.1/24 route=224.0.0.0/4",
            "id=100 ip=10.9.0.1/24;fd09::1/64 route=10.8.0.0/16:10.9.0.2",
            "id=100 ip=10.9.0.1/24 route=10.7.0.0/16:10.9.0.3 metric=7 peer=10.100.99.1");
    private static final List<String> SECURED = List.of(
            "id=100 security=log subnet=10.64.0.0/16 peer=10.100.99.1;fd00:100::99:1",
            "id=100 security=on subnet=10.64.0.0/16");
    private static final List<String> DAMAGES = List.of(
            "ip link del vx0 2>/dev/null",
            "bridge fdb del 00:00:00:00:00:00 dev vx0 2>/dev/null",
            "ip neigh flush dev vx0 nud permanent 2>/dev/null",
            "nft flush ruleset",
            "nft -a list table inet kube-vxlan-controller 2>/dev/null | sed -n 's/.*redirect .*# handle //p' | head -n"
                    + " 1 | xargs -r nft delete rule inet kube-vxlan-controller router-advertisements handle",
            "nft list chains inet | sed -n 's/.*chain \\(.*-senders\\) {/flush chain inet kube-vxlan-controller \\1/p'"
                    + " | nft -f -",
            "ip link set vx0 down 2>/dev/null",
            "tc qdisc del dev vx0 root 2>/dev/null",
            "tc qdisc change dev vx0 root handle 185: tbf rate 3mbit burst 20000 limit 20000 2>/dev/null",
            "ip address flush dev vx0 2>/dev/null");

    private final boolean ipv6;
    private final int peers;
    private final Random random;
    private final Members members =
            new Members(SimulatedCluster.KEYS, Definitions.parse(Map.of(), SimulatedCluster.DEFAULTS), 256, true);
    private final List<Side> sides;

    private record Side(String namespace, SessionPool sessions, Reconciler reconciler) {
        static Side of(String namespace, String program, List<String> command) {
            SessionPool sessions = new SessionPool(
                    (_, wanted, _) -> {
                        if (!wanted.getFirst().equals(program)) {
                            throw LocalSession.absent();
                        }
                        return new LocalSession(command);
                    },
                    new Limits(2, 2, 2, DEADLINE, DEADLINE),
                    Ticker.system(),
                    new SecureRandom(),
                    new FixedEpoch(1));
            return new Side(namespace, sessions, new Reconciler(Nets.PREFIX, sessions, SimulatedAgent.NEVER_LATE));
        }
    }

    /**
     * Takes for the shell, then for the native agent: the namespace, and a command in one word that starts it there; then a
     * seed, or {@code impairments} for these alone, on a kernel that has all of them.
     */
    public static void main(String... args) throws Exception {
        if (args[4].equals("impairments")) {
            new RealDialects(args, 3, false, new Random(1)).impairAll();
            return;
        }
        long seed = Long.parseLong(args[4]);
        System.out.println("seed " + seed);
        for (int peers : PEERS) {
            for (boolean ipv6 : new boolean[] {false, true}) {
                new RealDialects(args, peers, ipv6, new Random(seed)).play();
            }
        }
    }

    private RealDialects(String[] args, int peers, boolean ipv6, Random random) {
        this.peers = peers;
        this.ipv6 = ipv6;
        this.random = random;
        sides = List.of(
                Side.of(args[0], "sh", List.of("sh", "-c", args[1])),
                Side.of(args[2], "/vxlan/agent", List.of("sh", "-c", args[3])));
        members.giveAddresses();
    }

    private void setUp() throws Exception {
        define("id=100");
        for (int i = 0; i <= peers; i++) {
            members.put(pod(i, true));
        }
        settle("set-up", true);
    }

    private void define(String definition) {
        members.define(Definitions.parse(Map.of(NETWORK, definition), SimulatedCluster.DEFAULTS));
    }

    /** Fails if anything is not applied, and shows what the kernel has. */
    private void impairAll() throws Exception {
        setUp();
        for (String definition : IMPAIRED) {
            define(definition);
            for (NetworkProblem problem : settle(definition, false)) {
                if (problem.network().equals(NETWORK)) {
                    throw new AssertionError(definition + ": " + problem);
                }
            }
            if (definition.contains("jitter")) {
                damageQdiscs(definition);
            }
            System.out.printf("%s:%n%s%n", definition, show(sides.getFirst(), "tc -s qdisc show dev vx0"));
        }
        requireRows("tc qdisc show dev vx0 | grep noqueue", 1);
    }

    private void damageQdiscs(String definition) throws Exception {
        for (String damage : List.of(
                "tc qdisc del dev vx0 root",
                "tc qdisc change dev vx0 root handle 184: netem delay 9ms 1ms 7% loss 7%")) {
            for (Side side : sides) {
                show(side, damage);
            }
            settle(definition + " after " + damage, true);
        }
    }

    private void play() throws Exception {
        setUp();
        for (String definition : IMPAIRED) {
            define(definition);
            settle(definition, false);
        }
        define("id=100");
        requireRows("bridge fdb show | grep ' dst '", peers);
        requireRows("nft list ruleset | grep ' drop '", 1);
        for (String definition : SECURED) {
            secure(definition);
        }
        for (int step = 0; step < STEPS; step++) {
            settle(step(), random.nextInt(3) == 0);
        }
        members.put(pod(0, false));
        settle("leaves", true);
        for (Side side : sides) {
            side.sessions().close();
        }
        System.out.printf("%d peers over IPv%d: the same after each of %d steps%n", peers, ipv6 ? 6 : 4, STEPS + 2);
    }

    /** What its peers may send is known in both, and a report of it is the same as what is wanted. */
    private void secure(String definition) throws Exception {
        members.define(Definitions.parse(Map.of(NETWORK, definition), SimulatedCluster.DEFAULTS));
        settle(definition, true);
        requireRows("nft list ruleset | grep '0x7278'", 1);
        requireQuiet(definition);
        members.put(pod(1, false));
        settle(definition + ", one leaves", false);
        requireQuiet(definition + ", one leaves");
        members.put(pod(1, true));
        settle(definition + ", it returns", false);
    }

    private void requireQuiet(String step) throws InterruptedException {
        for (Side side : sides) {
            long before = side.sessions().roundTrips();
            side.reconciler().reconcile(members.target("uid-0").orElseThrow(), true);
            long trips = side.sessions().roundTrips() - before;
            if (trips != 1) {
                throw new AssertionError("%d peers, %s, %s: %d round trips to find that nothing changed"
                        .formatted(peers, step, side.namespace(), trips));
            }
        }
    }

    /** Two empty tables would be the same, too. */
    private void requireRows(String show, int least) throws IOException, InterruptedException {
        long rows = show(sides.getFirst(), show).lines().count();
        if (rows < least) {
            throw new AssertionError("%d peers, set-up: %s shows %d rows".formatted(peers, show, rows));
        }
    }

    private String step() throws Exception {
        return switch (random.nextInt(4)) {
            case 0 -> redefine();
            case 1 -> damage();
            default -> joinOrLeave();
        };
    }

    private String redefine() {
        String definition = DEFINITIONS.get(random.nextInt(DEFINITIONS.size()));
        members.define(Definitions.parse(
                random.nextBoolean()
                        ? Map.of(NETWORK, definition)
                        : Map.of(NETWORK, definition, OTHER, "id=200 forwarding=flood"),
                SimulatedCluster.DEFAULTS));
        return definition;
    }

    private String damage() throws Exception {
        String damage = DAMAGES.get(random.nextInt(DAMAGES.size()));
        for (Side side : sides) {
            show(side, damage);
        }
        settle(damage, true);
        return "after " + damage;
    }

    private String joinOrLeave() {
        int first = 1 + random.nextInt(peers);
        int last = Math.min(peers, first + random.nextInt(5));
        boolean joins = random.nextBoolean();
        for (int i = first; i <= last; i++) {
            members.put(pod(i, joins));
        }
        return "peers " + first + " to " + last + (joins ? " join" : " leave");
    }

    private List<NetworkProblem> settle(String step, boolean check) throws Exception {
        List<NetworkProblem> problems = new ArrayList<>();
        for (Side side : sides) {
            Outcome outcome =
                    side.reconciler().reconcile(members.target("uid-0").orElseThrow(), check);
            if (outcome instanceof Outcome.Failed failed) {
                throw new AssertionError(peers + " peers, " + step + ", " + side.namespace() + ": " + failed);
            }
            if (outcome instanceof Outcome.Settled settled) {
                problems.addAll(settled.problems());
            }
        }
        for (String show : SHOWN) {
            String shell = show(sides.getFirst(), show);
            String agent = show(sides.getLast(), show);
            if (!shell.equals(agent)) {
                throw new AssertionError("%d peers, %s: %s shows with the shell%n%s%nand with the agent%n%s"
                        .formatted(peers, step, show, shell, agent));
            }
        }
        return problems;
    }

    /** Lines in order, since tables have none; numbers of devices and what grows with time left out. */
    private static String show(Side side, String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("nsenter", "--net=/run/netns/" + side.namespace(), "sh", "-c", command)
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return Arrays.stream(printed.replaceAll("[,{}]", "\n").split("\n", -1))
                .map(line ->
                        line.strip().replaceFirst("^[0-9]+: ", "").replaceAll("link-netns[^ ]* [^ ]+|@if[0-9]+", ""))
                .filter(line -> !line.contains("fe80::") && !line.contains("33:33:") && !line.contains("01:00:5e"))
                .filter(line -> !line.contains("alias pending") && !line.contains("alias complete"))
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    private PodSnapshot pod(int number, boolean joins) {
        String underlay = ipv6
                ? "fd00:100::%x:%x".formatted(1 + number / 200, 1 + number % 200)
                : "10.100.%d.%d".formatted(1 + number / 200, 1 + number % 200);
        List<IpAddr> overlay = List.of(IpAddr.parse("10.64.%d.%d".formatted(number / 200, 1 + number % 200)));
        NetworkStatus claim = NetworkStatus.claim(NETWORK, new Vni(100), overlay);
        return Snapshots.running(
                new PodRef("uid-" + number, "default", "pod-" + number),
                "node",
                IpAddr.parse(underlay),
                joins ? Map.of(SimulatedCluster.KEYS.names(), NETWORK + "," + OTHER) : Map.of(),
                new ObservedStatus(1, new OverlayStatus(List.of(claim), Optional.empty())));
    }
}
