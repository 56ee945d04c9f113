package io.github.kubevxlan.controller.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kubevxlan.controller.agent.Limits;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.reconcile.UnlabelledPodLister.Place;
import io.github.kubevxlan.controller.simulation.SimulatedTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Two lists of pods, the first of three pages. */
class OrphanCollectorTest {
    private static final Duration HALF_A_SECOND = Duration.ofMillis(500);

    private final SimulatedTime time = new SimulatedTime(new Random(1));
    private final List<Place> listed = new ArrayList<>();
    private final Set<Place> closed = new HashSet<>();
    private final Set<Place> broken = new HashSet<>();
    private final OrphanCollector orphans = new OrphanCollector(
            new Lists(),
            _ -> {},
            new Dependencies(
                    time,
                    new Timing(time.timer, time),
                    new Random(1),
                    new WorkSettings(
                            new Limits(64, 16, 256, Duration.ofSeconds(10), Duration.ofSeconds(10)),
                            Duration.ofMinutes(5)),
                    Meter.NONE));

    @Test
    void listsEachPageOnceAndRestsBetweenThem() {
        orphans.begin();
        time.pass(HALF_A_SECOND.multipliedBy(2).minusMillis(1));
        assertEquals(List.of(Place.START, new Place(0, "1")), listed);

        time.pass(Duration.ofHours(1));

        assertEquals(List.of(Place.START, new Place(0, "1"), new Place(0, "2"), new Place(1, "")), listed);
    }

    @Test
    void aListThatCanNotBeReadKeepsNobodyFromLookingAtTheOtherAndIsReadLater() {
        closed.add(new Place(0, "1"));
        orphans.begin();
        time.pass(HALF_A_SECOND.multipliedBy(3));
        assertEquals(List.of(Place.START, new Place(0, "1"), new Place(1, "")), listed);

        closed.clear();
        listed.clear();
        time.pass(Duration.ofHours(1));

        assertEquals(List.of(Place.START, new Place(0, "1"), new Place(0, "2"), new Place(1, "")), listed);
    }

    @Test
    void aPodThatCanNotBeTakenEndsNothing() {
        broken.add(new Place(0, "1"));
        orphans.begin();
        time.pass(HALF_A_SECOND.multipliedBy(3));
        assertEquals(List.of(Place.START, new Place(0, "1"), new Place(1, "")), listed);

        broken.clear();
        listed.clear();
        time.pass(Duration.ofHours(1));

        assertEquals(List.of(Place.START, new Place(0, "1"), new Place(0, "2"), new Place(1, "")), listed);
    }

    private final class Lists implements UnlabelledPodLister {
        @Override
        public Optional<PodSnapshot> find(PodRef pod) {
            return Optional.empty();
        }

        @Override
        public Optional<Place> page(Place from, Consumer<PodSnapshot> action) throws PodReadException {
            if (from.scope() == 2) {
                return Optional.empty();
            }
            listed.add(from);
            if (closed.contains(from)) {
                throw new PodReadException("forbidden");
            }
            if (broken.contains(from)) {
                throw new IllegalStateException("odd");
            }
            int page = from.token().isEmpty() ? 0 : Integer.parseInt(from.token());
            boolean more = from.scope() == 0 && page < 2;
            return Optional.of(more ? new Place(0, Integer.toString(page + 1)) : from.nextList());
        }
    }
}
