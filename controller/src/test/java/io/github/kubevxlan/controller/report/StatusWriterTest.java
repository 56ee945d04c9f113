package io.github.kubevxlan.controller.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Vni;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.controller.observe.StatusJson;
import io.github.kubevxlan.controller.plan.NetworkStatus;
import io.github.kubevxlan.controller.plan.OverlayStatus;
import io.github.kubevxlan.controller.plan.PodRef;
import io.github.kubevxlan.controller.plan.PodSnapshot;
import io.github.kubevxlan.controller.plan.PodSnapshot.AgentState;
import io.github.kubevxlan.controller.plan.ReadyCondition;
import io.github.kubevxlan.controller.plan.Recorded;
import io.github.kubevxlan.controller.reconcile.Surroundings;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
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
    private Optional<PodSnapshot> latest = Optional.of(snapshot(100, OverlayStatus.NOTHING));
    private final StatusWriter writer = new StatusWriter(
            api.client(),
            KEYS,
            _ -> latest,
            new Surroundings(
                    runnable::add,
                    timer(),
                    Clock.fixed(Instant.parse("2026-01-02T03:04:05.678Z"), ZoneOffset.UTC),
                    new Random(1),
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(10)));

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void writesAnnotationAndConditionInOnePatchAndLeavesTheRest() {
        CompletableFuture<Void> written = writer.write(POD, READY);
        pump();

        assertTrue(written.isDone());
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

        CompletableFuture<Void> written = writer.write(POD, CLAIMED);
        pump();

        assertTrue(written.isDone());
        assertEquals(List.of(), api.requests);
    }

    @Test
    void readsAPodThatChangedAndWritesForWhatIsThereThen() {
        api.touch();

        writer.write(POD, CLAIMED).isDone();
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

        CompletableFuture<Void> written = writer.write(POD, CLAIMED);
        pump();

        assertTrue(written.isCompletedExceptionally());
        assertEquals("", annotation());
    }

    @Test
    void whatTakesThePlaceOfAWriteCompletesItToo() {
        CompletableFuture<Void> first = writer.write(POD, CLAIMED);
        CompletableFuture<Void> second = writer.write(POD, READY);
        assertFalse(first.isDone());
        pump();

        assertTrue(first.isDone() && second.isDone());
        assertEquals(1, api.requests.size());
    }

    @Test
    void aWatchThatIsBehindLeadsToNoSecondWrite() {
        writer.write(POD, CLAIMED).isDone();
        pump();
        api.requests.clear();

        writer.seen(snapshot(100, OverlayStatus.NOTHING));
        pump();

        assertEquals(List.of(), api.requests);
    }

    @Test
    void whatSomebodyElseChangedIsWrittenAgain() {
        writer.write(POD, CLAIMED).isDone();
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
        CompletableFuture<Void> written = writer.write(POD, CLAIMED);
        pump();
        assertFalse(written.isDone());

        api.refusal = 0;
        waiting.removeFirst().run();
        pump();

        assertTrue(written.isDone());
        assertEquals(StatusJson.print(CLAIM, "u1"), annotation());
    }

    @Test
    void takesTheAnnotationAwayWhereThereIsNothingToTell() {
        api.annotate(StatusJson.print(CLAIM, "u1"));
        latest = Optional.empty();

        writer.write(POD, OverlayStatus.NOTHING).isDone();
        pump();

        assertEquals("", annotation());
        assertEquals(
                "stays", api.metadataNow().path("annotations").path("other").textValue());
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
                "node1",
                List.of(IpAddr.parse("10.244.1.1")),
                false,
                false,
                AgentState.RUNNING,
                "vxlan-controller-agent",
                "containerd://1",
                Map.of(),
                new Recorded(version, status));
    }

    private ScheduledExecutorService timer() {
        ScheduledExecutorService timer = mock(ScheduledExecutorService.class);
        when(timer.schedule(any(Runnable.class), anyLong(), any())).thenAnswer(call -> {
            waiting.add(call.getArgument(0));
            return null;
        });
        return timer;
    }
}
