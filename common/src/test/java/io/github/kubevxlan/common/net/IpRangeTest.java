package io.github.kubevxlan.common.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpRangeTest {
    @Test
    void countsBothEnds() {
        IpRange range = IpRange.parse("10.1.0.250-10.1.1.4");
        assertEquals(BigInteger.valueOf(11), range.size());
        assertEquals(IpAddr.parse("10.1.0.250"), range.at(BigInteger.ZERO));
        assertEquals(IpAddr.parse("10.1.1.4"), range.at(BigInteger.TEN));
        assertTrue(range.contains(IpAddr.parse("10.1.1.0")));
        assertFalse(range.contains(IpAddr.parse("10.1.1.5")));
        assertFalse(range.contains(IpAddr.parse("fd00::1")));
        assertEquals("10.1.0.250-10.1.1.4", range.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "10.1.0.9",
                "10.1.0.9-10.1.0.8",
                "10.1.0.1-fd00::1",
                "10.1.0.1-10.1.0.2-10.1.0.3",
                "10.1.0.1-5"
            })
    void refusesWhatIsNoRange(String text) {
        InvalidValueException refusal = assertThrows(InvalidValueException.class, () -> IpRange.parse(text));
        assertEquals(IpRange.ALLOWED, refusal.allowed());
        assertEquals(text, refusal.found());
    }

    @Test
    void meetsAnother() {
        IpRange range = IpRange.parse("10.1.0.10-10.1.0.20");
        assertEquals(
                Optional.of(IpRange.parse("10.1.0.15-10.1.0.20")),
                range.intersect(IpRange.parse("10.1.0.15-10.1.0.90")));
        assertEquals(Optional.empty(), range.intersect(IpRange.parse("10.1.0.21-10.1.0.90")));
        assertEquals(Optional.empty(), range.intersect(IpRange.parse("fd00::1-fd00::2")));
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.0.0/24, 10.1.0.1-10.1.0.254",
        "10.1.0.4/30, 10.1.0.5-10.1.0.6",
        "fd00:1::/64, fd00:1::1-fd00:1::ffff:ffff:ffff:ffff",
        "fd00:1::4/126, fd00:1::5-fd00:1::7"
    })
    void leavesHostsWhatIsNotTheSubnetsOwn(String subnet, String hosts) {
        assertEquals(Optional.of(IpRange.parse(hosts)), Cidr.parse(subnet).hosts());
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.1.0.0/31", "10.1.0.0/32", "fd00::/127", "fd00::/128"})
    void leavesNothingOfATinySubnet(String subnet) {
        assertEquals(Optional.empty(), Cidr.parse(subnet).hosts());
    }
}
