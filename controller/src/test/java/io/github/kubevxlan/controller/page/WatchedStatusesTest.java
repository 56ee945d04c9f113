package io.github.kubevxlan.controller.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.controller.pod.NetworkStatus.State;
import io.github.kubevxlan.controller.pod.ObservedStatus;
import io.github.kubevxlan.controller.pod.OverlayStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.pod.Snapshots;
import io.github.kubevxlan.controller.reconcile.StatusStore;
import io.github.kubevxlan.controller.simulation.SimulatedTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WatchedStatusesTest {
    private static final PodRef POD = new PodRef("uid", "team", "pod");

    private final List<String> passed = new ArrayList<>();
    private final RecentChanges changes = new RecentChanges(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
    private final WatchedStatuses statuses = new WatchedStatuses(new Passed(), changes, "uid"::equals);

    @Test
    void aPodsLifeIsToldInOrder() {
        statuses.seen(pod(ObservedStatus.NOTHING));
        statuses.seen(pod(Statuses.of("vx0", State.CLAIMED, "")));
        statuses.seen(pod(Statuses.ready("vx0", "10.0.0.1")));
        statuses.seen(pod(Statuses.of("vx0", State.PENDING, "no answer")));
        statuses.seen(pod(Statuses.of("vx0", State.PENDING, "no answer yet")));
        statuses.seen(pod(Statuses.ready("vx0", "10.0.0.1")));
        statuses.seen(pod(Statuses.of("vx0", State.DEGRADED, "no route")));
        statuses.forget("uid");
        statuses.forget("uid");

        assertEquals(
                List.of(
                        "joined vx0 its addresses are being given",
                        "ready vx0 ",
                        "failed vx0 no answer",
                        "repaired vx0 ",
                        "degraded vx0 no route",
                        "left vx0 "),
                kinds());
    }

    @Test
    void whatWasThereAtTheStartIsNoNews() {
        statuses.seen(pod(Statuses.ready("vx0", "10.0.0.1")));
        statuses.seen(pod(Statuses.ready("vx0", "10.0.0.1")));

        assertEquals(List.of(), kinds());
    }

    @Test
    void aNetworkThatIsRemovedIsLeft() {
        statuses.seen(pod(Statuses.ready("vx0", "10.0.0.1")));
        statuses.seen(pod(Statuses.ready("vx1", "10.0.1.1")));

        assertEquals(List.of("left vx0 ", "joined vx1 "), kinds());
    }

    @Test
    void everythingIsPassedOn() {
        statuses.seen(pod(ObservedStatus.NOTHING));
        statuses.write(POD, OverlayStatus.NOTHING);
        statuses.writeLast(POD, OverlayStatus.NOTHING);
        statuses.expect("uid");
        statuses.forget("uid");

        assertEquals(List.of("seen", "write", "writeLast", "expect", "forget"), passed);
    }

    @Test
    void podsThatWentAreNotRememberedForEver() {
        for (int i = 0; i < 10 * WatchedStatuses.FEWEST_MANY; i++) {
            PodRef other = new PodRef("other-" + i, "team", "pod");
            statuses.seen(Snapshots.named(pod(ObservedStatus.NOTHING), other));
        }
        statuses.seen(pod(ObservedStatus.NOTHING));

        assertTrue(statuses.remembered() <= WatchedStatuses.FEWEST_MANY + 1, () -> "" + statuses.remembered());
    }

    @Test
    void changesAreBoundedInNumberAndLength() {
        for (int i = 0; i < RecentChanges.MOST + 10; i++) {
            changes.add(PageChange.Kind.FAILED, POD, "vx0", "x".repeat(5_000));
        }

        assertEquals(RecentChanges.MOST, changes.between(0, Long.MAX_VALUE).size());
        assertEquals(RecentChanges.MOST + 10, changes.last());
        assertEquals(301, changes.between(0, Long.MAX_VALUE).getFirst().text().length());
    }

    @Test
    void oldChangesAreNotShown() {
        SimulatedTime time = new SimulatedTime(new Random(1));
        RecentChanges some = new RecentChanges(time);
        some.add(PageChange.Kind.JOINED, POD, "vx0", "");
        time.pass(RecentChanges.REMEMBERED.plusMillis(1));
        some.add(PageChange.Kind.READY, POD, "vx0", "");

        assertEquals(
                List.of("ready"),
                some.between(0, Long.MAX_VALUE).stream().map(PageChange::kind).toList());
    }

    private List<String> kinds() {
        return changes.between(0, Long.MAX_VALUE).stream()
                .map(change -> change.kind() + " " + change.subject().network() + " " + change.text())
                .toList();
    }

    private static PodSnapshot pod(ObservedStatus status) {
        return Snapshots.running(POD, "node", IpAddr.parse("10.9.0.1"), Map.of(), status);
    }

    private final class Passed implements StatusStore {
        @Override
        public void write(PodRef pod, OverlayStatus status) {
            passed.add("write");
        }

        @Override
        public void writeLast(PodRef pod, OverlayStatus status) {
            passed.add("writeLast");
        }

        @Override
        public void seen(PodSnapshot pod) {
            passed.add("seen");
        }

        @Override
        public void expect(String uid) {
            passed.add("expect");
        }

        @Override
        public void forget(String uid) {
            passed.add("forget");
        }
    }
}
