package io.github.kubevxlan.controller.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.spec.Security;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SecurityScriptTest {
    private static final Filter IPV4 = Filter.parse("vni100-port8472-ipv4").orElseThrow();
    private static final Filter IPV6 = Filter.parse("vni100-port8472-ipv6").orElseThrow();

    /** The agent's own tests hold what it makes against the same lines. */
    @Test
    void theLinesAreThoseThatTheNativeAgentIsHeldAgainst() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("../agent/tests/kernel/security.nft")).stream()
                .filter(line -> !line.startsWith("#"))
                .toList();

        assertEquals(
                lines,
                Stream.of(
                                SecurityScript.put(IPV4, Security.ON),
                                permit(IPV4, "10.0.0.2", "10.0.0.3"),
                                SecurityScript.put(IPV6, Security.LOG),
                                permit(IPV6, "fd00::2", "fd00::3"))
                        .flatMap(String::lines)
                        .toList());
    }

    @Test
    void theModeIsThatOfAllRulesOfBothChains() {
        Map<String, List<String>> chains = SecurityScript.comments(IPV4, Security.LOG, true);
        assertEquals(Security.LOG, SecurityScript.mode(IPV4, chains, true));
        assertEquals(Security.OFF, SecurityScript.mode(IPV6, chains, true));

        Map<String, List<String>> without = chains.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        chain -> chain.getValue().subList(1, chain.getValue().size())));
        assertEquals(Security.OFF, SecurityScript.mode(IPV4, without, true));
    }

    @Test
    void theChainsOfAnOlderAgentAreWholeForItAlone() {
        Map<String, List<String>> chains = SecurityScript.comments(IPV4, Security.ON, false);
        assertEquals(2, chains.size());
        assertEquals(Security.ON, SecurityScript.mode(IPV4, chains, false));
        assertEquals(Security.OFF, SecurityScript.mode(IPV4, chains, true));
    }

    @Test
    void namesOfOthersObjectsAreNoneOfIts() {
        assertEquals(Optional.of(IPV4), SecurityScript.filter("vni100-port8472-ipv4-senders"));
        assertEquals(Optional.empty(), SecurityScript.filter("vni100-port8472-ipv4"));
        assertEquals(Optional.empty(), SecurityScript.filter("x-security"));
        assertEquals(Optional.of(IPV4), Refusal.filter("vni100-port8472-ipv4-arp"));
        assertEquals(Optional.empty(), Refusal.filter("vni100-port8472-ipv4-other"));
        assertEquals(Optional.empty(), Refusal.filter("arp"));
        assertEquals(Optional.of(IPV4), SecurityScript.caught("vni100-port8472-ipv4-caught"));
        assertEquals(Optional.empty(), SecurityScript.caught("vni100-port8472-ipv4"));
    }

    private static String permit(Filter filter, String member, String exempt) {
        IpAddr vtep = IpAddr.parse(member);
        return Stream.of(
                        new Entry.Exempt(filter, IpAddr.parse(exempt)),
                        new Entry.SenderMac(filter, vtep, new Mac("72:78:00:00:00:02")),
                        new Entry.SenderIp(filter, vtep, IpAddr.parse("10.1.0.2")),
                        new Entry.SenderIp(filter, vtep, IpAddr.parse("fe80::7078:ff:fe00:2")))
                .map(SecurityScript::permit)
                .collect(Collectors.joining("\n"));
    }
}
