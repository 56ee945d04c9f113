package io.github.kubevxlan.common.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.net.Vni;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DefinitionsTest {
    private static final Defaults DEFAULTS = new Defaults(new IfName("eth0"), new Port(8472));

    @Test
    void definesNetworkBySegment() {
        Definitions definitions = parse(Map.of("vxeth0", "100", "vxeth1", "id=101 dstport=4789"));
        assertEquals(new Segment(new Vni(100), new Port(8472)), segment(definitions, "vxeth0"));
        assertEquals(new Segment(new Vni(101), new Port(4789)), segment(definitions, "vxeth1"));
        assertEquals(Map.of(), definitions.broken());
    }

    @Test
    void keepsGoodDefinitionsBesideBrokenOnes() {
        Definitions definitions = parse(Map.of("a", "id=abc", "b", "100", "c", ""));
        assertEquals(Set.of("b"), definitions.usable().keySet());
        assertEquals(
                List.of("ConfigMap entry a, line 1, column 4: found \"abc\", allowed: a VNI, 1 to 16777215"),
                reasons(definitions, "a"));
        assertEquals(
                List.of("ConfigMap entry c, line 1, column 1: found \"\","
                        + " allowed: a VNI, or options with id=VNI among them"),
                reasons(definitions, "c"));
    }

    @Test
    void givesSharedSegmentToFirstByName() {
        Definitions definitions = parse(Map.of("b", "100", "a", "id=100 up=false", "c", "id=100 dstport=4789"));
        assertEquals(Set.of("a", "c"), definitions.usable().keySet());
        assertEquals(
                List.of("ConfigMap entry b, line 1, column 1: found \"id=100\","
                        + " allowed: an id that no other network has on UDP port 8472; a has it"),
                reasons(definitions, "b"));
    }

    @Test
    void leavesSegmentOfBrokenDefinitionToIt() {
        Definitions definitions = parse(Map.of("a", "id=100 up=maybe", "b", "100"));
        assertEquals(Set.of("a", "b"), definitions.broken().keySet());
    }

    @Test
    void wantsInterfaceNameForDefaultNetworkWithLongName() {
        Definitions definitions = parse(
                Map.of("a-very-long-network-name", "id=1 default", "another-very-long-name", "id=2 default name=ov2"));
        assertEquals(Set.of("another-very-long-name"), definitions.usable().keySet());
        assertEquals(
                List.of("ConfigMap entry a-very-long-network-name, line 1, column 1: found"
                        + " \"a-very-long-network-name\", allowed: an option name=INTERFACE for a default network whose"
                        + " own name is not an interface name, 1 to 15 of A-Z a-z 0-9 . _ - that begins with a letter"
                        + " or digit, not lo, all, default"),
                reasons(definitions, "a-very-long-network-name"));
    }

    private static Definitions parse(Map<String, String> data) {
        return Definitions.parse(data, DEFAULTS);
    }

    private static Segment segment(Definitions definitions, String name) {
        return definitions
                .usable()
                .getOrDefault(name, new Definition("", new Segment(new Vni(1), new Port(1)), Options.NONE))
                .segment();
    }

    private static List<String> reasons(Definitions definitions, String name) {
        return definitions.unavailable(name).reasons().stream()
                .map(Problem::toString)
                .toList();
    }
}
