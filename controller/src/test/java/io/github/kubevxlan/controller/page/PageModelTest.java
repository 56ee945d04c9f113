package io.github.kubevxlan.controller.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.spec.Defaults;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.ObservedStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.pod.ReadyCondition;
import io.github.kubevxlan.controller.pod.Snapshots;
import io.github.kubevxlan.controller.registry.Members;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PageModelTest {
    private static final Keys KEYS = new Keys("vxlan.travelping.com");
    private static final Definitions DEFINITIONS = Definitions.parse(
            Map.of("vx0", "100", "vx1", "id=101 family=ipv6", "bad", "id=abc"),
            new Defaults(new IfName("eth0"), new Port(14789)));
    private static final PageLeader LEADER = new PageLeader(true, "me", "me");

    private final Members members = new Members(KEYS, DEFINITIONS, 0, false);

    @Test
    void networksHaveTheirMembersCounted() {
        members.put(pod("a", "vx0", Statuses.ready("vx0", "10.1.0.1")));
        members.put(pod("b", "vx0", ObservedStatus.NOTHING));

        PageModel model = model();

        assertEquals(List.of("bad", "vx0", "vx1"), List.copyOf(model.networks().keySet()));
        assertEquals(
                new PageNetwork("vx0", new PageNetwork.Segment(100, 14789, ""), new PageNetwork.Pods(2, 1), ""),
                model.networks().get("vx0"));
        assertEquals(
                new PageNetwork("vx1", new PageNetwork.Segment(101, 14789, "ipv6"), new PageNetwork.Pods(0, 0), ""),
                model.networks().get("vx1"));
        assertTrue(network(model, "bad").problem().contains("abc"));
    }

    @Test
    void aMemberHasWhatIsWrittenOnItsPod() {
        members.put(pod("a", "vx0", Statuses.ready("vx0", "10.1.0.1")));

        assertEquals(
                List.of(new PageMember(
                        new PageMember.Identity("a", "default", "a", "node", List.of("10.0.0.1")),
                        "vx0",
                        new PageMember.Link("vx0", List.of("10.1.0.1"), "02:00:00:00:00:01"),
                        "ready",
                        "")),
                List.copyOf(model().members().values()));
    }

    @Test
    void eachStateHasItsReason() {
        assertState("waiting", "the controller has not set it up yet", ObservedStatus.NOTHING);
        assertState("waiting", "its addresses are being given", Statuses.of("vx0", NetworkStatus.State.CLAIMED, ""));
        assertState("failed", "no answer", Statuses.of("vx0", NetworkStatus.State.PENDING, "no answer"));
        assertState("failed", "gone", Statuses.of("vx0", NetworkStatus.State.UNAVAILABLE, "gone"));
        assertState("degraded", "no route", Statuses.of("vx0", NetworkStatus.State.DEGRADED, "no route"));
        assertState(
                "waiting",
                "peers are yet to be told",
                Statuses.with(
                        Statuses.ready("vx0", "10.1.0.1"),
                        new ReadyCondition(false, "PeersPending", "peers are yet to be told")));
    }

    @Test
    void whatAPodCanNotHaveSaysWhy() {
        members.put(pod("a", "nowhere", ObservedStatus.NOTHING));
        members.put(pod("b", "bad", ObservedStatus.NOTHING));

        PageModel model = model();

        assertEquals("network nowhere is not defined", one(model, "a").reason());
        assertEquals("failed", one(model, "b").state());
        assertTrue(one(model, "b").reason().contains("has no usable definition"), one(model, "b")::reason);
        assertEquals(1, network(model, "nowhere").pods().members());
    }

    @Test
    void aDeclarationThatCanNotBeReadIsShownWithoutANetwork() {
        members.put(pod("a", "vx0 up=maybe", ObservedStatus.NOTHING));

        assertEquals("", one(model(), "a").network());
        assertTrue(one(model(), "a").reason().contains("maybe"), one(model(), "a")::reason);
    }

    @Test
    void aDeltaHasWhatCameChangedAndWent() {
        members.put(pod("a", "vx0", ObservedStatus.NOTHING));
        members.put(pod("b", "vx0", ObservedStatus.NOTHING));
        PageModel before = model();
        members.put(pod("a", "vx0", Statuses.ready("vx0", "10.1.0.1")));
        members.remove("b");
        PageModel after = model();

        PageDelta delta = PageDelta.between(before, after);

        assertEquals(
                List.of("a/vx0"), delta.members().stream().map(PageMember::id).toList());
        assertEquals(List.of("b/vx0"), delta.goneMembers());
        assertEquals(
                List.of("vx0"), delta.networks().stream().map(PageNetwork::name).toList());
        assertTrue(PageDelta.between(after, after).isEmpty());
    }

    private void assertState(String state, String reason, ObservedStatus status) {
        members.put(pod("a", "vx0", status));
        assertEquals(
                state + ": " + reason,
                one(model(), "a").state() + ": " + one(model(), "a").reason());
    }

    private PageModel model() {
        return PageModel.of(LEADER, members.overview());
    }

    private static PageNetwork network(PageModel model, String name) {
        return Objects.requireNonNull(model.networks().get(name));
    }

    private static PageMember one(PageModel model, String uid) {
        return model.members().values().stream()
                .filter(member -> member.identity().uid().equals(uid))
                .findFirst()
                .orElseThrow();
    }

    private static PodSnapshot pod(String uid, String networks, ObservedStatus status) {
        return Snapshots.running(
                new PodRef(uid, "default", uid),
                "node",
                IpAddr.parse("10.0.0.1"),
                Map.of(KEYS.networks(), networks),
                status);
    }
}
