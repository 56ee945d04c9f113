package io.github.kubevxlan.common.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OverlayParserTest {
    private static final String TOS =
            "inherit, or a TOS byte without its two ECN bits (RFC 3168): 0 to 252 in steps of 4";
    private static final String SELECTOR = "pods by a label, KEY=VALUE, or those of one namespace, NAMESPACE:KEY=VALUE";
    private static final String OPTIONS =
            "id, name, type, dev, up, ip, route, metric, mtu, mac, txqueuelen, rate, delay, jitter, loss, duplicate,"
                    + " reorder, corrupt";
    private static final String ALL_OPTIONS =
            "id, name, type, dev, up, ip, subnet, range, reserve, keep, route, metric, mtu, mac, ttl, tos, learning,"
                    + " checksum, txqueuelen, rate, delay, jitter, loss, duplicate, reorder, corrupt, impairments,"
                    + " dstport, family, forwarding, ra, security, security-exempt, ready, peer, namespaces, default";

    @Test
    void readsBareVniAsDefinition() {
        assertDefinition("id=100", "100\n");
    }

    @Test
    void readsDefinitionOnOneLineOrSeveral() {
        assertDefinition("id=101 up=true ip=192.168.11.1/29", "id=101 up ip=192.168.11.1/29");
        assertDefinition("id=101 up=true ip=192.168.11.1/29", "  id=101\n  up=true\r\n\tip=192.168.11.1/29\n");
    }

    @Test
    void readsEveryOptionOfDefinition() {
        String all = "id=16777215 name=ov0 dev=net1 up=false ip=192.168.11.2/29;fd00:11::2/64"
                + " route=192.168.12.0/29:192.168.11.1;[fd00:12::/64]:[fd00:11::1];0.0.0.0/0:192.168.11.1 metric=7"
                + " mtu=1400 ttl=9 tos=184 learning=false checksum=false txqueuelen=0 dstport=4789 family=ipv6"
                + " forwarding=flood ra=accept security=log security-exempt=infra:app=router;example.org/role=vrrp"
                + " ready=probed peer=10.0.0.1;fd00::1 namespaces=a;b default=true";
        assertDefinition(all, all + " type=vxlan");
    }

    @Test
    void readsOlderControllersExample() {
        assertNetworks(
                List.of("vxeth1 up=true ip=192.168.11.2/29 route=192.168.12.0/29:192.168.11.1"),
                "vxeth1\n  up\n  ip=192.168.11.2/29\n  route=192.168.12.0/29:192.168.11.1\n");
        assertNetworks(
                List.of("vxeth0 id=1000 ip=192.168.10.1/24", "vxeth1 up=false"),
                "vxeth0\n  id=1000\n  ip=192.168.10.1/24\nvxeth1\n  up=false\n");
        assertNetworks(List.of("vxeth0 id=1000 dev=tun0", "vxeth1"), "vxeth0 id=1000 dev=tun0, vxeth1");
    }

    @Test
    void separatesNetworksByCommasAndLineEnds() {
        assertNetworks(List.of("a", "b up=true", "c", "d"), "a,b up ,\n\n , c\r\nd,");
    }

    @Test
    void goesOnWithTheNetworkBeforeAtIndentedLineOnly() {
        assertNetworks(List.of("a up=true mtu=1400", "b mtu=1300"), "a up,\n\t \n  mtu=1400, b\n mtu=1300");
    }

    @Test
    void readsNamesAlone() {
        Parsed<List<Entry>> parsed = OverlayParser.names("N", " vxeth0 , vxeth1\n  a.b_c-d,");
        assertEquals(
                List.of("vxeth0", "vxeth1", "a.b_c-d"),
                parsed.value().stream().map(Entry::network).toList());
        assertEquals(List.of(), parsed.problems());
    }

    @Test
    void tellsWhereEachNetworkStands() {
        List<Entry> entries = OverlayParser.networks("N", "a,  b\n up\nc").value();
        assertEquals(
                List.of("1:1", "1:5", "3:1"),
                entries.stream().map(e -> e.line() + ":" + e.column()).toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "id=abc | 1:4 | abc | a VNI, 1 to 16777215",
                "id=16777216 | 1:4 | 16777216 | a VNI, 1 to 16777215",
                "16777216 | 1:1 | 16777216 | a VNI, 1 to 16777215",
                "0x64 | 1:1 | 0x64 | a VNI, 1 to 16777215",
                "id | 1:1 | true | a VNI, 1 to 16777215",
                "id=1 id=1 | 1:6 | id | each option once for a network",
                "mtu=9000 foo | 1:10 | foo | an option: " + ALL_OPTIONS,
                "Id=1 | 1:1 | Id | an option: " + ALL_OPTIONS,
                "id=1, up | 1:4 | 1, | a VNI, 1 to 16777215",
                "type=geneve | 1:6 | geneve | vxlan",
                "ip=10.0.0.1/8;;10.0.0.2/8 | 1:15 | `` | an address with its prefix length, such as 192.168.11.2/29 or"
                        + " fd00::2/64",
                "ip=10.0.0.1/8;10.0.0.1/8 | 1:15 | 10.0.0.1/8 | each value once",
                "ip=10.0.0.1 | 1:4 | 10.0.0.1 | an address with its prefix length, such as 192.168.11.2/29 or"
                        + " fd00::2/64",
                "ip=224.0.0.1/8 | 1:4 | 224.0.0.1/8 | the address of a host: not 0.0.0.0 or ::, not multicast, not"
                        + " loopback",
                "peer=::1 | 1:6 | ::1 | the address of a host: not 0.0.0.0 or ::, not multicast, not loopback",
                "peer=fe80::7 | 1:6 | fe80::7 | the address of a VTEP: not link-local, not IPv6 that begins with ::",
                "peer=::ffff:192.0.2.7 | 1:6 | ::ffff:192.0.2.7 | the address of a VTEP: not link-local, not IPv6 that"
                        + " begins with ::",
                "metric=0 | 1:8 | 0 | a metric, 1 to 2147483647",
                "ttl=0 | 1:5 | 0 | a TTL, 1 to 255",
                "ttl=256 | 1:5 | 256 | a TTL, 1 to 255",
                "tos=1 | 1:5 | 1 | " + TOS,
                "tos=253 | 1:5 | 253 | " + TOS,
                "learning=no | 1:10 | no | true or false",
                "txqueuelen=1000001 | 1:12 | 1000001 | packets, 0 to 1000000",
                "mtu=65486 | 1:5 | 65486 | auto, or an MTU of 68 to 65485 bytes",
                "dstport=0 | 1:9 | 0 | a UDP port, 1 to 65535",
                "family=IPv6 | 1:8 | IPv6 | ipv4 or ipv6",
                "family | 1:1 | true | ipv4 or ipv6",
                "ra=yes | 1:4 | yes | ignore or accept",
                "ready=yes | 1:7 | yes | tables or probed",
                "ready | 1:1 | true | tables or probed",
                "security=yes | 1:10 | yes | off, log or on",
                "security | 1:1 | true | off, log or on",
                "security-exempt=router | 1:17 | router | " + SELECTOR,
                "security-exempt=a=b;A:c=d | 1:21 | A:c=d | " + SELECTOR,
                "forwarding=Static | 1:12 | Static | static or flood",
                "namespaces=a;B | 1:14 | B | names of namespaces with ; between them",
                "default=yes | 1:9 | yes | true or false",
            })
    void refusesMistakeInDefinition(String text, String at, String found, String allowed) {
        assertProblem(at, found, allowed, OverlayParser.definition("D", text).problems());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "vxeth0 up=maybe | 1:11 | maybe | true or false",
                "vxeth0 id=abc | 1:11 | abc | a VNI, 1 to 16777215",
                "vxeth0 name=a234567890123456 | 1:13 | a234567890123456 | an interface name, 1 to 15 of A-Z a-z 0-9 ."
                        + " _ - that begins with a letter or digit, not lo, all, default",
                "vxeth0 mtu=9000 foo | 1:17 | foo | an option: " + OPTIONS,
                "a, vxeth0 dstport=4789 | 1:11 | dstport | one that an annotation may set: " + OPTIONS,
                "a default | 1:3 | default | one that an annotation may set: " + OPTIONS,
                "a family=ipv6 | 1:3 | family | one that an annotation may set: " + OPTIONS,
                "a ready=probed | 1:3 | ready | one that an annotation may set: " + OPTIONS,
                "a security=off | 1:3 | security | one that an annotation may set: " + OPTIONS,
                "a security-exempt=a=b | 1:3 | security-exempt | one that an annotation may set: " + OPTIONS,
                "a ra=accept | 1:3 | ra | one that an annotation may set: " + OPTIONS,
                "a forwarding=flood | 1:3 | forwarding | one that an annotation may set: " + OPTIONS,
                "a namespaces=b | 1:3 | namespaces | one that an annotation may set: " + OPTIONS,
                "a subnet=10.0.0.0/8 | 1:3 | subnet | one that an annotation may set: " + OPTIONS,
                "up=true | 1:1 | up=true | a network's name, 1 to 253 of A-Z a-z 0-9 . _ -",
                "a,a | 1:3 | a | each network once",
                "a/b | 1:1 | a/b | a network's name, 1 to 253 of A-Z a-z 0-9 . _ -",
            })
    void refusesMistakeInNetworks(String text, String at, String found, String allowed) {
        assertProblem(at, found, allowed, OverlayParser.networks("N", text).problems());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.120.1.0/24",
                "10.120.1.255/24",
                "0.0.0.0/24",
                "127.0.0.1/8",
                "224.0.0.5/24",
                "255.255.255.255/32",
                "010.120.1.1/24",
                "::ffff:10.0.0.1/120",
                "fe80::1%eth0/64",
                "10.120.1.1"
            })
    void refusesWhatIsNoAddressOfAHost(String ip) {
        assertEquals(1, OverlayParser.networks("N", "a ip=" + ip).problems().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.120.0.0/31", "10.120.0.1/31", "10.120.0.0/32", "fd00:120::/127", "fe80::1/64"})
    void takesAddressesOfLinksBetweenTwo(String ip) {
        assertEquals(List.of(), OverlayParser.networks("N", "a ip=" + ip).problems());
    }

    @Test
    void refusesRouteWithoutGateway() {
        List<Problem> problems =
                OverlayParser.networks("N", "a\n  route=192.168.12.0/29").problems();
        assertEquals(
                List.of("N, line 2, column 9: found \"192.168.12.0/29\", allowed: SUBNET:GATEWAY of one family, such as"
                        + " 192.168.12.0/29:192.168.11.1 or [fd00:12::/64]:[fd00:11::1]; SUBNET may be 0.0.0.0/0 or"
                        + " [::/0] in the ConfigMap, and 224.0.0.0/4 or a part of it without a gateway"),
                problems.stream().map(Problem::toString).toList());
    }

    @Test
    void refusesDefaultRouteOfPod() {
        assertProblem(
                "1:9",
                "0.0.0.0/0:192.168.11.1",
                "no default route; only the ConfigMap may set one",
                OverlayParser.networks("N", "a route=0.0.0.0/0:192.168.11.1").problems());
    }

    @Test
    void refusesIndentedOptionWithNoNetworkBefore() {
        assertProblem(
                "2:3",
                "up",
                "a network's name at the beginning of a line, before its options",
                OverlayParser.networks("N", "\n  up\n  mtu=1400\n").problems());
    }

    @Test
    void refusesOptionsAmongNames() {
        assertProblem(
                "1:8",
                "up",
                "names alone, with commas between them; options belong in the annotation networks",
                OverlayParser.names("N", "vxeth0 up, b").problems());
    }

    @Test
    void reportsAllMistakesAtOnceAndKeepsTheSoundRest() {
        Parsed<List<Entry>> parsed = OverlayParser.networks("N", "a up=maybe mtu=1\nb\n  foo\nc up");
        assertEquals(
                List.of("maybe", "1", "foo"),
                parsed.problems().stream().map(Problem::found).toList());
        assertEquals(
                List.of("c up=true"),
                parsed.value().stream().map(Entry::toString).toList());
    }

    @Test
    void refusesTextThatIsTooLongUnread() {
        String text = "!".repeat(OverlayParser.MAX_CHARACTERS + 1);
        assertProblem(
                "1:1",
                "32769 characters",
                "at most 32768 characters",
                OverlayParser.networks("N", text).problems());
        assertEquals(1, OverlayParser.names("N", text).problems().size());
        assertEquals(1, OverlayParser.definition("N", text).problems().size());
    }

    @Test
    void reportsNoMoreMistakesThanOneCanRead() {
        assertEquals(
                20, OverlayParser.networks("N", "!,".repeat(10_000)).problems().size());
    }

    @Test
    void refusesMoreNetworksThanPodCanSensiblyHave() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 129; i++) {
            text.append('n').append(i).append('\n');
        }
        Parsed<List<Entry>> parsed = OverlayParser.networks("N", text.toString());
        assertEquals(128, parsed.value().size());
        assertProblem("129:1", "n128", "at most 128 networks", parsed.problems());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n", ",", ",,\n ,\t", "\r\n"})
    void findsNoNetworkInBlankText(String text) {
        assertEquals(new Parsed<>(List.of(), List.of()), OverlayParser.networks("N", text));
    }

    @Test
    void showsHostileTextHarmlessly() {
        String message = OverlayParser.networks("N", "\u202e\u001b[31m\ud800x" + "y".repeat(300))
                .problems()
                .getFirst()
                .toString();
        assertEquals(
                "N, line 1, column 1: found \"<U+202E><U+001B>[31m<U+D800>x" + "y".repeat(35)
                        + "…\", allowed: a network's name, 1 to 253 of A-Z a-z 0-9 . _ -",
                message);
    }

    /** What a word processor or a web page leaves in a copied text: nothing to be seen, and where it stands. */
    @ParameterizedTest
    @CsvSource({
        "vxeth0\u00a0up, 7, vxeth0<U+00A0>up",
        "\ufeffvxeth0, 1, <U+FEFF>vxeth0",
        "vx\u200beth0, 3, vx<U+200B>eth0",
        "vx\u202eeth0, 3, vx<U+202E>eth0",
        "vxeth0\u2028, 7, vxeth0<U+2028>",
        "vxeth0\ufe0f, 7, vxeth0<U+FE0F>",
        "vxeth0\u3000, 7, vxeth0<U+3000>",
        "vx\udb40\udd00eth0, 3, vx<U+E0100>eth0",
        "vxeth0 mtu=1400\u00a0, 16, 1400<U+00A0>",
        "vxeth0 up\u200d, 10, up<U+200D>",
    })
    void showsInvisibleCharactersAndWhereTheyStand(String text, int column, String found) {
        Problem problem = OverlayParser.networks("N", text).problems().getFirst();
        assertEquals(List.of(column, found), List.of(problem.column(), problem.found()), problem.toString());
    }

    private static void assertDefinition(String expected, String text) {
        Parsed<Options> parsed = OverlayParser.definition("D", text);
        assertEquals(List.of(), parsed.problems());
        assertEquals(expected, parsed.value().toString());
    }

    private static void assertNetworks(List<String> expected, String text) {
        Parsed<List<Entry>> parsed = OverlayParser.networks("N", text);
        assertEquals(List.of(), parsed.problems());
        assertEquals(expected, parsed.value().stream().map(Entry::toString).toList());
    }

    private static void assertProblem(String at, String found, String allowed, List<Problem> problems) {
        String[] place = at.split(":", 2);
        Problem first = problems.getFirst();
        assertEquals(
                new Problem(first.where(), Integer.parseInt(place[0]), Integer.parseInt(place[1]), found, allowed),
                first);
    }
}
