package io.github.kubevxlan.controller.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.spec.Defaults;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.Macs;
import io.github.kubevxlan.controller.overlay.Nets;
import io.github.kubevxlan.controller.pod.ObservedStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.pod.Snapshots;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What port security lets members send. */
class SendersTest {
    private static final Keys KEYS = new Keys(Nets.PREFIX);

    @Test
    void membersSendWithTheirMacTheirAddressesAndTheLinkLocalOneOfTheMac() {
        Members members = members("id=100 security=on", true);
        members.put(pod("a", "10.0.0.1", "10.9.0.1/24;fd09::1/64", Map.of()));
        members.put(pod("b", "10.0.0.2", "", Map.of()));

        Mac a = link(members, "a").mac();
        Mac b = link(members, "b").mac();

        assertEquals(
                Set.of(
                        "mac 10.0.0.1 " + hex(a),
                        "ipv4 10.0.0.1 0xa090001",
                        "ipv6 10.0.0.1 0xfd090000000000000000000000000001",
                        "ipv6 10.0.0.1 " + linkLocal(a),
                        "mac 10.0.0.2 " + hex(b),
                        "ipv6 10.0.0.2 " + linkLocal(b)),
                senders(members));
        assertTrue(link(members, "a")
                .own()
                .contains(new Entry.SenderMac(link(members, "a").filter().orElseThrow(), IpAddr.parse("10.0.0.1"), a)));
    }

    @Test
    void aMemberSendsWithTheMacThatSomebodyChose() {
        Members members = members("id=100 security=on", true);
        members.put(Snapshots.running(
                new PodRef("a", "default", "a"),
                "node",
                IpAddr.parse("10.0.0.1"),
                Map.of(KEYS.networks(), "vx0 mac=02:00:00:00:00:07"),
                ObservedStatus.NOTHING));

        assertEquals(
                Set.of("mac 10.0.0.1 0x20000000007", "ipv6 10.0.0.1 0xfe80000000000000000000fffe000007"),
                senders(members));
    }

    @Test
    void aMacsLinkLocalAddressIsTheKernels() {
        assertEquals(
                "fe80::7078:ff:fe00:2",
                Macs.linkLocal(new Mac("72:78:00:00:00:02")).toString());
        assertEquals(
                "fe80::ff:fe00:203",
                Macs.linkLocal(new Mac("02:00:00:00:02:03")).toString());
    }

    @Test
    void withoutItMembersKnowNothingOfWhatOthersSendAndNeedNoFilter() {
        Members members = members("id=100", false);
        members.put(pod("a", "10.0.0.1", "10.9.0.1/24", Map.of()));

        assertEquals(Set.of(), senders(members));
        assertTrue(link(members, "a").filter().isEmpty());
    }

    @Test
    void itComesWithThePeerFilter() {
        Members members = members("id=100 security=log", false);
        members.put(pod("a", "10.0.0.1", "10.9.0.1/24", Map.of()));

        assertTrue(link(members, "a").filter().isPresent());
        assertTrue(link(members, "a")
                .peers()
                .contains(new Entry.Admitted(link(members, "a").filter().orElseThrow(), IpAddr.parse("10.0.0.1"))));
    }

    @Test
    void exemptPodsAndVtepsOutsideTheClusterSendWhatTheyLike() {
        Members members =
                members("id=100 security=on security-exempt=default:role=router;tier=other peer=192.0.2.7", true);
        members.put(pod("a", "10.0.0.1", "10.9.0.1/24", Map.of("role", "router")));

        assertEquals(Set.of("exempt 10.0.0.1", "exempt 192.0.2.7"), senders(members));

        members.put(pod("a", "10.0.0.1", "10.9.0.1/24", Map.of("role", "host")));
        assertTrue(senders(members).contains("ipv4 10.0.0.1 0xa090001"), "a label that is taken off");
        assertEquals(4, senders(members).size());
    }

    @Test
    void aSelectorOfOneNamespaceSelectsNobodyElsewhere() {
        Members members = members("id=100 security=on security-exempt=infra:role=router", true);
        members.put(pod("a", "10.0.0.1", "10.9.0.1/24", Map.of("role", "router")));

        assertTrue(senders(members).contains("ipv4 10.0.0.1 0xa090001"));
    }

    private static Members members(String definition, boolean filtered) {
        Members members = new Members(
                KEYS,
                Definitions.parse(Map.of("vx0", definition), new Defaults(new IfName("eth0"), new Port(8472))),
                2,
                filtered);
        members.giveAddresses();
        return members;
    }

    private static Set<String> senders(Members members) {
        return link(members, "a").peers().all().stream()
                .filter(Entry.Permitted.class::isInstance)
                .map(entry -> entry.key().replace("vni100-port8472-ipv4-", "") + " " + entry.value())
                .collect(Collectors.toSet());
    }

    private static DesiredLink link(Members members, String uid) {
        return members.target(uid).orElseThrow().desired().links().getFirst();
    }

    private static String hex(Mac mac) {
        return "0x" + mac.value().replace(":", "");
    }

    private static String linkLocal(Mac mac) {
        String digits = mac.value().replace(":", "");
        return "0xfe800000000000007078" + digits.substring(4, 6) + "fffe" + digits.substring(6);
    }

    private static PodSnapshot pod(String uid, String vtep, String addresses, Map<String, String> labels) {
        return Snapshots.running(
                        new PodRef(uid, "default", uid),
                        "node",
                        IpAddr.parse(vtep),
                        Map.of(KEYS.networks(), "vx0" + (addresses.isEmpty() ? "" : " ip=" + addresses)),
                        ObservedStatus.NOTHING)
                .labelled(labels);
    }
}
