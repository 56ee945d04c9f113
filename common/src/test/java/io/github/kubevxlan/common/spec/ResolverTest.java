package io.github.kubevxlan.common.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mtu;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.net.Route;
import io.github.kubevxlan.common.net.Vni;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResolverTest {
    private static final Keys KEYS = new Keys("vxlan.travelping.com");
    private static final Map<String, String> DATA = Map.of(
            "pool", "id=9 subnet=10.7.0.0/24;fd00:7::/64",
            "a",
                    "id=1 ip=10.1.0.1/24 route=10.9.0.0/24:10.1.0.9 metric=5 mtu=1400 ttl=9 tos=inherit learning=false"
                            + " forwarding=flood peer=10.0.0.1",
            "b", "id=2 dev=net1 up=false dstport=4789",
            "c", "3",
            "d", "id=4 default",
            "mine", "id=5 default namespaces=tenant",
            "long-name-of-a-network", "6",
            "bad", "id=7 up=maybe",
            "bad-default", "id=8 default up=maybe name=x");

    @Test
    void twoRoutesOfOneMetricAreRefusedHoweverTheMetricIsSpelled() {
        Resolution resolution = networks("c ip=fd01::1/64 route=[fd00:9::/64]:[fd01::9],"
                + " d metric=1024 ip=fd02::1/64 route=[fd00:9::/64]:[fd02::9]");

        assertEquals(
                1, resolution.problems().size(), () -> resolution.problems().toString());
    }

    @Test
    void laysPodsOptionsOverDefinition() {
        Network expected = new Network(
                "a",
                new SegmentOptions(
                        new Segment(new Vni(1), new Port(8472)),
                        Optional.empty(),
                        Forwarding.FLOOD,
                        List.of(IpAddr.parse("10.0.0.1"))),
                new LinkOptions(
                        new IfName("ov0"),
                        new IfName("eth0"),
                        true,
                        Mtu.AUTO,
                        Map.of(
                                LinkAttribute.TTL,
                                9,
                                LinkAttribute.TOS,
                                1,
                                LinkAttribute.LEARNING,
                                0,
                                LinkAttribute.TXQUEUELEN,
                                7)),
                new IpOptions(
                        List.of(InterfaceAddress.parse("10.9.0.5/16")),
                        List.of(),
                        List.of(Route.parse("10.8.0.0/24:10.9.0.1")),
                        OptionalInt.of(5),
                        Advertisements.IGNORE));
        Resolution resolution =
                networks("a id=1 name=ov0 ip=10.9.0.5/16 route=10.8.0.0/24:10.9.0.1 mtu=auto txqueuelen=7");
        assertEquals(List.of(), resolution.problems());
        assertEquals(List.of(expected), resolution.networks());
        assertTrue(resolution.isComplete());
    }

    @Test
    void takesDefaultsWhereNothingIsSaid() {
        Network expected = new Network(
                "c",
                new SegmentOptions(
                        new Segment(new Vni(3), new Port(8472)), Optional.empty(), Forwarding.STATIC, List.of()),
                new LinkOptions(new IfName("c"), new IfName("eth0"), true, Mtu.AUTO, Map.of()),
                new IpOptions(List.of(), List.of(), List.of(), OptionalInt.empty(), Advertisements.IGNORE));
        assertEquals(List.of(expected), networks("c").networks());
    }

    @Test
    void asksPodThenNamespaceThenDefaults() {
        Map<String, String> networks = Map.of(KEYS.networks(), "a", KEYS.names(), "b");
        Map<String, String> names = Map.of(KEYS.names(), "b");
        Map<String, String> blank = Map.of(KEYS.networks(), " \n", KEYS.names(), "");
        assertSource(Source.POD_NETWORKS, List.of("a"), resolve(networks, names));
        assertSource(Source.POD_NAMES, List.of("b"), resolve(names, networks));
        assertSource(Source.NAMESPACE_NETWORKS, List.of("a"), resolve(blank, networks));
        assertSource(Source.NAMESPACE_NAMES, List.of("b"), resolve(Map.of(), names));
        assertSource(Source.DEFAULT, List.of("d"), resolve(Map.of(), blank));
    }

    @Test
    void joinsDefaultNetworksOfOwnNamespaceOnly() {
        Resolution resolution = resolver(DATA).resolve("tenant", Map.of(), Map.of());
        assertSource(Source.DEFAULT, List.of("d", "mine"), resolution);
    }

    @Test
    void namesBrokenDefaultNetworkAsItsProblem() {
        Resolution resolution = resolve(Map.of(), Map.of());
        assertEquals(
                List.of("network bad-default has no usable definition (ConfigMap entry bad-default, line 1, column 17:"
                        + " found \"maybe\", allowed: true or false)"),
                resolution.definitionProblems().stream()
                        .map(DefinitionProblem::toString)
                        .toList());
    }

    @Test
    void findsNothingWhereNothingIsDeclared() {
        Resolution resolution = resolver(Map.of("c", "3")).resolve("tenant", Map.of(), Map.of());
        assertEquals(new Resolution(List.of(), List.of(), List.of(), List.of(), Source.NONE), resolution);
    }

    @Test
    void tellsUnknownNetworkFromOneWithBrokenDefinition() {
        Resolution resolution = networks("nowhere, bad, c");
        assertEquals(
                List.of("c"), resolution.networks().stream().map(Network::name).toList());
        assertEquals(
                List.of(
                        "network nowhere is not defined",
                        "network bad has no usable definition (ConfigMap entry bad, line 1, column 9:"
                                + " found \"maybe\", allowed: true or false)"),
                resolution.definitionProblems().stream()
                        .map(DefinitionProblem::toString)
                        .toList());
        assertEquals(List.of(), resolution.problems());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "c id=4 | 1:1 | id=4 | id=3, the id of network c, or no id",
                "c, d name=c | 1:4 | name=c | an interface name of its own; network c has this one",
                "c name=eth0 | 1:1 | name=eth0 | an interface name that no underlay device has",
                "c dev=net1 name=net1 | 1:1 | name=net1 | an interface name that no underlay device has",
                "b, c name=net1 | 1:4 | name=net1 | an interface name that no underlay device has",
                "c, d dev=c | 1:4 | dev=c | an underlay device; this is the overlay interface of network c",
                "a, c ip=10.1.0.1/16 | 1:4 | ip=10.1.0.1 | each address once in a pod",
                "c ip=10.1.0.1/16;10.1.0.1/24 | 1:1 | ip=10.1.0.1 | each address once in a pod",
                "a, c metric=5 ip=10.2.0.1/24 route=10.9.0.0/24:10.2.0.2 | 1:4 | route=10.9.0.0/24"
                        + " | one route for each subnet and metric",
                "c route=10.9.0.0/24:10.2.0.2 | 1:1 | route=10.9.0.0/24:10.2.0.2 | a gateway in the network of one of"
                        + " the interface's addresses (option ip) or in its subnet",
                "c ip=10.2.0.2/24 route=10.9.0.0/24:10.2.0.2 | 1:1 | route=10.9.0.0/24:10.2.0.2 | a gateway in the"
                        + " network of one of the interface's addresses (option ip) or in its subnet",
                "c ip=fd00::1/64 mtu=1279 | 1:1 | mtu=1279"
                        + " | 1280 bytes or more with IPv6 addresses (RFC 8200 section 5)",
            })
    void refusesWhatContradictsDefinitionOrOtherNetworks(String text, String at, String found, String allowed) {
        assertEquals(
                List.of("annotation vxlan.travelping.com/networks, line %s, column %s: found \"%s\", allowed: %s"
                        .formatted(at.split(":", -1)[0], at.split(":", -1)[1], found, allowed)),
                networks(text).problems().stream().map(Problem::toString).toList());
    }

    @Test
    void wantsInterfaceNameForNetworkWithLongName() {
        assertEquals(
                List.of("annotation vxlan.travelping.com/networks, line 1, column 1: found \"long-name-of-a-network\","
                        + " allowed: an option name=INTERFACE here, because the network's own name is not an"
                        + " interface name, 1 to 15 of A-Z a-z 0-9 . _ - that begins with a letter or digit, not"
                        + " lo, all, default"),
                networks("long-name-of-a-network").problems().stream()
                        .map(Problem::toString)
                        .toList());
        assertTrue(networks("long-name-of-a-network name=ov0").isComplete());
    }

    @Test
    void allowsLinkLocalAddressAndGatewayOnEveryInterface() {
        Resolution resolution = networks("c ip=fe80::1/64 route=[fd00:9::/64]:[fe80::9], d ip=fe80::1/64");
        assertEquals(List.of(), resolution.problems());
    }

    @Test
    void keepsSoundNetworksBesideRefusedOnes() {
        Resolution resolution = networks("c, d name=c, a up=maybe");
        assertEquals(
                List.of("c"), resolution.networks().stream().map(Network::name).toList());
        assertEquals(2, resolution.problems().size());
    }

    @Test
    void namesNamespaceWhoseAnnotationIsWrong() {
        Resolution resolution = resolve(Map.of(), Map.of(KEYS.names(), "a b"));
        assertEquals(
                "annotation vxlan.travelping.com/names of namespace default, line 1, column 3: found \"b\","
                        + " allowed: names alone, with commas between them; options belong in the annotation networks",
                resolution.problems().getFirst().toString());
    }

    @Test
    void shutsPodsOfOtherNamespacesOut() {
        Resolution resolution = networks("c, mine");
        assertEquals(
                List.of("c"), resolution.networks().stream().map(Network::name).toList());
        assertEquals(
                List.of("annotation vxlan.travelping.com/networks, line 1, column 4: found \"mine\", allowed: a network"
                        + " that pods of namespace default may join"),
                resolution.refusals().stream().map(Problem::toString).toList());
        assertEquals(List.of(), resolution.problems());
        assertEquals("mine", resolution.tenancyProblems().getFirst().network());
    }

    @Test
    void givesAddressesByFamilyWhereNoneIsGivenByHand() {
        assertEquals(List.of("10.7.0.0/24", "fd00:7::/64"), pools("pool"));
        assertEquals(List.of("fd00:7::/64"), pools("pool ip=10.7.0.9/24"));
        assertEquals(List.of("10.7.0.0/24", "fd00:7::/64"), pools("pool ip=fe80::9/64"));
        assertEquals(List.of(), pools("pool ip=10.7.0.9/24;fd00:7::9/64"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pool, c ip=10.7.0.9/16 | 1:7 | ip=10.7.0.9/16 | an address outside the subnet of network pool",
                "c ip=10.7.0.9/16, pool | 1:19 | ip=10.7.0.9/16 | an address outside the subnet of network pool",
                "c ip=10.1.0.1/8 | 1:1 | ip=10.1.0.1/8 | one that does not overlap 10.10.0.0/16, a reserved range",
                "c ip=10.1.0.1/24 route=10.10.1.0/24:10.1.0.9 | 1:1 | route=10.10.1.0/24:10.1.0.9"
                        + " | one that does not overlap 10.10.0.0/16, a reserved range",
                "a, c ip=10.0.0.7/24 | 1:4 | ip=10.0.0.7/24 | one that does not cover 10.0.0.1, a peer",
                "c ip=10.0.0.7/24, a | 1:19 | ip=10.0.0.7/24 | one that does not cover 10.0.0.1, a peer",
            })
    void keepsAddressesOfAPodApartAndOffTheUnderlay(String text, String at, String found, String allowed) {
        assertEquals(
                List.of("annotation vxlan.travelping.com/networks, line %s, column %s: found \"%s\", allowed: %s"
                        .formatted(at.split(":", -1)[0], at.split(":", -1)[1], found, allowed)),
                networks(text).problems().stream().map(Problem::toString).toList());
    }

    @Test
    void leavesTheIdToPodsWhereTheOperatorDoes() {
        Resolver resolver = new Resolver(
                KEYS,
                Definitions.parse(DATA, new Defaults(new IfName("eth0"), new Port(8472), List.of(), true, false)));
        Function<String, Resolution> networks =
                text -> resolver.resolve("default", Map.of(KEYS.networks(), text), Map.of());
        assertEquals(
                new Vni(77), networks.apply("c id=77").networks().getFirst().vni());
        assertEquals(
                List.of("annotation vxlan.travelping.com/networks, line 1, column 1: found \"id=5\", allowed: a network"
                        + " that pods of namespace default may join"),
                networks.apply("c id=5").refusals().stream()
                        .map(Problem::toString)
                        .toList());
        assertEquals(
                List.of("annotation vxlan.travelping.com/networks, line 1, column 4: found \"id=3\", allowed: a segment"
                        + " of its own, because the kernel allows one interface in each; network c has this one"),
                networks.apply("c, d id=3").refusals().stream()
                        .map(Problem::toString)
                        .toList());
        Network inAnothers = networks.apply("c id=9").networks().getFirst();
        assertEquals(List.of("10.7.0.0/24", "fd00:7::/64"), subnets(inAnothers));
        assertEquals(List.of(), subnets(networks.apply("pool id=77").networks().getFirst()));
        assertEquals(
                "bad", networks.apply("c id=7").definitionProblems().getFirst().network());
    }

    @Test
    void anIdThatAPodChoosesIsInTheFamilyOfTheNetworkThatHasIt() {
        Map<String, String> data = Map.of(
                "four", "id=1 family=ipv4",
                "six", "id=2 family=ipv6 namespaces=tenant",
                "six-too", "id=3 family=ipv6",
                "any", "4");
        Resolver resolver = new Resolver(
                KEYS,
                Definitions.parse(data, new Defaults(new IfName("eth0"), new Port(8472), List.of(), true, false)));
        Function<String, Resolution> networks =
                text -> resolver.resolve("default", Map.of(KEYS.networks(), text), Map.of());

        assertEquals(List.of("four ipv4", "six-too ipv6", "any"), families(networks.apply("four, six-too, any")));
        assertEquals(List.of("any ipv6"), families(networks.apply("any id=3")));
        assertEquals(List.of("four ipv4"), families(networks.apply("four id=3")));
        assertEquals(List.of("four ipv4"), families(networks.apply("four id=2")));
        assertEquals(List.of("four"), families(networks.apply("four id=4")));
        assertEquals(1, networks.apply("any id=2").tenancyProblems().size());
        assertEquals(
                List.of("annotation vxlan.travelping.com/networks, line 1, column 6: found \"id=4\", allowed: a segment"
                        + " of its own, because the kernel allows one interface in each; network any has this one"),
                networks.apply("any, six-too id=4").refusals().stream()
                        .map(Problem::toString)
                        .toList());
    }

    private static List<String> families(Resolution resolution) {
        assertEquals(List.of(), resolution.refusals());
        return resolution.networks().stream()
                .map(network -> network.name()
                        + network.family().map(family -> " " + family).orElse(""))
                .toList();
    }

    private static List<String> pools(String text) {
        Resolution resolution = networks(text);
        assertEquals(List.of(), resolution.refusals());
        return subnets(resolution.networks().getFirst());
    }

    private static List<String> subnets(Network network) {
        return network.pools().stream().map(pool -> pool.subnet().toString()).toList();
    }

    private static void assertSource(Source source, List<String> names, Resolution resolution) {
        assertEquals(source, resolution.source());
        assertEquals(names, resolution.networks().stream().map(Network::name).toList());
    }

    private static Resolution networks(String text) {
        return resolve(Map.of(KEYS.networks(), text), Map.of());
    }

    private static Resolution resolve(Map<String, String> ofPod, Map<String, String> ofNamespace) {
        return resolver(DATA).resolve("default", ofPod, ofNamespace);
    }

    private static Resolver resolver(Map<String, String> data) {
        return new Resolver(
                KEYS,
                Definitions.parse(
                        data,
                        new Defaults(
                                new IfName("eth0"),
                                new Port(8472),
                                List.of(Cidr.parse("10.10.0.0/16")),
                                false,
                                false)));
    }
}
