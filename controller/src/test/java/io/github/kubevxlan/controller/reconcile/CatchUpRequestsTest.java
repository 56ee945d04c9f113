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
import io.github.kubevxlan.controller.plan.Members;
import io.github.kubevxlan.controller.plan.Nets;
import io.github.kubevxlan.controller.plan.PodRef;
import io.github.kubevxlan.controller.plan.PodSnapshot;
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
class CatchUpRequestsTest {
    private static final Duration LONG = Duration.ofHours(1);

    /** Pauses of 50 ms that double up to 2 s, of which half is left to chance. */
    private static final int MOST_LOOKS_A_MINUTE = 6 + 60;

    private final SimulatedTime time = new SimulatedTime(new Random(1));
    private final Set<PodRef> gone = new HashSet<>();
    private final List<PodSnapshot> pods = IntStream.rangeClosed(1, 100)
            .mapToObj(i -> SimulatedAgent.pod("uid-" + i, "10.0.0." + i))
            .toList();
    private int lists;
    private int gets;
    private boolean started;
    private final Loop loop = loop();
    private final CatchUp catchUp = new CatchUp(labelled(), loop, surroundings());

    @Test
    void manyPodsThatTheWatchDoesNotShowCostNoMoreRequestsThanOne() {
        catchUp.begin();
        time.pass(Duration.ofMinutes(1));

        assertFalse(started);
        assertEquals(1, lists);
        assertTrue(gets <= MOST_LOOKS_A_MINUTE, () -> gets + " requests in a minute");
    }

    @Test
    void eachThatIsGoneIsAskedForOnce() {
        pods.forEach(pod -> gone.add(pod.ref()));
        catchUp.begin();
        time.runAll();

        assertTrue(started);
        assertEquals(pods.size(), gets);
    }

    @Test
    void itStartsOnceTheWatchHasShownAll() {
        catchUp.begin();
        time.pass(Duration.ofSeconds(10));
        pods.forEach(pod -> loop.changed(pod, false, () -> Optional.of(pod)));
        time.pass(Duration.ofSeconds(2));

        assertTrue(started);
    }

    private Labelled labelled() {
        return new Labelled() {
            @Override
            public void each(Consumer<PodSnapshot> action) {
                lists++;
                pods.forEach(action);
            }

            @Override
            public boolean isThere(PodRef pod) {
                gets++;
                return !gone.contains(pod);
            }
        };
    }

    private Loop loop() {
        CommonConfig config = CommonConfig.read(new EnvConfig(Map.of()));
        return new Loop(
                new Members(config.keys(), Definitions.parse(Map.of(), config.defaults()), 10, true),
                new Reconciler(Nets.PREFIX, mock(Agent.class, withSettings().stubOnly())),
                new Unlabelled() {
                    @Override
                    public Optional<PodSnapshot> find(PodRef pod) {
                        return Optional.empty();
                    }

                    @Override
                    public void each(Consumer<PodSnapshot> action) {
                        started = true;
                    }
                },
                mock(PodNews.class, withSettings().stubOnly()),
                mock(StatusStore.class, withSettings().stubOnly()),
                surroundings());
    }

    private Surroundings surroundings() {
        return new Surroundings(time, time.timer, time, new Random(1), LONG, LONG);
    }
}
