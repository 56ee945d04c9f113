package io.github.kubevxlan.controller.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.withSettings;

import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.util.CommonConfig;
import io.github.kubevxlan.common.util.EnvConfig;
import io.github.kubevxlan.controller.agent.Agent;
import io.github.kubevxlan.controller.agent.Limits;
import io.github.kubevxlan.controller.overlay.Nets;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.registry.Members;
import io.github.kubevxlan.controller.simulation.SimulatedTime;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a new leader asks the API server for while its watch is behind. */
class CacheSyncBarrierRequestsTest {
    private static final Duration LONG = Duration.ofHours(1);

    /** Pauses of 50 ms that double up to 2 s, of which half is left to chance. */
    private static final int MOST_SCANS_A_MINUTE = 6 + 60;

    private final SimulatedTime time = new SimulatedTime(new Random(1));
    private final Set<PodRef> gone = new HashSet<>();
    private final List<PodSnapshot> pods = IntStream.rangeClosed(1, 100)
            .mapToObj(i -> SimulatedAgent.pod("uid-" + i, "10.0.0." + i))
            .toList();
    private int lists;
    private int gets;
    private boolean isBroken;
    private boolean started;
    private final Controller controller = controller();
    private final CacheSyncBarrier barrier = new CacheSyncBarrier(labelled(), controller, dependencies());

    @Test
    void manyPodsThatTheWatchDoesNotShowCostNoMoreRequestsThanOne() {
        barrier.begin();
        time.pass(Duration.ofMinutes(1));

        assertFalse(started);
        assertEquals(1, lists);
        assertTrue(gets <= MOST_SCANS_A_MINUTE, () -> gets + " requests in a minute");
    }

    @Test
    void eachThatIsGoneIsAskedForOnce() {
        pods.forEach(pod -> gone.add(pod.ref()));
        barrier.begin();
        time.runAll();

        assertTrue(started);
        assertEquals(pods.size(), gets);
    }

    @Test
    void itStartsOnceTheWatchHasShownAll() {
        barrier.begin();
        time.pass(Duration.ofSeconds(10));
        pods.forEach(pod -> controller.changed(pod, false, () -> Optional.of(pod)));
        time.pass(Duration.ofSeconds(2));

        assertTrue(started);
    }

    @Test
    void aPodThatCanNotBeReadEndsNothing() {
        isBroken = true;
        pods.forEach(pod -> gone.add(pod.ref()));
        barrier.begin();
        time.pass(Duration.ofMinutes(1));
        assertFalse(started);
        assertTrue(lists <= MOST_SCANS_A_MINUTE, () -> lists + " lists in a minute");

        isBroken = false;
        time.pass(Duration.ofSeconds(20));
        assertTrue(started);
    }

    private LabelledPodLister labelled() {
        return new LabelledPodLister() {
            @Override
            public void each(Consumer<PodSnapshot> action) {
                lists++;
                if (isBroken) {
                    throw new IllegalStateException("odd");
                }
                pods.forEach(action);
            }

            @Override
            public boolean isThere(PodRef pod) {
                gets++;
                return !gone.contains(pod);
            }
        };
    }

    private Controller controller() {
        CommonConfig config = CommonConfig.read(new EnvConfig(Map.of()));
        return new Controller(
                new Members(config.keys(), Definitions.parse(Map.of(), config.defaults()), 10, true),
                new Reconciler(Nets.PREFIX, mock(Agent.class, withSettings().stubOnly()), SimulatedAgent.NEVER_LATE),
                new UnlabelledPodLister() {
                    @Override
                    public Optional<PodSnapshot> find(PodRef pod) {
                        return Optional.empty();
                    }

                    @Override
                    public Optional<Place> page(Place from, Consumer<PodSnapshot> action) {
                        started = true;
                        return Optional.empty();
                    }
                },
                new Recorders(
                        mock(EventRecorder.class, withSettings().stubOnly()),
                        mock(StatusStore.class, withSettings().stubOnly())),
                dependencies());
    }

    private Dependencies dependencies() {
        return new Dependencies(
                time,
                new Timing(time.timer, time),
                new Random(1),
                new WorkSettings(new Limits(64, 16, 256, LONG, LONG), LONG),
                Meter.NONE);
    }
}
