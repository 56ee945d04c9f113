package io.github.kubevxlan.cli.state;

import java.util.regex.Pattern;

/**
 * What names in the Kubernetes API look like. Most texts of a cluster's objects may be anything, and users run the commands
 * that this program prints: a text goes into one only if it is such a name.
 */
public final class ApiNames {
    private static final int LONGEST = 253;
    private static final Pattern NAME =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Pattern KIND = Pattern.compile("[A-Za-z][A-Za-z0-9]*");
    private static final Pattern LABEL =
            Pattern.compile("[A-Za-z0-9][-A-Za-z0-9_./]*(=([A-Za-z0-9][-A-Za-z0-9_.]*)?)?");
    private static final Pattern IMAGE =
            Pattern.compile("[A-Za-z0-9][-A-Za-z0-9_./]*(:[A-Za-z0-9_][-A-Za-z0-9_./]*)*(@[A-Za-z0-9:]+)?");

    private ApiNames() {}

    /** The name of an object: a subdomain of RFC 1123. */
    public static boolean isName(String text) {
        return text.length() <= LONGEST && NAME.matcher(text).matches();
    }

    /** The kind of an object, such as {@code StatefulSet}. */
    public static boolean isKind(String text) {
        return KIND.matcher(text).matches();
    }

    /** A label as {@code kubectl label} takes it: {@code key=value}, or {@code key-}. */
    public static boolean isLabel(String text) {
        return LABEL.matcher(text).matches();
    }

    /** The reference of an image. */
    public static boolean isImage(String text) {
        return IMAGE.matcher(text).matches();
    }
}
