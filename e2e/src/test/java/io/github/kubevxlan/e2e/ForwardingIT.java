package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Declared;
import io.github.kubevxlan.e2e.harness.Declared.Net;
import io.github.kubevxlan.e2e.harness.Frames;
import io.github.kubevxlan.e2e.harness.Frames.Frame;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Shell;
import io.github.kubevxlan.e2e.harness.Stage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which frames reach whom, seen on the link of a third member. */
class ForwardingIT {
    private static final String STATIC = "e2e-static";
    private static final String FLOOD = "e2e-flood";
    private static final String BROADCAST = "ff:ff:ff:ff:ff:ff";
    private static final String GROUP_MAC = "01:00:5e:54:01:02";
    private static final String GROUP = "239.84.1.2";

    @RegisterExtension
    static final Stage stage = Stage.named("forwarding");

    private static Pod one;
    private static Pod two;
    private static Pod third;

    @BeforeAll
    static void startMembers() {
        stage.define(STATIC, "8140");
        stage.define(FLOOD, "id=8141 forwarding=flood");
        List<Pod> pods = stage.start(
                Pods.onNode(0, Pods.member("one", networks(1))),
                Pods.onNode(1, Pods.member("two", networks(2))),
                Pods.onNode(1, Pods.member("third", networks(3))));
        one = pods.get(0);
        two = pods.get(1);
        third = pods.get(2);
        Declared.nothing()
                .and(one, nets(1))
                .and(two, nets(2))
                .and(third, nets(3))
                .awaitExact();
        // So that its first frame goes to a MAC that nobody has learned, where nobody is told.
        String known =
                "/sbin/ip neigh replace 10.84.1.2 lladdr %s nud permanent dev %s".formatted(mac(two, FLOOD), FLOOD);
        Lab.inPod(one, known);
    }

    @Test
    void whatTwoMembersSayToEachOtherReachesNoThird() {
        List<Frame> seen = seenByThird(STATIC, "10.84.0");

        assertEquals(
                List.of(), seen.stream().filter(ForwardingIT::isNoneOfThirds).toList());
    }

    /** What the kernel has learned meanwhile is not flooded, so it is made to forget. */
    @Test
    void withFloodItDoes() {
        Await.until("the third sees a frame for another and ARP", () -> {
            Lab.inPod(one, "/sbin/bridge fdb del " + mac(two, FLOOD) + " dev " + FLOOD + "; true");
            Lab.inPod(two, "/sbin/ip neigh flush dev " + FLOOD);
            List<Frame> seen = seenByThird(FLOOD, "10.84.1");
            boolean floods = seen.stream().anyMatch(Frame::isArp)
                    && seen.stream().anyMatch(frame -> frame.isUnicast() && isNoneOfThirds(frame));
            return floods ? Optional.empty() : Optional.of(seen.toString());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {STATIC, FLOOD})
    void broadcastAndMulticastReachEveryMember(String network) {
        try (Frames atTwo = Frames.begin(two, network);
                Frames atThird = Frames.begin(third, network)) {
            Lab.inPod(one, "/sbin/ip route replace 239.84.1.0/24 dev " + network);
            Shell.inApp(
                    one,
                    "ping -c 1 -W 1 " + GROUP + "; ping -c 1 -W 1 "
                            + (network.equals(STATIC) ? "10.84.0.255" : "10.84.1.255") + "; true");
            for (Frames at : List.of(atTwo, atThird)) {
                at.await("a multicast frame", frame -> frame.destination().equals(GROUP_MAC));
                at.await("a broadcast frame", frame -> isBroadcast(frame) && !frame.isArp());
            }
        }
    }

    @Test
    void aMacThatIsNoMembersOwnIsLearned() {
        Pod host = stage.start(Pods.onNode(1, Pods.member("host", STATIC))).getFirst();
        Lab.inPod(host, """
            /sbin/ip link add br0 address 02:00:00:00:84:50 type bridge
            /sbin/ip link set %s master br0
            /sbin/ip link set br0 up
            /sbin/ip address add 10.84.0.50/24 dev br0
            """.formatted(STATIC));

        Await.until("an answer from behind the member", () -> {
            Shell.Ran ping = Shell.run(one, Pods.APP, "ping -c 1 -W 2 10.84.0.50");
            return ping.status() == 0 ? Optional.empty() : Optional.of(ping.out());
        });

        String entry = Lab.inPod(one, "/sbin/bridge fdb show dev " + STATIC + " | grep 02:00:00:00:84:50");
        assertTrue(entry.contains("dst " + Pods.ip(host)), entry);
        assertFalse(entry.contains("permanent"), entry);
    }

    /** What the third member sees of a ping from one to two, and of a broadcast after it. */
    private static List<Frame> seenByThird(String network, String net) {
        try (Frames frames = Frames.begin(third, network)) {
            Shell.inApp(one, "ping -c 3 -W 5 " + net + ".2");
            Shell.inApp(one, "ping -c 1 -W 1 " + net + ".255; true");
            frames.await("the broadcast", frame -> isBroadcast(frame) && !frame.isArp());
            return frames.seen();
        }
    }

    private static boolean isBroadcast(Frame frame) {
        return frame.destination().equals(BROADCAST);
    }

    /** Whether a frame is of the kind that is nobody's business but two others'. */
    private static boolean isNoneOfThirds(Frame frame) {
        boolean own = frame.destination().equals(mac(third, STATIC))
                || frame.destination().equals(mac(third, FLOOD));
        return frame.isArp() || (frame.isUnicast() && !own);
    }

    private static String mac(Pod pod, String link) {
        return Shell.inApp(pod, "cat /sys/class/net/" + link + "/address").strip();
    }

    private static Net[] nets(int host) {
        return new Net[] {
            Net.of(STATIC, 8140, "10.84.0.%d/24".formatted(host)),
            Net.of(FLOOD, 8141, "10.84.1.%d/24".formatted(host)).flooding()
        };
    }

    private static String networks(int host) {
        return "%s ip=10.84.0.%d/24, %s ip=10.84.1.%d/24".formatted(STATIC, host, FLOOD, host);
    }
}
