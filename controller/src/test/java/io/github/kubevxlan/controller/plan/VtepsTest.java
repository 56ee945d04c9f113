package io.github.kubevxlan.controller.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kubevxlan.common.net.IpAddr;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class VtepsTest {
    @Test
    void digestIsThatOfTheAgentsSortedLines() {
        // printf '10.244.10.1\n10.244.2.1\nfd00::1\n' | sha256sum
        assertEquals(
                "0da54ec5e953666fb3403fb1d2c4e6ed6fddc385bdf8dfaf60a16bc3c3121964",
                of("fd00::1", "10.244.2.1", "10.244.10.1").digest());
    }

    @Test
    void differenceNamesWhatCameAndWhatWent() {
        Vteps.Delta delta = of("10.0.0.2", "10.0.0.3", "10.0.0.5").since(of("10.0.0.1", "10.0.0.3"));

        assertEquals(List.of(IpAddr.parse("10.0.0.2"), IpAddr.parse("10.0.0.5")), delta.added());
        assertEquals(List.of(IpAddr.parse("10.0.0.1")), delta.removed());
    }

    @Test
    void differenceToItselfIsEmpty() {
        Vteps vteps = of("10.0.0.2", "10.0.0.3");

        assertEquals(new Vteps.Delta(vteps, List.of(), List.of()), vteps.since(of("10.0.0.3", "10.0.0.2")));
    }

    private static Vteps of(String... addresses) {
        return Vteps.of(Stream.of(addresses).map(IpAddr::parse).toList());
    }
}
