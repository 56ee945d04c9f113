package io.github.kubevxlan.controller.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.net.Vni;
import io.github.kubevxlan.controller.address.NameKind;
import io.github.kubevxlan.controller.pod.PodRef;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MacsTest {
    private static final Vni VNI = new Vni(100);
    private static final Mac CHOSEN = new Mac("02:00:00:00:00:01");

    @Test
    void aPassingNamesMacFollowsFromUidAndVni() {
        Mac mac = first("a");

        assertEquals(0b10, Integer.parseInt(mac.value().substring(0, 2), 16) & 0b11);
        assertTrue(Macs.isOurs(mac));
        assertEquals(mac, first("a"));
        assertNotEquals(mac, first("b"));
        assertNotEquals(mac, of(passing("a"), "vx0", new Vni(101)).first());
    }

    @Test
    void aReturningNamesMacFollowsFromNamespaceNameAndNetwork() {
        Mac mac = of(named("u1", "a", NameKind.STATEFUL), "vx0", VNI).first();

        assertTrue(Macs.isOurs(mac));
        assertEquals(mac, of(named("u2", "a", NameKind.STATEFUL), "vx0", VNI).first());
        assertEquals(
                mac, of(named("u3", "a", NameKind.BARE), "vx0", new Vni(101)).first());
        assertNotEquals(mac, of(named("u1", "b", NameKind.STATEFUL), "vx0", VNI).first());
        assertNotEquals(mac, of(named("u1", "a", NameKind.STATEFUL), "vx1", VNI).first());
    }

    @Test
    void aMemberSetUpByAnOlderVersionKeepsItsMac() {
        Mac old = first("u1");
        PodRef pod = named("u1", "a", NameKind.STATEFUL);

        assertEquals(
                old,
                MacChoice.of(pod, "vx0", VNI, Optional.empty(), Optional.of(old))
                        .first());
        assertNotEquals(old, of(pod, "vx0", VNI).first());
    }

    @Test
    void aMemberThatItsOwnerLetGoKeepsItsMac() {
        Mac mac = of(named("u1", "a-0", NameKind.STATEFUL), "vx0", VNI).first();

        assertEquals(
                mac,
                MacChoice.of(named("u1", "a-0", NameKind.PASSING), "vx0", VNI, Optional.empty(), Optional.of(mac))
                        .first());
    }

    @Test
    void aMacThatIsNotItsOwnCountsForNothingThoughItsAgentReportsIt() {
        PodRef pod = named("u1", "a", NameKind.STATEFUL);
        for (Mac others : List.of(first("u2"), CHOSEN, new Mac("72:78:00:00:00:01"))) {
            MacChoice choice = MacChoice.of(pod, "vx0", VNI, Optional.empty(), Optional.of(others));
            assertEquals(of(pod, "vx0", VNI).first(), choice.first());
            assertFalse(choice.isHeld());
        }
    }

    @Test
    void ofTwoThatDeriveOneTheOneThatHasItKeepsIt() {
        List<String> twins = twins();
        Map<String, Mac> macs = assigned(choices(twins));
        assertEquals(first(twins.getFirst()), macs.get(twins.getFirst()));
        assertNotEquals(macs.get(twins.getFirst()), macs.get(twins.getLast()));

        SortedMap<String, MacChoice> later = choices(twins);
        Map<String, Mac> before = Map.of(twins.getLast(), first(twins.getLast()));
        assertEquals(first(twins.getLast()), Macs.assign(later, before).byUid().get(twins.getLast()));

        Mac second = macs.get(twins.getLast());
        MacChoice again =
                MacChoice.of(passing(twins.getLast()), "vx0", VNI, Optional.empty(), Optional.ofNullable(second));
        assertEquals(second, assigned(new TreeMap<>(Map.of("x", again))).get("x"));
    }

    @Test
    void ofTwoThatChoseOneTheFirstHolderKeepsItAndTheOtherIsTold() {
        SortedMap<String, MacChoice> both = new TreeMap<>();
        both.put("a", chosen("a", Optional.empty()));
        both.put("b", chosen("b", Optional.of(CHOSEN)));
        Macs macs = Macs.assign(both, Map.of());

        assertEquals(Map.of("a", first("a"), "b", CHOSEN), macs.byUid());
        assertEquals(Map.of("a", "b"), macs.refused());
        assertEquals(macs, Macs.assign(both, macs.byUid()));

        both.remove("b");
        assertEquals(Map.of("a", CHOSEN), Macs.assign(both, macs.byUid()).byUid());
    }

    @Test
    void aChosenMacComesBeforeADerivedOneThatNobodyHasYet() {
        Mac derived = first("a");
        SortedMap<String, MacChoice> both = new TreeMap<>();
        both.put("a", choice("a"));
        both.put("b", MacChoice.of(passing("b"), "vx0", VNI, Optional.of(derived), Optional.empty()));

        assertEquals(derived, Macs.assign(both, Map.of()).byUid().get("b"));
        Macs late = Macs.assign(both, Map.of("a", derived));
        assertEquals(derived, late.byUid().get("a"));
        assertEquals(Map.of("b", "a"), late.refused());
    }

    private static MacChoice chosen(String uid, Optional<Mac> written) {
        return MacChoice.of(passing(uid), "vx0", VNI, Optional.of(CHOSEN), written);
    }

    private static Map<String, Mac> assigned(SortedMap<String, MacChoice> choices) {
        return Macs.assign(choices, Map.of()).byUid();
    }

    private static SortedMap<String, MacChoice> choices(List<String> uids) {
        SortedMap<String, MacChoice> all = new TreeMap<>();
        uids.forEach(uid -> all.put(uid, choice(uid)));
        return all;
    }

    private static MacChoice choice(String uid) {
        return of(passing(uid), "vx0", VNI);
    }

    private static Mac first(String uid) {
        return of(passing(uid), "vx0", VNI).first();
    }

    private static MacChoice of(PodRef pod, String network, Vni vni) {
        return MacChoice.of(pod, network, vni, Optional.empty(), Optional.empty());
    }

    private static PodRef passing(String uid) {
        return new PodRef(uid, "default", uid);
    }

    private static PodRef named(String uid, String name, NameKind kind) {
        return new PodRef(uid, "default", name, kind);
    }

    /** Two UIDs with the same choice, in order: among so many as two to the power of 18 there are some. */
    private static List<String> twins() {
        Map<Mac, String> seen = new HashMap<>();
        for (int i = 0; i < 1 << 18; i++) {
            String uid = "uid-%06d".formatted(i);
            String twin = seen.putIfAbsent(first(uid), uid);
            if (twin != null) {
                return List.of(twin, uid);
            }
        }
        throw new AssertionError("no two alike");
    }
}
