package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Sysctl;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.Client;
import io.github.kubevxlan.e2e.harness.Cluster;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Overlay;
import io.github.kubevxlan.e2e.harness.Overlays;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Shell;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Status;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a member's kernel can't have takes nothing away from what it has. */
class UnfittingEditIT {
    @RegisterExtension
    static final Stage stage = Stage.named("unfitting");

    @Test
    void anEditThatFitsNoRunningPodLeavesThemReadyAndInStepWithTheirPeers() {
        String network = "e2e-unfit";
        stage.define(network, "7950");
        List<Pod> pods = stage.start(
                Pods.onNode(0, Pods.member("unfit-a", network + " ip=10.79.50.1/24")),
                Pods.onNode(1, Pods.member("unfit-b", network + " ip=10.79.50.2/24")));
        Pod a = pods.getFirst();
        String ready = Status.ready(stage.pod("unfit-a"));
        Overlay.Link before = Overlays.of(a).link(network);

        stage.define(network, "id=7950 mtu=9000");
        awaitEvent("unfit-a", "mtu 9000 is more than eth0 allows, 1450 bytes; the interface stays at 1450");
        Status.awaitStates(a, Map.of(network, "Degraded"));
        Pod c = stage.start(Pods.member("unfit-c", network + " mtu=1400 ip=10.79.50.3/24"))
                .getFirst();
        Overlays.awaitExact(network, List.of(a, pods.get(1), c));
        Overlays.ping(a, "10.79.50.3");
        stage.delete("unfit-c");
        Overlays.awaitExact(network, pods);
        assertEquals(before.index(), Overlays.of(a).link(network).index());
        assertEquals(ready, Status.ready(stage.pod("unfit-a")), "it was ready all the time");

        stage.define(network, "id=7950 mtu=1400");
        Status.awaitStates(a, Map.of(network, "Ready"));
    }

    @Test
    void aRouteGivesWayToAMemberBehindItAndComesBack() {
        String network = "e2e-behind";
        stage.define(network, "7951");
        Pod scout =
                stage.start(Pods.onNode(1, Pods.plain("scout", "exec hold"))).getFirst();
        String behind = Pods.ip(scout).replaceFirst("\\.[0-9]+$", ".0/24");
        Pod early = stage.start(Pods.onNode(
                        0, Pods.member("early", network + " ip=10.79.51.1/24 route=" + behind + ":10.79.51.9")))
                .getFirst();
        String show = "/sbin/ip route show " + behind + " dev " + network;
        assertFalse(Lab.inPod(early, show).isBlank(), "nobody is there, so it is set");

        stage.start(Pods.onNode(1, Pods.member("far", network + " ip=10.79.51.2/24")));
        awaitEvent("early", "route=" + behind + ":10.79.51.9 covers ");
        awaitBlank(early, show, true);
        Overlays.ping(early, "10.79.51.2");

        stage.delete("far");
        awaitBlank(early, show, false);
    }

    @Test
    void aPodWithoutIpv6HasItsIpv4AddressAndIsToldOfTheRest() {
        String network = "e2e-four";
        stage.define(network, "7952");
        Pod peer = Pods.member("six", network + " ip=10.79.52.2/24;fd79:52::2/64");
        Pod four = Pods.member("four", network + " ip=10.79.52.1/24;fd79:52::1/64");
        List<Sysctl> off = List.of(
                new Sysctl("net.ipv6.conf.all.disable_ipv6", "1"),
                new Sysctl("net.ipv6.conf.default.disable_ipv6", "1"));
        List<Pod> pods = stage.start(
                new PodBuilder(four)
                        .editSpec()
                        .editOrNewSecurityContext()
                        .withSysctls(off)
                        .endSecurityContext()
                        .endSpec()
                        .build(),
                peer);

        awaitEvent("four", "the pod has IPv6 switched off (disable_ipv6), so it is without ip=fd79:52::1/64");
        assertEquals(
                List.of("10.79.52.1/24"),
                List.copyOf(Overlays.of(pods.getFirst()).link(network).ipv4()));
        Overlays.ping(pods.get(1), "10.79.52.1");
    }

    @Test
    void aUdpPortThatTheAppHasIsNamedAndTheNetworkComesWhenItIsFree() {
        String network = "e2e-port";
        stage.create(Pods.annotated(
                Pods.member(
                        "port-app",
                        network + " ip=10.79.53.1/24",
                        "udp listen 0.0.0.0 7953 >/dev/null & echo $! >/tmp/pid; exec hold"),
                "wait",
                "false"));
        Await.until(
                "its app runs",
                () -> Pods.isRunning(stage.pod("port-app"), Pods.APP) ? Optional.empty() : Optional.of("not yet"));
        Pod pod = stage.pod("port-app");
        Await.until("its app listens", () -> {
            String sockets = Shell.inApp(pod, "cat /proc/net/udp");
            return sockets.contains(":" + Integer.toHexString(7953).toUpperCase(Locale.ROOT))
                    ? Optional.empty()
                    : Optional.of(sockets);
        });

        stage.define(network, "id=7953 dstport=7953");
        Await.until("an Event names the port", () -> {
            List<String> said = stage.events("port-app", "AgentFailed");
            return said.stream().anyMatch(words -> words.contains("UDP port 7953 of network " + network))
                    ? Optional.empty()
                    : Optional.of(said.toString());
        });
        Shell.inApp(pod, "kill $(cat /tmp/pid)");
        Status.awaitStates(pod, Map.of(network, "Ready"));
    }

    @Test
    void aRenameLeavesWhatTheAppPutOnTheInterface() {
        String network = "e2e-renamed";
        stage.define(network, "7954");
        Pod pod = stage.start(Pods.member("renamed", network + " ip=10.79.54.1/24"))
                .getFirst();
        Lab.inPod(pod, """
            set -e
            /sbin/ip addr add fd79:54::1/64 dev e2e-renamed nodad
            /sbin/ip route add 10.77.54.0/24 via 10.79.54.9 proto 12
            /sbin/ip -6 route add fd77:54::/64 via fd79:54::9
            /sbin/ip neigh add 10.79.54.9 lladdr 02:00:00:00:00:09 dev e2e-renamed nud permanent
            """);

        Client.run(
                "kubectl",
                "annotate",
                "--overwrite",
                "pod/renamed",
                "--namespace=" + stage.namespace(),
                Cluster.PREFIX + "/networks=" + network + " ip=10.79.54.1/24 name=data0");
        Await.until(
                "the interface is renamed",
                () -> Overlays.of(pod).links().containsKey("data0") ? Optional.empty() : Optional.of("not yet"));
        String there = Lab.inPod(
                pod,
                "/sbin/ip -o addr show dev data0; /sbin/ip route show dev data0; /sbin/ip -6 route show dev data0;"
                        + " /sbin/ip neigh show dev data0");
        for (String own : List.of("fd79:54::1/64", "10.77.54.0/24", "fd77:54::/64", "02:00:00:00:00:09")) {
            assertEquals(true, there.contains(own), () -> own + " is gone: " + there);
        }
        assertEquals(0, Pods.restarts(stage.pod("renamed"), Cluster.AGENT));
    }

    @Test
    void anotherSegmentWithAnImpossibleMtuIsEnteredWithTheOldOne() {
        String network = "e2e-moved";
        stage.define(network, "id=7955 mtu=1400");
        List<Pod> pods = stage.start(
                Pods.onNode(0, Pods.member("moved-a", network + " ip=10.79.55.1/24")),
                Pods.onNode(1, Pods.member("moved-b", network + " ip=10.79.55.2/24")),
                Pods.onNode(1, Pods.member("moved-c", network + " ip=10.79.55.3/24")));
        String ready = Status.ready(stage.pod("moved-a"));

        stage.define(network, "id=7956 mtu=9000");
        awaitEvent("moved-a", "mtu 9000 is more than eth0 allows, 1450 bytes; the interface stays at 1400");
        pods.forEach(pod -> Status.awaitStates(pod, Map.of(network, "Degraded")));
        stage.delete("moved-c");
        Overlays.awaitExact(network, pods.subList(0, 2));
        Overlays.ping(pods.getFirst(), "10.79.55.2");
        assertEquals(7956, Overlays.of(pods.getFirst()).link(network).vni());
        assertEquals(ready, Status.ready(stage.pod("moved-a")), "it was ready all the time");
    }

    @Test
    void whoFindsNoPlaceInASmallerRangeKeepsItsAddress() {
        String network = "e2e-narrow";
        stage.define(network, "id=7957 subnet=10.79.57.0/24 range=10.79.57.10-10.79.57.11");
        List<Pod> pods = stage.start(
                Pods.onNode(0, Pods.member("narrow-a", network)), Pods.onNode(1, Pods.member("narrow-b", network)));

        stage.define(network, "id=7957 subnet=10.79.57.0/24 range=10.79.57.20-10.79.57.20");
        Await.until("one of them has the address that is left", () -> {
            Set<String> states = pods.stream()
                    .flatMap(pod -> Status.of(stage.pod(pod.getMetadata().getName())).stream())
                    .map(one -> String.valueOf(one.get("state")))
                    .collect(Collectors.toSet());
            return states.equals(Set.of("Ready", "Degraded")) ? Optional.empty() : Optional.of(states.toString());
        });
        Overlays.awaitExact(network, pods);
        Set<String> addresses = pods.stream()
                .flatMap(pod -> Overlays.of(pod).link(network).ipv4().stream())
                .collect(Collectors.toSet());
        assertEquals(2, addresses.size(), addresses::toString);
        assertTrue(addresses.contains("10.79.57.20/24"), addresses::toString);
        for (String address : addresses) {
            Overlays.ping(pods.getFirst(), address.replace("/24", ""));
        }
    }

    private static void awaitBlank(Pod pod, String command, boolean blank) {
        Await.until(command + " prints " + (blank ? "nothing" : "something"), () -> {
            String printed = Lab.inPod(pod, command);
            return printed.isBlank() == blank ? Optional.empty() : Optional.of("'" + printed + "'");
        });
    }

    private static void awaitEvent(String pod, String words) {
        stage.awaitEvent(pod, "NetworkUnavailable", words);
    }
}
