package io.github.kubevxlan.controller.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Vni;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.controller.agent.Limits;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.ObservedStatus;
import io.github.kubevxlan.controller.pod.OverlayStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.pod.PodSnapshot.AgentState;
import io.github.kubevxlan.controller.pod.ReadyCondition;
import io.github.kubevxlan.controller.reconcile.Dependencies;
import io.github.kubevxlan.controller.reconcile.Meter;
import io.github.kubevxlan.controller.reconcile.Timing;
import io.github.kubevxlan.controller.reconcile.WorkSettings;
import io.github.kubevxlan.controller.status.StatusJson;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StatusWriterTest {
    private static final Keys KEYS = new Keys("vxlan.travelping.com");
    private static final PodRef POD = new PodRef("u1", "a", "p");
    private static final List<NetworkStatus> CLAIM =
            List.of(NetworkStatus.claim("vx0", new Vni(100), List.of(IpAddr.parse("10.0.0.7"))));
    private static final OverlayStatus CLAIMED = new OverlayStatus(CLAIM, Optional.empty());
    private static final OverlayStatus READY =
            new OverlayStatus(CLAIM, Optional.of(new ReadyCondition(true, "Reachable", "all peers have it")));

    private final PodApi api = new PodApi("u1");
    private final Deque<Runnable> runnable = new ArrayDeque<>();
    private final List<Runnable> waiting = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private Duration now = Duration.ZERO;
    private Optional<PodSnapshot> latest = Optional.of(snapshot(100, OverlayStatus.NOTHING));
    private final StatusWriter writer = new StatusWriter(
            new StatusApi(api.client(), KEYS, Clock.fixed(Instant.parse("2026-01-02T03:04:05.678Z"), ZoneOffset.UTC)),
            _ -> latest,
            (_, reason) -> refused.add(reason),
            new Dependencies(
                    runnable::add,
                    new Timing(timer(), () -> now),
                    new Random(1),
                    new WorkSettings(
                            new Limits(64, 16, 256, Duration.ofSeconds(10), Duration.ofSeconds(10)),
                            Duration.ofMinutes(5)),
                    Meter.NONE));

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void writesAnnotationAndConditionInOnePatchAndLeavesTheRest() {
        writer.write(POD, READY);
        pump();

        assertEquals(List.of("PATCH /api/v1/namespaces/a/pods/p/status"), api.requests);
        assertEquals(StatusJson.print(CLAIM, "u1"), annotation());
        assertEquals(
                "stays", api.metadataNow().path("annotations").path("other").textValue());
        assertEquals("True", api.condition(PodApi.CONDITION).path("status").textValue());
        assertEquals(
                "2026-01-02T03:04:05Z",
                api.condition(PodApi.CONDITION).path("lastTransitionTime").textValue());
        assertEquals("True", api.condition("PodScheduled").path("status").textValue());
    }

    @Test
    void writesNothingThatThePodHas() {
        latest = Optional.of(snapshot(100, READY));

        writer.write(POD, CLAIMED);
        pump();

        assertEquals(List.of(), api.requests);
    }

    @Test
    void readsAPodThatChangedAndWritesForWhatIsThereThen() {
        api.touch();

        writer.write(POD, CLAIMED);
        pump();

        assertEquals(
                List.of(
                        "PATCH /api/v1/namespaces/a/pods/p/status",
                        "GET /api/v1/namespaces/a/pods/p",
                        "PATCH /api/v1/namespaces/a/pods/p/status"),
                api.requests);
        assertEquals(StatusJson.print(CLAIM, "u1"), annotation());
    }

    @Test
    void writesNothingOnAnotherPodOfTheName() {
        api.replace("u2");

        writer.write(POD, CLAIMED);
        pump();

        assertEquals("", annotation());
    }

    @Test
    void whatTakesThePlaceOfAWriteIsWrittenAlone() {
        writer.write(POD, CLAIMED);
        writer.write(POD, READY);
        pump();

        assertEquals(1, api.requests.size());
        assertEquals("True", api.condition(PodApi.CONDITION).path("status").textValue());
    }

    /** A thousand pods may wait while the API server is slow; what a write is about is looked at when it has its place. */
    @Test
    void aWriteThatWaitsForItsPlaceIsOfWhatIsWantedThen() {
        for (int other = 0; other < 16; other++) {
            writer.write(new PodRef("other-" + other, "a", "other-" + other), CLAIMED);
        }
        writer.write(POD, CLAIMED);
        assertEquals(16, runnable.size(), "begun at once");

        writer.write(POD, READY);
        pump();

        assertEquals(
                1,
                api.requests.stream().filter(line -> line.endsWith("/p/status")).count());
        assertEquals("True", api.condition(PodApi.CONDITION).path("status").textValue());
    }

    @Test
    void whatIsRefusedIsTriedAgainWhenItIsTimeHoweverOftenItIsGiven() {
        api.refusal = 403;
        for (int i = 0; i < 100; i++) {
            writer.write(POD, i % 2 == 0 ? CLAIMED : READY);
            pump();
        }

        assertEquals(List.of("PATCH /api/v1/namespaces/a/pods/p/status"), api.requests);
        api.refusal = 0;
        waiting.removeFirst().run();
        pump();
        assertEquals("True", api.condition(PodApi.CONDITION).path("status").textValue());
    }

    @Test
    void whatChangesAllTheTimeIsWrittenOnceAMinute() {
        for (int second = 0; second < 600; second++) {
            now = Duration.ofSeconds(second);
            writer.write(POD, new OverlayStatus(List.of(CLAIM.getFirst().saying("at " + second)), Optional.empty()));
            pump();
        }
        long patches =
                api.requests.stream().filter(line -> line.startsWith("PATCH")).count();
        assertTrue(patches <= 6 + 10, () -> patches + " writes in ten minutes");

        now = Duration.ofMinutes(11);
        waiting.getLast().run();
        pump();

        assertTrue(annotation().contains("at 599"), annotation());
    }

    @Test
    void whatIsNewOfAPodIsNotHeldBack() {
        for (int i = 0; i < 100; i++) {
            writer.write(POD, new OverlayStatus(List.of(CLAIM.getFirst().saying("try " + i)), Optional.empty()));
            pump();
        }
        writer.write(POD, CLAIMED);
        pump();

        writer.expect(POD.uid());
        pump();

        assertEquals(StatusJson.print(CLAIM, "u1"), annotation());
    }

    @Test
    void whereThereIsNoRoomForTheAnnotationTheConditionIsWrittenAndTheReasonTold() {
        api.full = true;
        writer.write(POD, READY);
        pump();

        assertEquals("True", api.condition(PodApi.CONDITION).path("status").textValue());
        assertEquals(List.of("metadata.annotations: Too long: may not be more than 262144 bytes"), refused);
        assertEquals(
                List.of(
                        "PATCH /api/v1/namespaces/a/pods/p/status",
                        "GET /api/v1/namespaces/a/pods/p",
                        "PATCH /api/v1/namespaces/a/pods/p/status"),
                api.requests);
        assertEquals(1, waiting.size(), "to be tried again, later");
    }

    @Test
    void longMessageIsWrittenOnce() {
        List<NetworkStatus> told = List.of(CLAIM.getFirst().saying("x".repeat(1_500)));
        writer.write(POD, new OverlayStatus(told, Optional.empty()));
        pump();
        latest = Optional.of(
                snapshot(api.version(), new OverlayStatus(StatusJson.read(annotation(), "u1"), Optional.empty())));
        api.requests.clear();

        writer.seen(latest.get());
        writer.write(POD, new OverlayStatus(told, Optional.empty()));
        pump();

        assertEquals(List.of(), api.requests);
    }

    @Test
    void aWatchThatIsBehindLeadsToNoSecondWrite() {
        writer.write(POD, CLAIMED);
        pump();
        api.requests.clear();

        writer.seen(snapshot(100, OverlayStatus.NOTHING));
        pump();

        assertEquals(List.of(), api.requests);
    }

    @Test
    void whatSomebodyElseChangedIsWrittenAgain() {
        writer.write(POD, CLAIMED);
        pump();
        api.annotate("forged");
        latest = Optional.of(snapshot(api.version(), OverlayStatus.NOTHING));

        writer.seen(latest.get());
        pump();

        assertEquals(StatusJson.print(CLAIM, "u1"), annotation());
    }

    @Test
    void triesAgainWhatTheServerDoesNotTake() {
        api.refusal = 403;
        writer.write(POD, CLAIMED);
        pump();
        assertEquals("", annotation());

        api.refusal = 0;
        waiting.removeFirst().run();
        pump();

        assertEquals(StatusJson.print(CLAIM, "u1"), annotation());
    }

    @Test
    void takesTheAnnotationAwayWhereThereIsNothingToTell() {
        api.annotate(StatusJson.print(CLAIM, "u1"));
        latest = Optional.empty();

        writer.write(POD, OverlayStatus.NOTHING);
        pump();

        assertEquals("", annotation());
        assertEquals(
                "stays", api.metadataNow().path("annotations").path("other").textValue());
    }

    @Test
    void theLastStatusIsWrittenThoughThePodIsForgottenAtOnce() {
        api.annotate(StatusJson.print(CLAIM, "u1"));
        latest = Optional.empty();
        api.refusal = 500;

        writer.writeLast(POD, OverlayStatus.NOTHING);
        writer.forget(POD.uid());
        pump();
        writer.forget(POD.uid());
        api.refusal = 0;
        waiting.removeFirst().run();
        pump();

        assertEquals("", annotation());
    }

    @Test
    void aPodThatIsForgottenIsWrittenOnNoMore() {
        writer.write(POD, CLAIMED);
        writer.forget(POD.uid());
        pump();

        assertEquals(List.of(), api.requests);
    }

    private String annotation() {
        return api.metadataNow().path("annotations").path(PodApi.KEY).asText();
    }

    private void pump() {
        while (!runnable.isEmpty()) {
            Objects.requireNonNull(runnable.poll()).run();
        }
    }

    private static PodSnapshot snapshot(long version, OverlayStatus status) {
        return new PodSnapshot(
                POD,
                new PodSnapshot.Placement("node1", List.of(IpAddr.parse("10.244.1.1")), false, false),
                new PodSnapshot.AgentContainer(AgentState.RUNNING, "vxlan-controller-agent", "containerd://1", ""),
                new PodSnapshot.PodMeta(Map.of()),
                new ObservedStatus(version, status));
    }

    private ScheduledExecutorService timer() {
        ScheduledExecutorService timer = mock(ScheduledExecutorService.class);
        when(timer.schedule(any(Runnable.class), anyLong(), any())).thenAnswer(call -> {
            waiting.add(call.getArgument(0));
            return mock(ScheduledFuture.class);
        });
        return timer;
    }
}
