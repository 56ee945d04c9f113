package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.InvalidValueException;
import java.util.regex.Pattern;

/** The names of pods in a definition: {@code NAMESPACE/NAME}, or {@code NAME} in any namespace that may join. */
final class PodNames {
    private static final int MOST_CHARACTERS = 253;
    private static final String LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
    private static final Pattern SHAPE = Pattern.compile("(" + LABEL + "/)?[a-z0-9]([-.a-z0-9]*[a-z0-9])?");

    private PodNames() {}

    /** Cuts {@code NAME:VALUE} at its first colon; throws {@link InvalidValueException} if there is no name before one. */
    static int colon(String text, String allowed) {
        int colon = text.indexOf(':');
        if (colon < 0
                || colon > MOST_CHARACTERS
                || !SHAPE.matcher(text.substring(0, colon)).matches()) {
            throw new InvalidValueException(text, allowed);
        }
        return colon;
    }

    /** Whether a name in a definition is that of a pod, which is given as {@code NAMESPACE/NAME}. */
    static boolean isFor(String name, String pod) {
        return name.indexOf('/') < 0 ? pod.substring(pod.indexOf('/') + 1).equals(name) : pod.equals(name);
    }
}
