package io.github.kubevxlan.controller.overlay;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.net.Vni;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;

/**
 * The MACs of members. They follow from the pod's UID and the VNI, so that every controller chooses the same ones, and
 * begin with {@link #PREFIX}, by which entries for them are known to be ours.
 */
public final class Macs {
    /** Locally administered, unicast (IEEE 802c, administratively assigned); behind it is a hash of 32 bits. */
    public static final String PREFIX = "72:78";

    /** The bit of the first byte that is inverted there. */
    private static final byte UNIVERSAL = 2;

    private static final HexFormat PAIRS = HexFormat.ofDelimiter(":");

    private Macs() {}

    /** The MAC that a pod has in a segment if no other member has it. */
    public static Mac choose(Vni vni, String uid) {
        return choose(vni, uid, 0);
    }

    /**
     * Gives each member a MAC of its own: of two that have the same choice the one behind, by UID, gets its next one.
     *
     * @param choices what {@link #choose} gives, by UID
     */
    public static Map<String, Mac> assign(Vni vni, SortedMap<String, Mac> choices) {
        Map<Mac, String> taken = HashMap.newHashMap(choices.size());
        Map<String, Mac> macs = HashMap.newHashMap(choices.size());
        choices.forEach((uid, choice) -> {
            Mac mac = choice;
            for (int attempt = 1; taken.putIfAbsent(mac, uid) != null; attempt++) {
                mac = choose(vni, uid, attempt);
            }
            macs.put(uid, mac);
        });
        return macs;
    }

    /** Whether a MAC is one that we choose. */
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

    private static Mac choose(Vni vni, String uid, int attempt) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((uid + "/" + vni + "/" + attempt).getBytes(StandardCharsets.UTF_8));
            return new Mac(PREFIX + ":" + PAIRS.formatHex(hash, 0, 4));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
