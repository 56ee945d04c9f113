package io.github.kubevxlan.cli.state;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.net.IpAddr;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DifferenceTest {
    private static final Set<String> NAMES = Set.of("10.0.0.2", "02:00:00:00:00:02", "vni101-port14789-ipv4");
    private static final List<IpAddr> ADDRESSES = List.of(IpAddr.parse("10.11.0.1"), IpAddr.parse("10.11.0.2"));

    @Test
    void whatIsAboutThePairStopsItsPackets() {
        for (String one :
                List.of("*", "10.0.0.2", "02:00:00:00:00:02", "vni101-port14789-ipv4", "10.11.0.2", "10.11.0.0/24")) {
            assertTrue(stops(one), one);
        }
    }

    @Test
    void whatIsAboutOthersDoesNot() {
        for (String one : List.of(
                "10.0.0.3", "02:00:00:00:00:03", "vni102-port14789-ipv4", "10.11.0.3", "10.12.0.0/24", "fd00::/8")) {
            assertFalse(stops(one), one);
        }
        assertFalse(new Difference(Difference.Kind.MISSING, "vxeth1", "nothing", List.of()).stops(NAMES, ADDRESSES));
    }

    private static boolean stops(String one) {
        return new Difference(Difference.Kind.MISSING, "vxeth1", "it", List.of("10.99.0.9", one))
                .stops(NAMES, ADDRESSES);
    }
}
