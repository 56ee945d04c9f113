package io.github.kubevxlan.controller.page;

import java.util.Locale;

/** How a member is, in one of the four ways that the page has a colour and a shape for. */
public enum PageState {
    READY,
    WAITING,
    DEGRADED,
    FAILED;

    /** As the document and the page's address have it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
