package io.github.kubevxlan.common.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValuesTest {
    private static final Map<String, Function<String, ?>> PARSERS = Map.of(
            "vni", Vni::parse,
            "port", Port::parse,
            "name", IfName::new,
            "mtu", Mtu::parse,
            "address", IpAddr::parse,
            "interface", InterfaceAddress::parse,
            "network", Cidr::parse,
            "route", Route::parse);

    @ParameterizedTest
    @CsvSource({
        "vni, 1",
        "vni, 16777215",
        "port, 1",
        "port, 65535",
        "name, vxeth0",
        "name, 0a.b_c-D2345678",
        "mtu, auto",
        "mtu, 68",
        "mtu, 65485",
        "address, 0.0.0.0",
        "address, 255.255.255.255",
        "address, ::",
        "address, fd00:11::1",
        "interface, 192.168.11.2/29",
        "interface, 192.168.11.2/32",
        "interface, fd00::2/0",
        "network, 0.0.0.0/0",
        "network, 192.168.12.0/29",
        "network, fd00:12::/64",
        "network, ::/0",
        "route, 192.168.12.0/29:192.168.11.1",
        "route, [fd00:12::/64]:[fd00:11::1]",
        "route, [::/0]:[fe80::1]",
        "route, 224.0.0.0/4",
    })
    void printsWhatItParses(String type, String text) {
        assertEquals(text, parse(type, text).toString());
    }

    @ParameterizedTest
    @CsvSource({
        "vni, 007, 7",
        "address, FD00:0:0:0:0:0:0:1, fd00::1",
        "interface, FD00:0::1/64, fd00::1/64",
        "network, fd00:12:0:0::/64, fd00:12::/64",
        "route, [fd00:12:0::/64]:[fd00:11:0::1], [fd00:12::/64]:[fd00:11::1]",
        "route, fd00::/8:fd00::1, ",
        "route, 203.0.113.15:10.120.1.9, 203.0.113.15/32:10.120.1.9",
        "route, [2001:db8::15]:[fd00::1], [2001:db8::15/128]:[fd00::1]",
        "route, 239.1.2.3, 239.1.2.3/32",
        "route, 224.0.0.0/4:10.120.1.9, ",
        "route, [ff05::/16], ",
    })
    void printsOneFormOfEachValue(String type, String text, String canonical) {
        if (canonical == null) {
            assertThrows(InvalidValueException.class, () -> parse(type, text));
        } else {
            assertEquals(canonical, parse(type, text).toString());
            assertEquals(parse(type, canonical), parse(type, text));
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "vni, ``",
                "vni, 0",
                "vni, 16777216",
                "vni, -1",
                "vni, +1",
                "vni, 1.0",
                "vni, ` 1`",
                "vni, ١",
                "vni, 99999999999999999999",
                "port, 0",
                "port, 65536",
                "name, ``",
                "name, lo",
                "name, all",
                "name, default",
                "name, -a",
                "name, .a",
                "name, a%d",
                "name, a#b",
                "name, a b",
                "name, ä",
                "name, a234567890123456",
                "mtu, 67",
                "mtu, 65486",
                "mtu, AUTO",
                "address, 1.2.3",
                "address, 1.2.3.256",
                "address, 01.2.3.4",
                "address, 1.2.3.4/8",
                "address, 1.2.3.*",
                "address, 1.2.3.1-4",
                "address, fe80::1%eth0",
                "address, localhost",
                "address, ``",
                "address, *",
                "address, 0x7f000001",
                "interface, 1.2.3.4",
                "interface, 1.2.3.4/33",
                "interface, fd00::1/129",
                "interface, 1.2.3.4/255.0.0.0",
                "interface, /8",
                "network, 192.168.12.1/29",
                "network, fd00::1/64",
                "network, 192.168.12.0",
                "route, 192.168.12.0/29",
                "route, 192.168.12.0/29:",
                "route, :192.168.11.1",
                "route, 192.168.12.1/29:192.168.11.1",
                "route, [fd00:12::/64]:[192.168.11.1]",
                "route, 192.168.12.0/29:fd00::1",
                "route, [fd00:12::/64]",
                "route, [fd00:12::/64]:fd00:11::1",
            })
    void refusesEverythingElse(String type, String text) {
        InvalidValueException refusal = assertThrows(InvalidValueException.class, () -> parse(type, text));
        assertEquals(text, refusal.found());
    }

    private static Object parse(String type, String text) {
        return Objects.requireNonNull(PARSERS.get(type)).apply(text);
    }
}
