package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.InvalidValueException;
import io.github.kubevxlan.common.net.Mac;
import java.util.Locale;

/**
 * A MAC that somebody chose for a pod's interface.
 *
 * @param name the pod's, {@code NAMESPACE/NAME}, or {@code NAME} in any namespace; empty in an annotation, which is the
 *     pod's own
 * @param mac a unicast address
 */
public record ChosenMac(String name, Mac mac) {
    private static final String ALLOWED = "a unicast MAC, such as 72:78:00:00:00:01;"
            + " in a definition NAME:MAC or NAMESPACE/NAME:MAC with ; between them";
    private static final String ZERO = "00:00:00:00:00:00";
    private static final int MAC_LENGTH = ZERO.length();
    private static final int GROUP = 1;
    private static final int LOCAL = 2;

    /** Parses {@code MAC} or {@code NAME:MAC}; throws {@link InvalidValueException} for anything else. */
    static ChosenMac parse(String text) {
        int colon = text.length() == MAC_LENGTH ? -1 : PodNames.colon(text, ALLOWED);
        String mac = text.substring(colon + 1).toLowerCase(Locale.ROOT);
        OptionTexts.require(Mac.isOne(mac) && !mac.equals(ZERO), text, ALLOWED);
        ChosenMac chosen = new ChosenMac(text.substring(0, Math.max(0, colon)), new Mac(mac));
        OptionTexts.require((chosen.firstByte() & GROUP) == 0, text, ALLOWED);
        return chosen;
    }

    /** Whether it is for a pod, which is given as {@code NAMESPACE/NAME}. */
    public boolean isFor(String pod) {
        return name.isEmpty() || PodNames.isFor(name, pod);
    }

    /** Whether no manufacturer has it: its bit for locally administered addresses is set. */
    boolean isLocal() {
        return (firstByte() & LOCAL) != 0;
    }

    private int firstByte() {
        return Integer.parseInt(mac.value().substring(0, 2), 16);
    }

    @Override
    public String toString() {
        return name.isEmpty() ? mac.value() : name + ":" + mac;
    }
}
