package io.github.kubevxlan.controller.overlay;

import java.util.regex.Pattern;

/** The markers that identify our objects in the kernel; an object without a marker is foreign and stays untouched. */
public final class OwnershipMarkers {
    /** The first word of the ifalias of {@code lo}: all networks that the pod declares are there. */
    public static final String COMPLETE = "complete";

    /** The first word of the ifalias of {@code lo} before that; then comes the last fencing token. */
    public static final String PENDING = "pending";

    /** The priority of our addresses' prefix routes ({@code ip-address(8)}, {@code metric}). */
    public static final int ADDRESS_METRIC = 8472;

    /** The protocol number of our routes ({@code ip-route(8)}, {@code proto}). */
    public static final int ROUTE_PROTO = 184;

    private static final int ALIAS_MAX = 255;

    private static final Pattern ANY = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?/.+");

    private OwnershipMarkers() {}

    /** The ifalias of a link of ours: prefix and network, cut to what the kernel holds (IFALIASZ). */
    public static String alias(String prefix, String network) {
        String alias = prefix + "/" + network;
        return alias.length() > ALIAS_MAX ? alias.substring(0, ALIAS_MAX) : alias;
    }

    /** The network that an ifalias of ours names, cut as there. */
    public static String network(String alias, String prefix) {
        return alias.substring(prefix.length() + 1);
    }

    /** Whether an ifalias is one that a controller of ours gives, with whatever key prefix. */
    public static boolean isAnyPrefix(String alias) {
        return ANY.matcher(alias).matches();
    }

    /** Whether an ifalias is one of ours. */
    public static boolean isOurs(String alias, String prefix) {
        return alias.startsWith(prefix + "/");
    }
}
