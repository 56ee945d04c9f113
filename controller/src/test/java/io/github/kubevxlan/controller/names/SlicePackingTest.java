package io.github.kubevxlan.controller.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.net.Family;
import io.github.kubevxlan.controller.pod.PodRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlicePackingTest {
    private static final ServiceRef SERVICE = new ServiceRef("uid", "shop", "web");

    private final Slices slices = new Slices();
    private List<SlicePort> ports = List.of();

    @Test
    void aHundredAndMoreAreSplit() {
        assertEquals(3, pack(endpoints(0, 250)).size());
        assertEquals(List.of(100, 100, 50), sizes());
    }

    @Test
    void aJoinAndALeaveChangeOneSlice() {
        pack(endpoints(0, 250));
        assertEquals(1, pack(endpoints(0, 251)).size());
        assertEquals(1, pack(endpoints(1, 251)).size());
        assertEquals(List.of(99, 100, 51), sizes());
    }

    @Test
    void aReplacementGoesWhereTheOldOneWas() {
        pack(endpoints(0, 250));
        List<Endpoint> wanted = new ArrayList<>(endpoints(1, 250));
        wanted.add(endpoint(1000));
        assertEquals(1, pack(wanted).size());
        assertEquals(List.of(100, 100, 50), sizes());
    }

    @Test
    void theOnlyMembersReplacementKeepsTheSlice() {
        pack(endpoints(0, 1));
        List<SliceChange> changes = pack(endpoints(1, 2));
        assertEquals(1, changes.size());
        assertTrue(changes.getFirst() instanceof SliceChange.Update, changes::toString);
    }

    @Test
    void aNewOneGoesIntoTheFullestSliceWithRoom() {
        pack(endpoints(0, 250));
        pack(endpoints(1, 250));
        pack(endpoints(1, 251));
        assertEquals(List.of(100, 100, 50), sizes());
    }

    @Test
    void anEmptySliceIsDeleted() {
        pack(endpoints(0, 250));
        pack(endpoints(0, 200));
        assertEquals(List.of(100, 100), sizes());
        pack(List.of());
        assertEquals(List.of(), sizes());
    }

    @Test
    void otherPortsChangeEverySlice() {
        pack(endpoints(0, 150));
        ports = List.of(new SlicePort("", "UDP", Optional.empty(), 53));
        assertEquals(2, pack(endpoints(0, 150)).size());
        assertTrue(
                slices.observed().stream().allMatch(one -> one.slice().ports().equals(ports)));
    }

    @Test
    void whatSomebodyPutIntoOurSliceOrTwiceIsTakenOut() {
        pack(endpoints(0, 2));
        ObservedSlice there = slices.observed().getFirst();
        List<Endpoint> more = new ArrayList<>(there.slice().endpoints());
        more.add(endpoint(7));
        more.add(endpoint(0));
        slices.apply(new SliceChange.Update(
                new Slice(there.slice().name(), SERVICE, Family.IPV4, ports, more), there.version()));
        assertEquals(1, pack(endpoints(0, 2)).size());
        assertEquals(endpoints(0, 2), slices.observed().getFirst().slice().endpoints());
    }

    @Test
    void whateverComesAndGoesTheSlicesHoldWhatIsWantedAndFewAreWritten() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Slices fresh = new Slices();
            List<Endpoint> wanted = new ArrayList<>();
            for (int step = 0; step < 40; step++) {
                int before = wanted.size();
                int left = random.nextInt(3) == 0 ? random.nextInt(before + 1) / 2 : 0;
                for (int i = 0; i < left; i++) {
                    wanted.remove(random.nextInt(wanted.size()));
                }
                int joined = left == 0 ? random.nextInt(40) : 0;
                for (int i = 0; i < joined; i++) {
                    wanted.add(endpoint(step * 100 + i));
                }
                List<SliceChange> changes = SlicePacking.pack(SERVICE, Family.IPV4, ports, wanted, fresh.observed());
                changes.forEach(fresh::apply);
                List<Endpoint> held = fresh.observed().stream()
                        .flatMap(one -> one.slice().endpoints().stream())
                        .toList();
                assertEquals(wanted.size(), held.size(), "seed " + seed);
                assertTrue(held.containsAll(wanted), "seed " + seed);
                assertTrue(changes.size() <= left + (joined + Slice.MOST - 1) / Slice.MOST + joined, "seed " + seed);
                assertEquals(
                        List.of(),
                        SlicePacking.pack(SERVICE, Family.IPV4, ports, wanted, fresh.observed()),
                        "seed " + seed);
            }
        }
    }

    private List<SliceChange> pack(List<Endpoint> wanted) {
        List<SliceChange> changes = SlicePacking.pack(SERVICE, Family.IPV4, ports, wanted, slices.observed());
        changes.forEach(slices::apply);
        return changes;
    }

    private List<Integer> sizes() {
        return slices.observed().stream()
                .map(one -> one.slice().endpoints().size())
                .toList();
    }

    private static List<Endpoint> endpoints(int from, int to) {
        return IntStream.range(from, to).mapToObj(SlicePackingTest::endpoint).toList();
    }

    private static Endpoint endpoint(int number) {
        return new Endpoint(
                "10.1.%d.%d".formatted(number / 256, number % 256),
                "web-" + number,
                "node",
                new PodRef("uid-" + number, "shop", "web-" + number),
                new Endpoint.Conditions(true, false));
    }
}
