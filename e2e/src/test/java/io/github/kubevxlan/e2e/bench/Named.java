package io.github.kubevxlan.e2e.bench;

import java.net.InetAddress;

/**
 * A name that leads to an address.
 *
 * @param host the part of the name before the Service's
 * @param address as Java writes it
 */
record Named(String host, String address) {
    /** Takes the address as anybody writes it. */
    static Named of(String host, String address) {
        return new Named(host, normal(address));
    }

    static String normal(String address) {
        return InetAddress.ofLiteral(address).getHostAddress();
    }

    /** The type of its record in DNS. */
    String type() {
        return address.contains(":") ? "AAAA" : "A";
    }
}
