package io.github.kubevxlan.common.util;

import java.util.List;

/** The settings are wrong; the message lists every mistake, one a line, fit for a user. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigException(List<String> problems) {
        super(String.join("\n", problems));
    }
}
