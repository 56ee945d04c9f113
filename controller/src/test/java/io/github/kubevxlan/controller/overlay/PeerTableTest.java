package io.github.kubevxlan.controller.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PeerTableTest {
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

    private static PeerTable of(String... addresses) {
        return PeerTable.of(Stream.of(addresses).map(PeerTableTest::flood).toList());
    }

    private static Entry flood(String address) {
        return new Entry.Flood(IpAddr.parse(address));
    }
}
