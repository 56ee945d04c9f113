package io.github.kubevxlan.common.net;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CidrTest {
    @ParameterizedTest
    @CsvSource({
        "192.168.11.0/29, 192.168.11.7, true",
        "192.168.11.0/29, 192.168.11.8, false",
        "0.0.0.0/0, 255.255.255.255, true",
        "0.0.0.0/0, ::1, false",
        "fd00::/64, fd00::ffff, true",
        "fd00::/64, fd00:0:0:1::, false",
    })
    void containsItsAddresses(String network, String address, boolean contains) {
        assertEquals(contains, Cidr.parse(network).contains(IpAddr.parse(address)));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.1.0.0/16, true",
        "10.0.0.0/16, 10.1.0.0/16, false",
        "0.0.0.0/0, 10.0.0.0/8, true",
        "0.0.0.0/0, ::/0, false",
    })
    void overlapsWhereOneIsWithinTheOther(String one, String other, boolean overlaps) {
        assertEquals(overlaps, Cidr.parse(one).overlaps(Cidr.parse(other)));
        assertEquals(overlaps, Cidr.parse(other).overlaps(Cidr.parse(one)));
    }

    @Test
    void isNetworkOfInterfaceAddress() {
        assertEquals(
                Cidr.parse("192.168.11.0/29"),
                InterfaceAddress.parse("192.168.11.2/29").network());
        assertEquals(
                Cidr.parse("192.168.11.2/32"),
                InterfaceAddress.parse("192.168.11.2/32").network());
        assertEquals(
                Cidr.parse("fd00:11::/64"),
                InterfaceAddress.parse("fd00:11::2/64").network());
    }
}
