package io.github.kubevxlan.common.net;

/** The MTU of an overlay link, in bytes: the underlay's less what VXLAN puts around a frame, or a given number. */
public sealed interface Mtu {
    /** The underlay's MTU less 50 bytes for an IPv4 underlay, 70 for IPv6 (RFC 7348 section 5). */
    record Auto() implements Mtu {
        @Override
        public String toString() {
            return "auto";
        }
    }

    /**
     * A given MTU.
     *
     * @param bytes {@value #LEAST} to {@value #MOST}
     */
    record Fixed(int bytes) implements Mtu {
        public static final int LEAST = 68;
        public static final int MOST = 65485;

        public Fixed {
            if (bytes < LEAST || bytes > MOST) {
                throw new InvalidValueException(Integer.toString(bytes), ALLOWED);
            }
        }

        @Override
        public String toString() {
            return Integer.toString(bytes);
        }
    }

    String ALLOWED = "auto, or an MTU of 68 to 65485 bytes";
    Mtu AUTO = new Auto();

    /** What VXLAN adds to a frame on the underlay: outer IP, UDP, VXLAN and inner Ethernet headers, in bytes. */
    static int overhead(boolean ipv6Underlay) {
        return ipv6Underlay ? 70 : 50;
    }

    /** Parses {@code auto} or a number of bytes; throws {@link InvalidValueException} for anything else. */
    static Mtu parse(String text) {
        return text.equals("auto") ? AUTO : new Fixed(Numbers.parse(text, Fixed.LEAST, Fixed.MOST, ALLOWED));
    }
}
