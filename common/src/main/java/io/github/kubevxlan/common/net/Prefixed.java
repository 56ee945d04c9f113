package io.github.kubevxlan.common.net;

/** The {@code ADDRESS/LENGTH} notation that interface addresses and networks share. */
final class Prefixed {
    private Prefixed() {}

    static InterfaceAddress parse(String text, String allowed) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new InvalidValueException(text, allowed);
        }
        try {
            IpAddr address = IpAddr.parse(text.substring(0, slash));
            return new InterfaceAddress(address, Numbers.parse(text.substring(slash + 1), 0, address.bits(), allowed));
        } catch (InvalidValueException e) {
            throw new InvalidValueException(text, allowed);
        }
    }
}
