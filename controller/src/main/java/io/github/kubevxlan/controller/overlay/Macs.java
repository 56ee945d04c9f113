package io.github.kubevxlan.controller.overlay;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.util.Sha256;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The MACs of a segment's members, each of them once. One that nobody chose begins with {@link #PREFIX}, by which entries
 * for it are known to be ours, and follows from what the pod is, so that every controller derives the same one.
 *
 * @param byUid the MAC of each member
 * @param refused of those that have another MAC than was chosen for them: the UID of the member that has it, by UID
 */
public record Macs(Map<String, Mac> byUid, Map<String, String> refused) {
    /** Locally administered, unicast (IEEE 802c, administratively assigned); behind it is a hash of 32 bits. */
    public static final String PREFIX = "72:78";

    /** The bit of the first byte that is inverted there. */
    private static final byte UNIVERSAL = 2;

    private static final HexFormat PAIRS = HexFormat.ofDelimiter(":");

    public Macs {
        byUid = Map.copyOf(byUid);
        refused = Map.copyOf(refused);
    }

    /**
     * Gives each member a MAC of its own. Of two that are for one, the member that has it keeps it. If none has it yet, it
     * is for a member for which it was chosen rather than derived, and then for the first by UID.
     *
     * @param choices by UID
     * @param before what they had, as far as that is known
     */
    public static Macs assign(SortedMap<String, MacChoice> choices, Map<String, Mac> before) {
        Map<Mac, String> owners = HashMap.newHashMap(choices.size());
        Map<String, Mac> macs = HashMap.newHashMap(choices.size());
        Map<String, String> refused = new HashMap<>();
        choices.forEach((uid, choice) -> {
            if (choice.isHeld() || choice.first().equals(before.get(uid))) {
                take(uid, choice.first(), owners, macs);
            }
        });
        choices.forEach((uid, choice) -> choice.chosen()
                .filter(_ -> !macs.containsKey(uid))
                .ifPresent(mac -> {
                    if (!take(uid, mac, owners, macs)) {
                        refused.put(uid, Optional.ofNullable(owners.get(mac)).orElseThrow());
                    }
                }));
        choices.forEach((uid, choice) -> {
            if (!macs.containsKey(uid) && !take(uid, choice.derived(), owners, macs)) {
                int attempt = 0;
                while (!take(uid, choice.derived(attempt), owners, macs)) {
                    attempt++;
                }
            }
        });
        return new Macs(macs, refused);
    }

    private static boolean take(String uid, Mac mac, Map<Mac, String> owners, Map<String, Mac> macs) {
        boolean isFree = owners.putIfAbsent(mac, uid) == null;
        if (isFree) {
            macs.put(uid, mac);
        }
        return isFree;
    }

    /** Whether a MAC is one that we derive, or could have. */
    public static boolean isOurs(Mac mac) {
        return mac.value().startsWith(PREFIX + ":");
    }

    /** The link-local address that the kernel makes of a MAC (RFC 4291 appendix A). */
    public static IpAddr linkLocal(Mac mac) {
        byte[] bytes = HexFormat.ofDelimiter(":").parseHex(mac.value());
        bytes[0] ^= UNIVERSAL;
        String digits = HexFormat.of().formatHex(bytes);
        return IpAddr.parse("fe80::" + digits.substring(0, 4) + ":" + digits.substring(4, 6) + "ff:fe"
                + digits.substring(6, 8) + ":" + digits.substring(8));
    }

    /** The MAC that follows from a text. */
    static Mac derive(String text) {
        return new Mac(PREFIX + ":" + PAIRS.formatHex(Sha256.of(text), 0, 4));
    }
}
