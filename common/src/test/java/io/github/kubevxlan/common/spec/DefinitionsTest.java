package io.github.kubevxlan.common.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.net.Vni;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DefinitionsTest {
    private static final Defaults DEFAULTS = new Defaults(
            new IfName("eth0"),
            new Port(8472),
            List.of(Cidr.parse("10.10.0.0/16"), Cidr.parse("fd00:10::/56")),
            false,
            false);

    @Test
    void definesNetworkBySegment() {
        Definitions definitions = parse(Map.of("vxeth0", "100", "vxeth1", "id=101 dstport=4789"));
        assertEquals(new Segment(new Vni(100), new Port(8472)), segment(definitions, "vxeth0"));
        assertEquals(new Segment(new Vni(101), new Port(4789)), segment(definitions, "vxeth1"));
        assertEquals(Map.of(), definitions.broken());
    }

    @Test
    void keepsGoodDefinitionsBesideBrokenOnes() {
        Definitions definitions = parse(Map.of("a", "id=abc", "b", "100", "c", ""));
        assertEquals(Set.of("b"), definitions.usable().keySet());
        assertEquals(
                List.of("ConfigMap entry a, line 1, column 4: found \"abc\", allowed: a VNI, 1 to 16777215"),
                reasons(definitions, "a"));
        assertEquals(
                List.of("ConfigMap entry c, line 1, column 1: found \"\","
                        + " allowed: a VNI, or options with id=VNI among them"),
                reasons(definitions, "c"));
    }

    @Test
    void refusesAnObjectANetworkThatIsNotDefinedOrNotForItsNamespace() {
        Definitions definitions = parse(Map.of("a", "100", "b", "id=101 namespaces=x", "c", "id=abc namespaces=x"));
        assertEquals(Optional.empty(), definitions.refusal("annotation n", "a", "y"));
        assertEquals(Optional.empty(), definitions.refusal("annotation n", "c", "x"));
        assertEquals(
                "annotation n, line 1, column 1: found \"d\", allowed: a network that is defined, such as a",
                definitions.refusal("annotation n", "d", "y").orElseThrow().toString());
        for (String closed : List.of("b", "c")) {
            assertEquals(
                    "annotation n, line 1, column 1: found \"%s\", allowed: a network that pods of namespace y may join"
                            .formatted(closed),
                    definitions
                            .refusal("annotation n", closed, "y")
                            .orElseThrow()
                            .toString());
        }
    }

    @Test
    void givesSharedSegmentToFirstByName() {
        Definitions definitions = parse(Map.of("b", "100", "a", "id=100 up=false", "c", "id=100 dstport=4789"));
        assertEquals(Set.of("a", "c"), definitions.usable().keySet());
        assertEquals(
                List.of("ConfigMap entry b, line 1, column 1: found \"id=100\","
                        + " allowed: an id that no other network has on UDP port 8472; a has it"),
                reasons(definitions, "b"));
    }

    @Test
    void saysWhatIsWrongOnceAndNotAtEveryEdit() {
        Definitions first = parse(Map.of("a", "up=maybe id=1", "b", "id=2"));
        Definitions second = parse(Map.of("a", "up=maybe id=1", "b", "id=0"));
        assertEquals(List.of("ConfigMap entry a"), places(first.problemsNewSince(parse(Map.of()))));
        assertEquals(List.of("ConfigMap entry b"), places(second.problemsNewSince(first)));
        assertEquals(List.of(), second.problemsNewSince(second));
    }

    private static List<String> places(List<Problem> problems) {
        return problems.stream().map(Problem::where).toList();
    }

    @Test
    void takesOneIdForANetworkOfEachFamily() {
        Definitions definitions = parse(Map.of("a", "id=100 family=ipv4", "b", "id=100 family=ipv6"));
        assertEquals(Map.of(), definitions.broken());
    }

    @Test
    void takesAFamilyThatIsNotSetForBoth() {
        Definitions definitions = parse(
                Map.of("a", "id=100 family=ipv6", "b", "100", "c", "id=100 family=ipv4", "d", "id=100 family=ipv6"));
        assertEquals(Set.of("a", "c"), definitions.usable().keySet());
        assertEquals(
                List.of("ConfigMap entry b, line 1, column 1: found \"id=100\","
                        + " allowed: an id that no other network has on UDP port 8472; a has it"),
                reasons(definitions, "b"));
        assertEquals(
                List.of("ConfigMap entry d, line 1, column 1: found \"id=100\","
                        + " allowed: an id that no other network has on UDP port 8472 over IPv6; a has it"),
                reasons(definitions, "d"));
    }

    @Test
    void leavesSegmentOfBrokenDefinitionToIt() {
        Definitions definitions = parse(Map.of("a", "id=100 up=maybe", "b", "100"));
        assertEquals(Set.of("a", "b"), definitions.broken().keySet());
    }

    @Test
    void wantsInterfaceNameForDefaultNetworkWithLongName() {
        Definitions definitions = parse(
                Map.of("a-very-long-network-name", "id=1 default", "another-very-long-name", "id=2 default name=ov2"));
        assertEquals(Set.of("another-very-long-name"), definitions.usable().keySet());
        assertEquals(
                List.of("ConfigMap entry a-very-long-network-name, line 1, column 1: found"
                        + " \"a-very-long-network-name\", allowed: an option name=INTERFACE for a default network whose"
                        + " own name is not an interface name, 1 to 15 of A-Z a-z 0-9 . _ - that begins with a letter"
                        + " or digit, not lo, all, default"),
                reasons(definitions, "a-very-long-network-name"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "subnet=10.1.0.0/24;10.2.0.0/24 | subnet | at most one IPv4 and one IPv6 subnet",
                "range=10.1.0.1-10.1.0.9 | range=10.1.0.1-10.1.0.9 | addresses in the subnet of this network",
                "subnet=10.1.0.0/24 range=10.1.0.9-10.1.1.9 | range=10.1.0.9-10.1.1.9"
                        + " | addresses in the subnet of this network",
                "subnet=10.1.0.0/24 range=10.1.0.1-10.1.0.2;10.1.0.5-10.1.0.6 | range=10.1.0.1-10.1.0.2"
                        + " | at most one IPv4 and one IPv6 range",
                "subnet=10.1.0.0/24 range=10.1.0.255-10.1.0.255 | range=10.1.0.255-10.1.0.255"
                        + " | an address that a host may have: not the subnet's own and not its broadcast address",
                "subnet=10.1.0.0/24 ip=10.1.0.9/24 | ip=10.1.0.9/24 | either a subnet, or an ip for all members; a"
                        + " pod's own ip belongs in the pod's annotation",
                "subnet=10.8.0.0/14 | subnet=10.8.0.0/14 | one that does not overlap 10.10.0.0/16, a reserved range",
                "ip=10.10.3.1/24 | ip=10.10.3.1/24 | one that does not overlap 10.10.0.0/16, a reserved range",
                "ip=10.1.0.1/8 | ip=10.1.0.1/8 | one that does not overlap 10.10.0.0/16, a reserved range",
                "ip=10.1.0.1/24 route=10.10.9.0/24:10.1.0.9 | route=10.10.9.0/24:10.1.0.9"
                        + " | one that does not overlap 10.10.0.0/16, a reserved range",
                "peer=10.1.0.7 subnet=10.1.0.0/24 | subnet=10.1.0.0/24" + " | one that does not cover 10.1.0.7, a peer",
                "peer=10.3.0.7 ip=10.1.0.1/24 route=10.3.0.0/24:10.1.0.9 | route=10.3.0.0/24:10.1.0.9"
                        + " | one that does not cover 10.3.0.7, a peer",
            })
    void refusesAddressesThatContradictEachOtherOrTheUnderlay(String options, String found, String allowed) {
        assertEquals(
                List.of("ConfigMap entry a, line 1, column 1: found \"%s\", allowed: %s".formatted(found, allowed)),
                reasons(parse(Map.of("a", "id=1 " + options)), "a").stream()
                        .distinct()
                        .limit(1)
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.1.0.0/31", "fd00::/127", "0.0.0.0/0", "127.1.0.0/24", "224.1.0.0/24", "fe80::/64", "::/0"})
    void refusesSubnetsThatAreNotOfHosts(String subnet) {
        assertEquals(
                List.of("ConfigMap entry a, line 1, column 13: found \"" + subnet
                        + "\", allowed: a subnet with addresses for two or more hosts: up to /30 or, in IPv6, /126;"
                        + " not multicast, loopback, link-local or unspecified"),
                reasons(parse(Map.of("a", "id=1 subnet=" + subnet)), "a"));
    }

    @Test
    void takesSubnetsOfBothFamiliesAndADefaultRoute() {
        Definitions definitions = parse(Map.of(
                "a",
                "id=1 subnet=10.1.0.0/24;fd00:1::/64 range=10.1.0.10-10.1.0.99 route=0.0.0.0/0:10.1.0.1"
                        + " peer=192.0.2.1"));
        assertEquals(Map.of(), definitions.broken());
    }

    @Test
    void refusesTheLaterOfTwoOverlappingSubnets() {
        Definitions definitions = parse(Map.of("b", "id=2 subnet=10.1.0.0/24", "a", "id=1 subnet=10.0.0.0/13"));
        assertEquals(Set.of("a"), definitions.usable().keySet());
        assertEquals(
                List.of("ConfigMap entry b, line 1, column 1: found \"subnet=10.1.0.0/24\", allowed: a subnet that"
                        + " does not overlap that of another network for the same pods; a has 10.0.0.0/13"),
                reasons(definitions, "b"));
    }

    @Test
    void leavesTenantsTheSameSubnet() {
        Definitions definitions = parse(Map.of(
                "a", "id=1 subnet=10.1.0.0/24 namespaces=red;blue",
                "b", "id=2 subnet=10.1.0.0/24 namespaces=green",
                "c", "id=3 subnet=10.1.0.0/24 namespaces=green;red"));
        assertEquals(Set.of("a", "b"), definitions.usable().keySet());
    }

    @Test
    void findsTheSubnetThatLiesInAnotherAndTheOneAroundIt() {
        Definitions definitions = parse(Map.of(
                "a", "id=1 subnet=10.1.4.0/24 namespaces=red",
                "b", "id=2 subnet=10.1.8.0/24",
                "c", "id=3 subnet=10.1.0.0/20 namespaces=green",
                "d", "id=4 subnet=10.1.4.128/25",
                "e", "id=5 subnet=10.1.8.0/21 namespaces=blue",
                "f", "id=6 subnet=10.1.5.0/24 namespaces=red",
                "g", "id=7 subnet=10.1.4.0/24;fd00:1::/64"));
        assertEquals(Set.of("a", "b", "f"), definitions.usable().keySet());
        assertTrue(reasons(definitions, "g").getFirst().endsWith("; c has 10.1.0.0/20"), "" + definitions.broken());
    }

    @Test
    void comparesSubnetsAtACostThatGrowsAsTheirNumber() {
        Map<String, String> some = networks(1_000, " subnet=10.%d.%d.0/24");
        Map<String, String> fourTimes = networks(4_000, " subnet=10.%d.%d.0/24");
        assertEquals(Set.of(), parse(fourTimes).broken().keySet());
        long first = allocated(some);
        assertTrue(allocated(fourTimes) < 6 * first, "quadratic: " + allocated(fourTimes) + " after " + first);
    }

    @Test
    void leavesNetworksBeyondTheMostUnreadWithOneProblem() {
        Definitions definitions = parse(networks(Definitions.MOST_NETWORKS + 2, ""));
        assertEquals(Definitions.MOST_NETWORKS, definitions.usable().size());
        assertEquals(2, definitions.broken().size());
        assertEquals(
                List.of("ConfigMap, line 1, column 1: found \"more networks\", allowed: at most 32768 networks and"
                        + " 1048576 characters in all"),
                definitions.problems().map(Problem::toString).toList());
    }

    @Test
    void leavesWhatIsLongerThanAConfigMapUnread() {
        String text = "up ".repeat(10_000);
        Definitions definitions = parse(IntStream.range(0, 200)
                .boxed()
                .collect(Collectors.toMap("n%03d"::formatted, id -> "id=" + (id + 1) + " name=a" + id + " " + text)));
        assertEquals(
                1,
                definitions
                        .problems()
                        .filter(problem -> problem.where().equals("ConfigMap"))
                        .count());
    }

    @Test
    void keepsOneMistakeOfEachNetworkWhereThereAreTooMany() {
        Definitions definitions = parse(
                IntStream.range(0, 5_000).boxed().collect(Collectors.toMap("n%04d"::formatted, _ -> "x ".repeat(20))));
        assertEquals(20, reasons(definitions, "n0000").size());
        assertEquals(1, reasons(definitions, "n4999").size());
    }

    private static Map<String, String> networks(int number, String subnet) {
        return IntStream.range(0, number)
                .boxed()
                .collect(Collectors.toMap(
                        "n%05d"::formatted, i -> "id=" + (i + 1) + subnet.formatted(64 + i / 256, i % 256)));
    }

    /** Bytes that reading takes; the time depends on what else the machine does. */
    private static long allocated(Map<String, String> data) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        parse(data);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static Definitions parse(Map<String, String> data) {
        return Definitions.parse(data, DEFAULTS);
    }

    private static Segment segment(Definitions definitions, String name) {
        return definitions
                .usable()
                .getOrDefault(name, new Definition("", new Segment(new Vni(1), new Port(1)), Options.NONE))
                .segment();
    }

    private static List<String> reasons(Definitions definitions, String name) {
        return definitions.problem(name).reasons().stream()
                .map(Problem::toString)
                .toList();
    }
}
