package io.github.kubevxlan.controller.names.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.net.Family;
import io.github.kubevxlan.common.spec.Problem;
import io.github.kubevxlan.controller.agent.Limits;
import io.github.kubevxlan.controller.names.NamesEvents;
import io.github.kubevxlan.controller.names.NamesView;
import io.github.kubevxlan.controller.names.ObservedSlice;
import io.github.kubevxlan.controller.names.PodNames;
import io.github.kubevxlan.controller.names.Samples;
import io.github.kubevxlan.controller.names.ServiceRef;
import io.github.kubevxlan.controller.names.ServiceSnapshot;
import io.github.kubevxlan.controller.names.SliceChange;
import io.github.kubevxlan.controller.names.SliceWriteException;
import io.github.kubevxlan.controller.names.Slices;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.reconcile.Dependencies;
import io.github.kubevxlan.controller.reconcile.Meter;
import io.github.kubevxlan.controller.reconcile.Timing;
import io.github.kubevxlan.controller.reconcile.WorkSettings;
import io.github.kubevxlan.controller.simulation.SimulatedTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NamesControllerTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    private final SimulatedTime time = new SimulatedTime(new Random(1));
    private final Slices slices = new Slices();
    private final List<String> events = new ArrayList<>();
    private final List<String> attempts = new ArrayList<>();
    private List<ServiceSnapshot> services = List.of(Samples.service("web"));
    private List<PodNames> pods = List.of();
    private Optional<List<ObservedSlice>> stale = Optional.empty();
    private String failing = "";
    private String hanging = "";
    private int views;
    private Runnable meanwhile = () -> {};
    private Runnable inEach = () -> {};
    private final NamesController names = new NamesController(
            Samples.KEYS,
            change -> {
                attempts.add(change.slice().service().name());
                if (change.slice().service().name().equals(failing)) {
                    throw new SliceWriteException("no", new IllegalStateException());
                }
                if (hanging.isEmpty() || change.slice().service().namespace().equals(hanging)) {
                    Runnable once = meanwhile;
                    meanwhile = () -> {};
                    once.run();
                }
                inEach.run();
                return slices.apply(change);
            },
            new NamesEvents() {
                @Override
                public void refused(ServiceRef service, List<Problem> problems) {
                    events.add(service.name() + " refused");
                }

                @Override
                public void unwritten(ServiceRef service, String reason) {
                    events.add(service.name() + " unwritten: " + reason);
                }
            },
            new Dependencies(
                    time,
                    new Timing(time.timer, time),
                    new Random(1),
                    new WorkSettings(new Limits(64, 16, 256, LONG, LONG), LONG),
                    Meter.NONE));

    @Test
    void nothingIsWrittenBeforeItLeads() {
        pods = List.of(Samples.pod("web-0", "10.1.0.1"));
        names.changed();
        time.pass(LONG);
        assertEquals(Map.of(), hosts());
        names.start(this::view);
        time.pass(NamesController.GATHER);
        assertEquals(Map.of("web-0", "10.1.0.1"), hosts());
    }

    @Test
    void changesThatComeTogetherCostOneWrite() {
        names.start(this::view);
        time.pass(NamesController.GATHER);
        for (int i = 0; i < 10; i++) {
            List<PodNames> more = new ArrayList<>(pods);
            more.add(Samples.pod("web-" + i, "10.1.0." + i));
            pods = more;
            names.changed();
            time.pass(NamesController.GATHER.dividedBy(20));
        }
        time.pass(NamesController.GATHER);
        assertEquals(1, attempts.size());
        assertEquals(10, hosts().size());
    }

    @Test
    void whatTheWatchDoesNotShowYetIsNotWrittenAgain() {
        stale = Optional.of(List.of());
        pods = List.of(Samples.pod("web-0", "10.1.0.1"));
        names.start(this::view);
        time.pass(NamesController.GATHER);
        names.changed();
        time.pass(Duration.ofSeconds(2));
        assertEquals(1, attempts.size());
    }

    @Test
    void aDeletionThatTheWatchDoesNotShowYetIsNotRepeated() {
        pods = List.of(Samples.pod("web-0", "10.1.0.1"));
        names.start(this::view);
        time.pass(NamesController.GATHER);
        stale = Optional.of(slices.observed());
        pods = List.of();
        names.changed();
        time.pass(Duration.ofSeconds(2));
        assertEquals(2, attempts.size());
        assertEquals(Map.of(), hosts());
    }

    @Test
    void aChangeDoesNotWaitForTheWatchToShowTheLastWrite() {
        stale = Optional.of(List.of());
        pods = List.of(Samples.pod("web-0", "10.1.0.1"));
        names.start(this::view);
        time.pass(NamesController.GATHER);
        pods = List.of(Samples.pod("web-1", "10.1.0.2"));
        names.changed();
        time.pass(NamesController.GATHER);
        assertEquals(Map.of("web-1", "10.1.0.2"), hosts());
    }

    @Test
    void aSliceIsDeletedOnceThoughTheWatchShowsNeitherItNorItsLastState() {
        pods = List.of(Samples.pod("web-0", "10.1.0.1"));
        names.start(this::view);
        time.pass(NamesController.GATHER);
        stale = Optional.of(slices.observed());
        for (List<PodNames> now : List.of(List.of(Samples.pod("web-1", "10.1.0.2")), List.<PodNames>of())) {
            pods = now;
            names.changed();
            time.pass(Duration.ofSeconds(1));
        }
        assertEquals(3, attempts.size());
        assertEquals(List.of(), slices.observed());
    }

    @Test
    void whatChangesDuringAWriteIsWrittenRightAfterIt() {
        pods = List.of(Samples.pod("web-0", "10.1.0.1"));
        meanwhile = () -> {
            pods = List.of(Samples.pod("web-1", "10.1.0.2"));
            names.changed();
            time.pass(NamesController.GATHER);
        };
        names.start(this::view);
        time.pass(NamesController.GATHER.multipliedBy(2));
        assertEquals(Map.of("web-1", "10.1.0.2"), hosts());
    }

    @Test
    void afterARefusalTheWatchIsBelieved() {
        pods = List.of(Samples.pod("web-0", "10.1.0.1"));
        names.start(this::view);
        time.pass(NamesController.GATHER);
        stale = Optional.of(List.of());
        ObservedSlice there = slices.observed().getFirst();
        slices.apply(new SliceChange.Delete(there.slice(), there.version()));
        failing = "web";
        pods = List.of(Samples.pod("web-1", "10.1.0.2"));
        names.changed();
        time.pass(NamesController.GATHER);
        assertEquals(List.of("web unwritten: no"), events);

        failing = "";
        time.pass(Duration.ofSeconds(2));
        assertEquals(Map.of("web-1", "10.1.0.2"), hosts());
    }

    @Test
    void aServiceWhoseSlicesAreRefusedDelaysNoOtherAndIsTriedAgain() {
        services = List.of(Samples.service("bad"), Samples.service("web"));
        failing = "bad";
        pods = List.of(Samples.pod("web-0", "10.1.0.1"));
        names.start(this::view);
        time.pass(NamesController.GATHER);
        assertEquals(List.of("bad", "web"), attempts);
        assertEquals(List.of("bad unwritten: no"), events);

        time.pass(Duration.ofMinutes(30));
        assertTrue(attempts.size() < 70, () -> attempts.size() + " attempts in half an hour");
        assertTrue(attempts.size() > 20, () -> attempts.size() + " attempts in half an hour");

        failing = "";
        time.pass(Duration.ofMinutes(2));
        assertEquals(2, slices.observed().size());
        int done = attempts.size();
        time.pass(LONG);
        assertEquals(done, attempts.size());
    }

    @Test
    void aNamespaceWhoseWritesHangDelaysNoOther() {
        services = List.of(Samples.service("slow", "db", "blue", Optional.empty()), Samples.service("web"));
        pods = List.of(podIn("slow", "db-0", "10.1.0.1"), Samples.pod("web-0", "10.1.0.2"));
        hanging = "slow";
        meanwhile = () -> {
            time.pass(Duration.ZERO);
            assertEquals(Map.of("web-0", "10.1.0.2"), hosts(), "what is compared together");
            pods = List.of(podIn("slow", "db-1", "10.1.0.1"), Samples.pod("web-1", "10.1.0.2"));
            names.changed();
            time.pass(NamesController.GATHER);
            assertEquals(Map.of("web-1", "10.1.0.2"), hosts(), "what changes while it hangs");
        };
        names.start(this::view);
        time.pass(NamesController.GATHER.multipliedBy(2));
        assertEquals(Map.of("db-1", "10.1.0.1", "web-1", "10.1.0.2"), hosts());
        assertEquals(4, attempts.size());
        assertEquals(List.of(), events);
    }

    @Test
    void nothingIsComparedBecauseARetriedWriteHangs() {
        pods = List.of(Samples.pod("web-0", "10.1.0.1"));
        failing = "web";
        names.start(this::view);
        time.pass(NamesController.GATHER);
        failing = "";
        int[] compared = new int[1];
        meanwhile = () -> {
            int before = views;
            time.pass(Duration.ofSeconds(30));
            compared[0] = views - before;
        };
        time.pass(Duration.ofSeconds(5));
        assertEquals(Map.of("web-0", "10.1.0.1"), hosts());
        assertTrue(compared[0] < 3, () -> compared[0] + " comparisons in half a minute");
    }

    @Test
    void aWriteThatFailsUnexpectedlyIsTriedAgain() {
        pods = List.of(Samples.pod("web-0", "10.1.0.1"));
        inEach = () -> {
            inEach = () -> {};
            throw new IllegalStateException("odd");
        };
        names.start(this::view);
        time.pass(Duration.ofSeconds(5));
        assertEquals(Map.of("web-0", "10.1.0.1"), hosts());
        assertEquals(2, attempts.size());
    }

    @Test
    void aNamespaceWithManyServicesIsWrittenInTurnWithOthers() {
        services = List.of(
                Samples.service("big", "a", "blue", Optional.empty()),
                Samples.service("big", "b", "blue", Optional.empty()),
                Samples.service("big", "c", "blue", Optional.empty()),
                Samples.service("web"));
        pods = List.of(podIn("big", "a-0", "10.1.0.1"), Samples.pod("web-0", "10.1.0.2"));
        names.start(this::view);
        time.pass(NamesController.GATHER);
        assertEquals(4, attempts.size());
        assertTrue(attempts.indexOf("web") < 2, attempts::toString);
    }

    @Test
    void onlySoManyAreWrittenAtOnce() {
        List<String> namespaces = IntStream.range(0, 20).mapToObj(i -> "ns" + i).toList();
        services = namespaces.stream()
                .map(namespace -> Samples.service(namespace, "web", "blue", Optional.empty()))
                .toList();
        pods = namespaces.stream()
                .map(namespace -> podIn(namespace, namespace + "-0", "10.1.0.1"))
                .toList();
        int[] now = new int[1];
        int[] most = new int[1];
        inEach = () -> {
            now[0]++;
            most[0] = Math.max(most[0], now[0]);
            time.pass(Duration.ZERO);
            now[0]--;
        };
        names.start(this::view);
        time.pass(NamesController.GATHER);
        assertEquals(20, hosts().size());
        assertEquals(SliceWriters.MOST, most[0]);
    }

    @Test
    void aMistakeIsSaid() {
        services = List.of(Samples.service("shop", "web", "closed", Optional.empty()));
        names.start(this::view);
        time.pass(NamesController.GATHER);
        assertEquals(List.of("web refused"), events);
    }

    @Test
    void whatSomebodyElseDeletesComesBack() {
        pods = List.of(Samples.pod("web-0", "10.1.0.1"));
        names.start(this::view);
        time.pass(NamesController.GATHER);
        ObservedSlice there = slices.observed().getFirst();
        slices.apply(new SliceChange.Delete(there.slice(), there.version()));
        names.changed();
        time.pass(Duration.ofSeconds(10));
        assertEquals(Map.of("web-0", "10.1.0.1"), hosts());
    }

    private static PodNames podIn(String namespace, String name, String address) {
        return Samples.podIn(namespace, name, Samples.status("blue", NetworkStatus.State.READY, address));
    }

    private NamesView view() {
        views++;
        return new NamesView(Samples.DEFINITIONS, services, pods, stale.orElseGet(slices::observed));
    }

    private Map<String, String> hosts() {
        return Slices.hosts(slices.observed().stream()
                .map(ObservedSlice::slice)
                .filter(slice -> slice.family() == Family.IPV4)
                .toList());
    }
}
