package io.github.kubevxlan.common.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.net.Port;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NameRulesTest {
    private static final Keys KEYS = new Keys("p.test");
    private static final String SUBNET = "id=1 subnet=10.1.0.0/24;fd01::/64 route=10.2.0.0/16:10.1.0.1 ";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "reserve=db-0:10.1.0.5;db-0:fd01::5;team-a/db-0:10.1.0.6 keep=30m",
                "reserve=gw:10.1.0.1",
                "keep=0",
                "keep=365d",
                "mac=db-0:72:78:00:00:00:01;team-a/db.0:02:00:00:00:00:01",
            })
    void takesWhatIsHeldForNames(String options) {
        Definitions definitions = definitions(SUBNET + options, false);

        assertEquals(Map.of(), definitions.broken());
        Options read = definitions.usable().values().iterator().next().options();
        assertEquals(read, OverlayParser.definition("", read.toString()).value());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "reserve=db-0 | db-0",
                "reserve=DB:10.1.0.5 | DB:10.1.0.5",
                "reserve=a/b/c:10.1.0.5 | a/b/c:10.1.0.5",
                "reserve=db-0:10.1.0.5/24 | db-0:10.1.0.5/24",
                "reserve=db-0:10.9.0.5 | reserve=db-0:10.9.0.5",
                "reserve=db-0:10.1.0.0 | reserve=db-0:10.1.0.0",
                "reserve=db-0:10.1.0.255 | reserve=db-0:10.1.0.255",
                "reserve=db-0:10.1.0.5;db-1:10.1.0.5 | reserve=db-1:10.1.0.5",
                "reserve=db-0:10.1.0.5;db-0:10.1.0.6 | reserve=db-0:10.1.0.6",
                "keep=1 | 1",
                "keep=-1m | -1m",
                "keep=366d | 366d",
                "keep=99999999d | 99999999d",
                "mac=db-0:01:00:00:00:00:01 | db-0:01:00:00:00:00:01",
                "mac=db-0:00:00:00:00:00:00 | db-0:00:00:00:00:00:00",
                "mac=db-0:00:16:3e:00:00:01 | mac=db-0:00:16:3e:00:00:01",
                "mac=72:78:00:00:00:01 | mac=72:78:00:00:00:01",
                "mac=a:72:78:00:00:00:01;b:72:78:00:00:00:01 | mac=b:72:78:00:00:00:01",
                "mac=a:72:78:00:00:00:01;a:72:78:00:00:00:02 | mac=a:72:78:00:00:00:02",
            })
    void refusesAMistakeInADefinition(String options, String found) {
        assertEquals(
                List.of(found),
                definitions(SUBNET + options, false)
                        .problems()
                        .map(Problem::found)
                        .toList());
    }

    @Test
    void refusesToKeepAddressesWhereThereIsNoSubnet() {
        assertEquals(
                List.of("keep=1h"),
                definitions("id=1 keep=1h", false)
                        .problems()
                        .map(Problem::found)
                        .toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mac=db-0:72:78:00:00:00:01 | mac=db-0:72:78:00:00:00:01",
                "mac=72:78:00:00:00:01;72:78:00:00:00:02 | mac=72:78:00:00:00:01",
                "mac=00:16:3e:00:00:01 | mac=00:16:3e:00:00:01",
                "mac=33:33:00:00:00:01 | 33:33:00:00:00:01",
                "mac=72-78-00-00-00-01 | 72-78-00-00-00-01",
                "reserve=a:10.1.0.5 | reserve",
            })
    void refusesAMistakeInAnAnnotation(String options, String found) {
        Resolution resolution = resolve("id=1", "net " + options, false);

        assertEquals(
                List.of(found),
                resolution.refusals().stream().map(Problem::found).toList());
    }

    @Test
    void takesAManufacturersMacWhereTheOperatorAllowsIt() {
        assertEquals(
                Optional.of(new Mac("00:16:3e:0a:00:01")),
                resolve("id=1", "net mac=00:16:3E:0A:00:01", true)
                        .networks()
                        .getFirst()
                        .mac());
        assertEquals(Map.of(), definitions("id=1 mac=a:00:16:3e:00:00:01", true).broken());
    }

    @Test
    void aPodHasTheMacOfItsNameUnlessItsAnnotationSaysAnother() {
        String definition = "id=1 mac=db-0:72:78:00:00:00:01;team-b/db-0:72:78:00:00:00:02";

        assertEquals(
                Optional.of(new Mac("72:78:00:00:00:01")),
                resolve(definition, "net", false)
                        .of("team-a/db-0")
                        .networks()
                        .getFirst()
                        .mac());
        assertEquals(
                Optional.of(new Mac("72:78:00:00:00:02")),
                resolve("id=1 mac=team-b/db-0:72:78:00:00:00:02", "net", false)
                        .of("team-b/db-0")
                        .networks()
                        .getFirst()
                        .mac());
        assertEquals(
                Optional.empty(),
                resolve(definition, "net", false)
                        .of("team-a/db-1")
                        .networks()
                        .getFirst()
                        .mac());
        assertEquals(
                Optional.of(new Mac("72:78:00:00:00:09")),
                resolve(definition, "net mac=72:78:00:00:00:09", false)
                        .of("team-a/db-0")
                        .networks()
                        .getFirst()
                        .mac());
    }

    @Test
    void aNameWithoutNamespaceIsThatOfPodsInAllOfThem() {
        assertTrue(Reservation.isFor("db-0", "a/db-0"));
        assertTrue(Reservation.isFor("a/db-0", "a/db-0"));
        assertFalse(Reservation.isFor("b/db-0", "a/db-0"));
        assertFalse(Reservation.isFor("b-0", "a/db-0"));
    }

    private static Resolution resolve(String definition, String networks, boolean anyMac) {
        return new Resolver(KEYS, definitions(definition, anyMac))
                .resolve("team-a", Map.of(KEYS.networks(), networks), Map.of());
    }

    private static Definitions definitions(String text, boolean anyMac) {
        return Definitions.parse(
                Map.of("net", text), new Defaults(new IfName("eth0"), new Port(8472), List.of(), false, anyMac));
    }
}
