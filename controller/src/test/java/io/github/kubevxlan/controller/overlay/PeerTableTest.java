package io.github.kubevxlan.controller.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.net.Vni;
import io.github.kubevxlan.common.spec.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PeerTableTest {
    private static final Filter FILTER = Filter.of(new SegmentKey(new Segment(new Vni(100), new Port(8472)), false));

    @Test
    void digestIsThatOfTheAgentsSortedLines() {
        // printf '%s\n' '00:00:00:00:00:00 10.244.10.1' '00:00:00:00:00:00 10.244.2.1' '10.99.0.2 72:78:00:00:00:02' \
        //   '72:78:00:00:00:02 10.244.2.1' 'fd00::2 72:78:00:00:00:02' | LC_ALL=C sort | sha256sum
        Mac mac = new Mac("72:78:00:00:00:02");
        assertEquals(
                "63ee37b9a4df86b21700e07a91f977899ac566d8ac5a1f3ff604527e4de3f092",
                PeerTable.of(List.of(
                                new Entry.Neighbour(IpAddr.parse("fd00::2"), mac),
                                new Entry.Unicast(mac, IpAddr.parse("10.244.2.1")),
                                new Entry.Flood(IpAddr.parse("10.244.2.1")),
                                new Entry.Flood(IpAddr.parse("10.244.10.1")),
                                new Entry.Neighbour(IpAddr.parse("10.99.0.2"), mac)))
                        .digest());
    }

    @Test
    void differenceNamesWhatCameAndWhatWent() {
        PeerTable.Delta delta = of("10.0.0.2", "10.0.0.3", "10.0.0.5").since(of("10.0.0.1", "10.0.0.3"));

        assertEquals(List.of(flood("10.0.0.2"), flood("10.0.0.5")), delta.added());
        assertEquals(List.of(flood("10.0.0.1")), delta.removed());
    }

    @Test
    void differenceToItselfIsEmpty() {
        PeerTable peers = of("10.0.0.2", "10.0.0.3");

        assertEquals(new PeerTable.Delta(List.of(), List.of()), peers.since(of("10.0.0.3", "10.0.0.2")));
    }

    /** Whatever was asked of the table before. */
    @Test
    void tableThatFollowsFromAnotherIsTheOneThatIsMadeFromNothing() {
        Random random = new Random(1);
        PeerTable table = PeerTable.NONE;
        for (int i = 0; i < 200; i++) {
            List<Entry> entries = random(random);
            table = table.become(entries);
            PeerTable fromNothing = PeerTable.of(entries);

            assertIsTable(fromNothing, table);
            assertIsTable(fromNothing.unfiltered(), table.unfiltered());
            if (random.nextBoolean()) {
                assertIsTable(fromNothing.withoutIpv6Neighbours(), table.withoutIpv6Neighbours());
            }
        }
    }

    @Test
    void aTableThatLacksNothingOfWhatIsLeftOutIsItsOwnDerivative() {
        PeerTable table = of("10.0.0.1");
        assertSame(table, table.unfiltered());
        assertSame(table, table.withoutIpv6Neighbours());

        PeerTable next = table.become(List.of(flood("10.0.0.1"), flood("10.0.0.2")));

        assertSame(next, next.unfiltered());
        assertSame(next, next.withoutIpv6Neighbours());
        IpAddr vtep = IpAddr.parse("10.0.0.1");
        PeerTable filtered = next.become(List.of(new Entry.Flood(vtep), new Entry.Admitted(FILTER, vtep)));
        assertEquals(table, filtered.unfiltered());
    }

    private static void assertIsTable(PeerTable expected, PeerTable table) {
        Cidr half = Cidr.parse("10.0.0.0/29");
        assertEquals(List.copyOf(expected.all()), List.copyOf(table.all()));
        assertEquals(expected, table);
        assertEquals(expected.within(half).toList(), table.within(half).toList());
    }

    private static List<Entry> random(Random random) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 1; i < 16; i++) {
            IpAddr vtep = IpAddr.parse("10.0.0." + i);
            Mac mac = new Mac("72:78:00:00:00:%02x".formatted(random.nextInt(2) * 16 + i));
            if (random.nextBoolean()) {
                entries.add(new Entry.Flood(vtep));
                entries.add(new Entry.Admitted(FILTER, vtep));
                entries.add(new Entry.Unicast(mac, vtep));
                entries.add(new Entry.Neighbour(IpAddr.parse("fd00::" + i), mac));
            }
        }
        return entries;
    }

    private static PeerTable of(String... addresses) {
        return PeerTable.of(Stream.of(addresses).map(PeerTableTest::flood).toList());
    }

    private static Entry flood(String address) {
        return new Entry.Flood(IpAddr.parse(address));
    }
}
