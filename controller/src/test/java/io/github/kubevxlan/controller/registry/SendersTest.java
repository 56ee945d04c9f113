package io.github.kubevxlan.controller.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.util.List;
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

    @Test
    void anotherMembersDeclaredAddressIsNobodyElses() {
        for (String security : List.of("on", "log")) {
            Members members = members("id=100 security=" + security, true);
            members.put(pod("a", "10.0.0.1", "10.9.0.1/24", Map.of()));
            members.put(pod("b", "10.0.0.2", "10.9.0.1/24;10.9.0.2/24", Map.of()));

            assertTrue(senders(members).contains("ipv4 10.0.0.1 0xa090001"));
            assertTrue(senders(members).contains("ipv4 10.0.0.2 0xa090002"));
            assertFalse(senders(members).contains("ipv4 10.0.0.2 0xa090001"));
            assertEquals(List.of("10.9.0.2/24"), addresses(members, "b"));
            assertEquals(List.of("network vx0: ip=10.9.0.1 is an address of pod default/a"), missing(members, "b"));
            assertTrue(neighbours(members).contains("10.9.0.1"), "the others know whose it is");
        }
    }

    @Test
    void withoutItMembersMayHaveOneAddress() {
        Members members = members("id=100", true);
        members.put(pod("a", "10.0.0.1", "10.9.0.1/24", Map.of()));
        members.put(pod("b", "10.0.0.2", "10.9.0.1/24", Map.of()));

        assertEquals(List.of("10.9.0.1/24"), addresses(members, "b"));
        assertEquals(List.of(), missing(members, "b"));
        assertEquals(Map.of(), members.target("b").orElseThrow().claims().ips());
    }

    @Test
    void anAddressOfTheDefinitionIsEverybodys() {
        Members members = members("id=100 security=on ip=10.9.0.1/24", true);
        members.put(pod("a", "10.0.0.1", "", Map.of()));
        members.put(pod("b", "10.0.0.2", "", Map.of()));

        assertTrue(senders(members).containsAll(Set.of("ipv4 10.0.0.1 0xa090001", "ipv4 10.0.0.2 0xa090001")));
        assertEquals(List.of(), missing(members, "b"));
    }

    @Test
    void theLinkLocalAddressOfAnotherMembersMacIsNobodyElses() {
        Members members = members("id=100 security=on", true);
        members.put(pod("v", "10.0.0.3", "", Map.of()));
        Mac mac = link(members, "v").mac();
        members.remove("v");
        String stolen = Macs.linkLocal(mac).toString();
        members.put(pod("a", "10.0.0.1", stolen + "/64;10.9.0.1/24", Map.of()));
        assertEquals(List.of(stolen + "/64", "10.9.0.1/24"), addresses(members, "a"), "it is nobody's yet");

        assertTrue(members.put(pod("v", "10.0.0.3", "", Map.of())).contains("a"));

        assertTrue(senders(members).contains("ipv6 10.0.0.3 " + linkLocal(mac)));
        assertFalse(senders(members).contains("ipv6 10.0.0.1 " + linkLocal(mac)));
        assertFalse(neighbours(members).contains(stolen));
        assertEquals(List.of("10.9.0.1/24"), addresses(members, "a"));
        assertEquals(List.of("network vx0: ip=" + stolen + " is an address of pod default/v"), missing(members, "a"));
        assertEquals(
                List.of(IpAddr.parse("10.9.0.1")),
                members.target("a").orElseThrow().claims().of("vx0"));
    }

    @Test
    void aMemberMayDeclareTheLinkLocalAddressOfItsOwnMac() {
        Members members = members("id=100 security=on", true);
        members.put(pod("a", "10.0.0.1", "", Map.of()));
        Mac mac = link(members, "a").mac();
        members.put(pod("a", "10.0.0.1", Macs.linkLocal(mac) + "/64", Map.of()));

        assertEquals(Set.of("mac 10.0.0.1 " + hex(mac), "ipv6 10.0.0.1 " + linkLocal(mac)), senders(members));
        assertEquals(List.of(), missing(members, "a"));
    }

    @Test
    void exemptPodsShareAnAddressWhichNobodyElseMaySendWith() {
        Members members = members("id=100 security=on security-exempt=role=vrrp", true);
        members.put(pod("a", "10.0.0.1", "10.9.0.1/24", Map.of("role", "vrrp")));
        members.put(pod("b", "10.0.0.2", "10.9.0.1/24", Map.of("role", "vrrp")));
        members.put(pod("c", "10.0.0.3", "10.9.0.1/24", Map.of()));

        assertEquals(List.of("10.9.0.1/24"), addresses(members, "a"));
        assertEquals(List.of("10.9.0.1/24"), addresses(members, "b"));
        assertEquals(List.of(), addresses(members, "c"));
        assertFalse(senders(members).contains("ipv4 10.0.0.3 0xa090001"));
    }

    private static List<String> addresses(Members members, String uid) {
        return link(members, uid).network().addresses().stream()
                .map(Object::toString)
                .toList();
    }

    private static List<String> missing(Members members, String uid) {
        return members.target(uid).orElseThrow().desired().missing().stream()
                .map(problem -> problem.sentence())
                .toList();
    }

    private static Set<String> neighbours(Members members) {
        return link(members, "a").peers().all().stream()
                .filter(Entry.Neighbour.class::isInstance)
                .map(entry -> ((Entry.Neighbour) entry).ip().toString())
                .collect(Collectors.toSet());
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
