package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.InvalidValueException;
import io.github.kubevxlan.common.net.IpAddr;

/**
 * An address of a network's subnet that is for the pods of one name.
 *
 * @param name {@code NAMESPACE/NAME}, or {@code NAME} in any namespace
 * @param address the address
 */
public record Reservation(String name, IpAddr address) {
    static final String ALLOWED = "NAME:ADDRESS or NAMESPACE/NAME:ADDRESS with ; between them,"
            + " such as db-0:10.1.0.5;team-a/db-0:fd00::5";

    /** Parses {@code NAME:ADDRESS}; throws {@link InvalidValueException} for anything else. */
    static Reservation parse(String text) {
        int colon = PodNames.colon(text, ALLOWED);
        try {
            return new Reservation(text.substring(0, colon), IpAddr.parse(text.substring(colon + 1)));
        } catch (InvalidValueException e) {
            throw new InvalidValueException(text, ALLOWED);
        }
    }

    /** Whether it is for a pod, which is given as {@code NAMESPACE/NAME}. */
    public boolean isFor(String pod) {
        return isFor(name, pod);
    }

    /** Whether a name in a definition is that of a pod, which is given as {@code NAMESPACE/NAME}. */
    public static boolean isFor(String name, String pod) {
        return PodNames.isFor(name, pod);
    }

    @Override
    public String toString() {
        return name + ":" + address;
    }
}
