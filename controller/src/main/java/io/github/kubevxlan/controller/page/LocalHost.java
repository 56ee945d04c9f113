package io.github.kubevxlan.controller.page;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whether a request is meant for this machine. A page of another origin can have its name resolve to 127.0.0.1 and then
 * read whatever is served there (DNS rebinding), but its requests carry that name. Pure.
 */
final class LocalHost {
    private static final Pattern NAMES = Pattern.compile("(localhost|127\\.0\\.0\\.1|\\[::1])(:[0-9]{1,5})?");

    private LocalHost() {}

    /** Takes the request's header {@code Host}. */
    static boolean isNamedBy(Optional<String> host) {
        return host.filter(name -> NAMES.matcher(name.toLowerCase(Locale.ROOT)).matches())
                .isPresent();
    }

    /** Takes the header {@code Sec-Fetch-Site}: another site may not even use up a connection. */
    static boolean isAskedByItself(Optional<String> site) {
        return site.isEmpty() || site.get().equals("same-origin") || site.get().equals("none");
    }
}
