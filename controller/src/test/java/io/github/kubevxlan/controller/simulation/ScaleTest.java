package io.github.kubevxlan.controller.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Vni;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.controller.agent.FencingToken;
import io.github.kubevxlan.controller.agent.Limits;
import io.github.kubevxlan.controller.agent.shell.ScriptBuilder;
import io.github.kubevxlan.controller.diff.IncrementalUpdate;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.Nets;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.ObservedStatus;
import io.github.kubevxlan.controller.pod.OverlayStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.pod.Snapshots;
import io.github.kubevxlan.controller.reconcile.Controller;
import io.github.kubevxlan.controller.reconcile.Dependencies;
import io.github.kubevxlan.controller.reconcile.EventRecorder;
import io.github.kubevxlan.controller.reconcile.Meter;
import io.github.kubevxlan.controller.reconcile.Reconciler;
import io.github.kubevxlan.controller.reconcile.Recorders;
import io.github.kubevxlan.controller.reconcile.SimulatedAgent;
import io.github.kubevxlan.controller.reconcile.StatusStore;
import io.github.kubevxlan.controller.reconcile.Timing;
import io.github.kubevxlan.controller.reconcile.UnlabelledPodLister;
import io.github.kubevxlan.controller.reconcile.WorkSettings;
import io.github.kubevxlan.controller.registry.Members;
import io.github.kubevxlan.controller.simulation.SharedTables.Cost;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;

/** What one join costs where many are members already, and how that grows (DESIGN: cost). */
class ScaleTest {
    private static final int SMALL = 1_000;
    private static final int LARGE = 5_000;
    private static final int TOGETHER = 20;
    private static final int MOST_COMMANDS = 3;
    /** Less than the entry of a map takes. */
    private static final int MOST_KEPT = 16;

    /** In bytes a member. */
    private static final int MOST_HEAP = 12 * 1024;

    private static final Duration SECOND = Duration.ofSeconds(1);

    /** CPU in milliseconds: until it is known whom the join concerns, and until the script for each of them is there too. */
    private record Join(
            double heapPerMember,
            double allocatedPerPeer,
            Cost peer,
            double millisecondsPlaced,
            double millisecondsAll) {}

    @ParameterizedTest
    @ValueSource(strings = {"100", "id=100 forwarding=flood", "id=100 subnet=10.64.0.0/16"})
    void aJoinCostsAMemberTheSameHoweverManyThereAre(String definition) {
        join(1, definition); // what is loaded once is no member's
        Join small = join(SMALL, definition);
        Join large = join(LARGE, definition);
        System.out.printf("one joins %d (%s): %s%none joins %d: %s%n", SMALL, definition, small, LARGE, large);

        assertEquals(1, large.peer().scripts(), "scripts a peer");
        assertTrue(large.peer().commands() <= MOST_COMMANDS, () -> large + " commands");
        assertEquals(small.peer().bytes(), large.peer().bytes(), 8, "bytes sent to a peer, but for digits");
        assertTrue(large.allocatedPerPeer() < 2 * small.allocatedPerPeer(), () -> small + ", " + large);
        assertTrue(large.heapPerMember() < 2 * small.heapPerMember(), () -> small + ", " + large);
    }

    @Test
    void podsThatJoinTogetherCostEachMemberOneScript() {
        Segment segment = new Segment(SMALL, "100");
        segment.begin();
        for (int i = 0; i < TOGETHER; i++) {
            segment.put(SMALL + i);
        }
        segment.time.pass(SECOND);

        assertEquals(SMALL + TOGETHER, segment.tables.costs.size(), "pods that a shell is opened in");
        for (int i = 0; i < SMALL; i++) {
            assertEquals(1, segment.tables.cost(uid(i)).scripts(), "scripts to member " + i);
        }
    }

    @Test
    void nothingIsSentWhenNothingHappens() {
        Segment segment = new Segment(SMALL, "100");
        segment.begin();
        segment.time.pass(SimulatedController.RESYNC.dividedBy(3));
        segment.controller.checkDue();
        segment.time.runAll();

        assertEquals(Map.of(), segment.tables.costs);
    }

    @ParameterizedTest
    @ValueSource(strings = {"100", "id=100 subnet=10.64.0.0/16"})
    void listingPodsAndEditingNetworksTakeTheSameForEachMemberHoweverManyThereAre(String definition) {
        define(SMALL, definition); // what is loaded once is no member's
        Define small = define(SMALL, definition);
        Define large = define(LARGE, definition);
        System.out.printf(
                "%d are listed (%s), then a network is defined: %s%n%d: %s%n", SMALL, definition, small, LARGE, large);

        assertTrue(large.allocatedListing() < 1.5 * small.allocatedListing(), () -> small + ", " + large);
        assertTrue(large.allocatedDefining() < 1.5 * small.allocatedDefining(), () -> small + ", " + large);
    }

    @Test
    void nothingIsKeptOfPodsThatAreGone() {
        Segment segment = new Segment(TOGETHER, "100");
        segment.begin();
        segment.comeAndGo(TOGETHER, SMALL);
        long before = heap();
        segment.comeAndGo(TOGETHER + SMALL, LARGE);
        double kept = (double) (heap() - before) / LARGE;
        System.out.printf("bytes kept of each pod that is gone: %.1f%n", kept);

        assertTrue(kept < MOST_KEPT, () -> kept + " bytes of each pod");
    }

    /** Each member is at another version of the table, as where each of them was told at another moment of a restart of all. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void heapGrowsByMemberWhateverTheChurn(boolean filters) {
        long empty = heap();
        Segment segment = new Segment(SMALL, "100");
        segment.begin();
        double before = (double) (heap() - empty) / SMALL;
        List<DesiredPod> held = new ArrayList<>();
        for (int i = 0; i < SMALL; i++) {
            segment.remove(i);
            segment.put(SMALL + i);
            DesiredPod desired = segment.desired(SMALL + i);
            desired.links().getFirst().peers().digest();
            held.add(filters ? desired : desired.unfiltered());
        }
        double perMember = (double) (heap() - empty) / SMALL;
        System.out.printf("heap a member: %.0f bytes, after a restart of all %.0f%n", before, perMember);

        assertEquals(SMALL, held.stream().distinct().count(), "versions");
        assertTrue(perMember < MOST_HEAP, () -> perMember + " bytes a member");
    }

    /** By the thread that does it; what is allocated is in bytes a member. */
    private record Define(
            double allocatedListing, double listMilliseconds, double allocatedDefining, double defineMilliseconds) {}

    private static Define define(int size, String definition) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] cpu = {threads.getCurrentThreadCpuTime(), 0, 0};
        long[] allocated = {threads.getCurrentThreadAllocatedBytes(), 0, 0};
        Segment segment = new Segment(size, definition);
        segment.members.giveAddresses();
        cpu[1] = threads.getCurrentThreadCpuTime();
        allocated[1] = threads.getCurrentThreadAllocatedBytes();
        segment.members.define(Definitions.parse(Map.of("vx0", definition, "vx1", "101"), SimulatedCluster.DEFAULTS));
        cpu[2] = threads.getCurrentThreadCpuTime();
        allocated[2] = threads.getCurrentThreadAllocatedBytes();
        return new Define(
                (double) (allocated[1] - allocated[0]) / size,
                (cpu[1] - cpu[0]) / 1e6,
                (double) (allocated[2] - allocated[1]) / size,
                (cpu[2] - cpu[1]) / 1e6);
    }

    private static Join join(int size, String definition) {
        long empty = heap();
        Segment segment = new Segment(size, definition);
        segment.begin();
        double heapPerMember = (double) (heap() - empty) / size;
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        List<DesiredPod> before = segment.allDesired(size);
        long cpu = threads.getCurrentThreadCpuTime();
        segment.put(size);
        double milliseconds = (threads.getCurrentThreadCpuTime() - cpu) / 1e6;
        segment.printUpdate(before);
        double all = (threads.getCurrentThreadCpuTime() - cpu) / 1e6;
        long allocated = threads.getCurrentThreadAllocatedBytes();
        segment.time.pass(SECOND);
        long perPeer = (threads.getCurrentThreadAllocatedBytes() - allocated) / size;
        return new Join(heapPerMember, perPeer, segment.tables.cost(uid(0)), milliseconds, all);
    }

    /** In order by number. */
    private static String uid(int number) {
        return "uid-%05d".formatted(number);
    }

    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** A segment whose members are settled. */
    private static final class Segment {
        final SimulatedTime time = new SimulatedTime(new Random(1));
        final Members members = new Members(
                SimulatedCluster.KEYS,
                Definitions.parse(Map.of(), SimulatedCluster.DEFAULTS),
                SimulatedController.NEIGHBOURS,
                true);
        final SharedTables tables = new SharedTables(members);
        final Controller controller = new Controller(
                members,
                new Reconciler(Nets.PREFIX, tables, SimulatedAgent.NEVER_LATE),
                Mockito.mock(UnlabelledPodLister.class, Mockito.withSettings().stubOnly()),
                new Recorders(
                        Mockito.mock(EventRecorder.class, Mockito.withSettings().stubOnly()),
                        Mockito.mock(StatusStore.class, Mockito.withSettings().stubOnly())),
                new Dependencies(
                        time,
                        new Timing(time.timer, time),
                        new Random(1),
                        new WorkSettings(
                                new Limits(64, 16, 256, Duration.ofSeconds(10), Duration.ofSeconds(10)),
                                SimulatedController.RESYNC),
                        Meter.NONE));

        Segment(int size, String definition) {
            controller.define(Definitions.parse(Map.of("vx0", definition), SimulatedCluster.DEFAULTS));
            for (int i = 0; i < size; i++) {
                put(i, definition.contains("subnet=") ? claim(i) : ObservedStatus.NOTHING);
            }
            tables.settle();
        }

        /** Compares every member once, as after a restart. */
        void begin() {
            controller.start();
            time.pass(SECOND);
            tables.costs.clear();
        }

        /** Each time some come together, and are there, before they go together. */
        void comeAndGo(int first, int count) {
            for (int from = first; from < first + count; from += TOGETHER) {
                IntStream.range(from, from + TOGETHER).forEach(this::put);
                time.pass(SECOND);
                IntStream.range(from, from + TOGETHER).forEach(this::remove);
                time.pass(SECOND);
            }
        }

        List<DesiredPod> allDesired(int size) {
            return IntStream.range(0, size).mapToObj(this::desired).toList();
        }

        DesiredPod desired(int number) {
            return members.target(uid(number)).orElseThrow().desired();
        }

        void remove(int number) {
            controller.changed(pod(number, ObservedStatus.NOTHING), true, Optional::empty);
        }

        /** Plans as the controller does for each member that one join concerns, tables and digests included. */
        void printUpdate(List<DesiredPod> before) {
            for (int i = 0; i < before.size(); i++) {
                DesiredPod want = desired(i);
                IncrementalUpdate update = IncrementalUpdate.between(before.get(i), want);
                String text = ScriptBuilder.print(update.script(), "0123456789abcdef", new FencingToken(1, 1));
                assertTrue(text.contains("digest vx0"), text);
            }
        }

        void put(int number) {
            put(number, ObservedStatus.NOTHING);
        }

        private void put(int number, ObservedStatus observedStatus) {
            PodSnapshot pod = pod(number, observedStatus);
            controller.changed(pod, false, () -> Optional.of(pod));
        }

        private static ObservedStatus claim(int number) {
            IpAddr ip = IpAddr.parse("10.64.%d.%d".formatted(number / 200, 1 + number % 200));
            return new ObservedStatus(
                    1,
                    new OverlayStatus(
                            List.of(NetworkStatus.claim("vx0", new Vni(100), List.of(ip))), Optional.empty()));
        }

        private static PodSnapshot pod(int number, ObservedStatus observedStatus) {
            return Snapshots.running(
                    new PodRef(uid(number), "default", "pod-" + number),
                    "node-" + number % 50,
                    IpAddr.parse("10.%d.%d.%d".formatted(100 + number / 40_000, 1 + number / 200, 1 + number % 200)),
                    Map.of(SimulatedCluster.KEYS.names(), "vx0"),
                    observedStatus);
        }
    }
}
