package io.github.kubevxlan.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.kubevxlan.common.util.ConfigException;
import io.github.kubevxlan.controller.ControllerConfig;
import io.github.kubevxlan.webhook.WebhookConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page that tells users of every setting. */
final class SettingsPageTest {
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(KUBEVXLAN_[A-Z_]+)` \\| (both|webhook|controller) \\|");
    private static final Pattern KNOWN = Pattern.compile("known: (.*)");

    @Test
    void hasEverySettingOfTheWebhookAndNoOther() throws Exception {
        assertEquals(known(WebhookConfig::read), documented("webhook"));
    }

    @Test
    void hasEverySettingOfTheControllerAndNoOther() throws Exception {
        assertEquals(known(ControllerConfig::read), documented("controller"));
    }

    /** What is known is said where something else is set. */
    private static Set<String> known(Function<Map<String, String>, ?> read) {
        ConfigException refusal = assertThrows(
                ConfigException.class, () -> read.apply(Map.of("KUBEVXLAN_X", "x", "KUBEVXLAN_AGENT_IMAGE", "agent")));
        return KNOWN.matcher(String.valueOf(refusal.getMessage()))
                .results()
                .map(result -> new TreeSet<>(Set.of(result.group(1).split(", "))))
                .findFirst()
                .orElseThrow();
    }

    private static Set<String> documented(String command) throws Exception {
        return ROW.matcher(Files.readString(Path.of("../docs/settings.md")))
                .results()
                .filter(row -> row.group(2).equals("both") || row.group(2).equals(command))
                .map(row -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
