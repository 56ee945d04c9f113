package io.github.kubevxlan.controller.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.net.Vni;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MacsTest {
    private static final Vni VNI = new Vni(100);

    @Test
    void choosesALocallyAdministeredUnicastMacThatFollowsFromUidAndVni() {
        Mac mac = Macs.choose(VNI, "a");

        assertEquals(0b10, Integer.parseInt(mac.value().substring(0, 2), 16) & 0b11);
        assertTrue(Macs.isOurs(mac));
        assertEquals(mac, Macs.choose(VNI, "a"));
        assertNotEquals(mac, Macs.choose(VNI, "b"));
        assertNotEquals(mac, Macs.choose(new Vni(101), "a"));
    }

    @Test
    void givesTheSecondOfTwoWithOneChoiceAnotherMac() {
        List<String> twins = twins();

        Map<String, Mac> macs = Macs.assign(
                VNI,
                new TreeMap<>(Map.of(
                        twins.getFirst(), Macs.choose(VNI, twins.getFirst()),
                        twins.getLast(), Macs.choose(VNI, twins.getLast()))));

        assertEquals(Macs.choose(VNI, twins.getFirst()), macs.get(twins.getFirst()));
        assertNotEquals(macs.get(twins.getFirst()), macs.get(twins.getLast()));
    }

    /** Two UIDs with the same choice, in order: among so many as two to the power of 18 there are some. */
    private static List<String> twins() {
        Map<Mac, String> seen = new HashMap<>();
        for (int i = 0; i < 1 << 18; i++) {
            String uid = "uid-%06d".formatted(i);
            String twin = seen.putIfAbsent(Macs.choose(VNI, uid), uid);
            if (twin != null) {
                return List.of(twin, uid);
            }
        }
        throw new AssertionError("no two alike");
    }
}
