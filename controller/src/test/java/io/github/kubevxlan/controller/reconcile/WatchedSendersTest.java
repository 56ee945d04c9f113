package io.github.kubevxlan.controller.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.spec.Defaults;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.controller.agent.Agent;
import io.github.kubevxlan.controller.diff.ReportRequest;
import io.github.kubevxlan.controller.diff.Script;
import io.github.kubevxlan.controller.observe.ObservedFilters;
import io.github.kubevxlan.controller.observe.ObservedFilters.Guard;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.observe.ObservedSecurity;
import io.github.kubevxlan.controller.observe.RefusedSender;
import io.github.kubevxlan.controller.overlay.Filter;
import io.github.kubevxlan.controller.overlay.Nets;
import io.github.kubevxlan.controller.overlay.Refusal;
import io.github.kubevxlan.controller.pod.ObservedStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.pod.Snapshots;
import io.github.kubevxlan.controller.registry.Members;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who hears of packets that members refuse. */
class WatchedSendersTest {
    private static final Keys KEYS = new Keys(Nets.PREFIX);
    private static final Filter RED = Filter.parse("vni100-port8472-ipv4").orElseThrow();
    private static final Filter PLAIN = Filter.parse("vni200-port8472-ipv4").orElseThrow();
    private static final PodSnapshot VICTIM = pod("victim", "10.0.0.1", "red");
    private static final PodSnapshot HOSTILE = pod("hostile", "10.0.0.2", "red, plain");

    private final Members members = new Members(
            KEYS,
            Definitions.parse(
                    Map.of("red", "id=100 security=on security-exempt=role=router", "plain", "200"),
                    new Defaults(new IfName("eth0"), new Port(8472))),
            2,
            true);
    private final List<String> heard = new ArrayList<>();
    private final List<RefusedSender> told = new ArrayList<>();
    private Duration now = Duration.ofHours(5);
    private final WatchedSenders agent = new WatchedSenders(agent(), members, recorder(), () -> now);

    WatchedSendersTest() {
        members.giveAddresses();
        members.put(VICTIM);
        members.put(HOSTILE);
        members.put(pod("router", "10.0.0.3", "red").labelled(Map.of("role", "router")));
        members.put(pod("other", "10.0.0.4", "plain"));
    }

    @Test
    void theMemberWithTheVtepHearsOfItAndStrangersAndExemptOnesDoNot() throws Exception {
        tell(RED, "10.0.0.2", 1);
        tell(RED, "10.0.0.3", 1);
        tell(RED, "10.0.0.4", 1);
        tell(RED, "10.0.0.9", 1);
        tell(RED, "10.0.0.1", 1);
        check(VICTIM);
        assertEquals(List.of("hostile red of victim ON ARP"), heard);
    }

    @Test
    void whatAnAgentTellsOfNetworksThatItWasNotAskedAboutCountsForNothing() throws Exception {
        tell(PLAIN, "10.0.0.2", 1);
        check(VICTIM);
        assertEquals(List.of(), heard);
    }

    @Test
    void whatWasToldBeforeIsNoNewsUntilItComesAgain() throws Exception {
        tell(RED, "10.0.0.2", 1);
        check(VICTIM);
        told.clear();
        tell(RED, "10.0.0.2", 301);
        now = now.plusSeconds(300 - 5);
        check(VICTIM);
        assertEquals(1, heard.size());

        told.clear();
        tell(RED, "10.0.0.2", 100);
        now = now.plusSeconds(300);
        check(VICTIM);
        assertEquals(2, heard.size());
    }

    @Test
    void aNewLeaderTellsWhatIsNotLongAgo() throws Exception {
        tell(RED, "10.0.0.2", 601);
        check(VICTIM);
        assertEquals(List.of(), heard);
        agent.forget("victim");
        told.clear();
        tell(RED, "10.0.0.2", 599);
        check(VICTIM);
        assertEquals(1, heard.size());
    }

    private void tell(Filter filter, String vtep, int ago) {
        told.add(new RefusedSender(filter, IpAddr.parse(vtep), Refusal.ARP, Duration.ofSeconds(ago)));
    }

    private void check(PodSnapshot pod) throws Exception {
        ReportRequest all = new ReportRequest(
                true, members.target(pod.ref().uid()).orElseThrow().desired().links(), List.of());
        agent.run(pod, new Script(List.of(), false, all));
    }

    private Agent agent() {
        return new Agent() {
            @Override
            public ObservedPod run(PodSnapshot pod, Script script) {
                return report();
            }

            @Override
            public boolean hasSession(PodSnapshot pod) {
                return true;
            }

            @Override
            public void forget(String uid) {}
        };
    }

    private ObservedPod report() {
        ObservedSecurity security = new ObservedSecurity(true, Map.of(), Map.of(), told);
        return new ObservedPod(
                new ObservedPod.Devices(List.of(), Set.of()),
                new ObservedPod.Routing(List.of(), List.of()),
                Optional.of(new ObservedFilters(true, Map.of(), new Guard(List.of(), true), Map.of(), security)),
                Map.of(),
                new ObservedPod.Diagnostics(List.of(), Optional.empty()));
    }

    private EventRecorder recorder() {
        return (EventRecorder) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {EventRecorder.class}, (_, _, arguments) -> {
                    RefusedPackets packets = (RefusedPackets) arguments[1];
                    heard.add(((PodRef) arguments[0]).name() + " " + packets.network() + " of "
                            + packets.receiver().name() + " " + packets.mode().name() + " "
                            + packets.reason().name());
                    return null;
                });
    }

    private static PodSnapshot pod(String uid, String vtep, String networks) {
        return Snapshots.running(
                new PodRef(uid, "default", uid),
                "node",
                IpAddr.parse(vtep),
                Map.of(KEYS.networks(), networks),
                ObservedStatus.NOTHING);
    }
}
