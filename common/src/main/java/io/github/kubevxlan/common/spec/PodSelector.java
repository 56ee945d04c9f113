package io.github.kubevxlan.common.spec;

import io.github.kubevxlan.common.net.InvalidValueException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Pods that have a label, of one namespace or of any: {@code NAMESPACE:KEY=VALUE} or {@code KEY=VALUE}. Neither part may
 * hold what has a meaning between options: white space, commas, semicolons.
 *
 * @param namespace the one that they are in; empty for any
 * @param key the label's
 * @param value the label's; may be empty
 */
public record PodSelector(Optional<String> namespace, String key, String value) {
    private static final String ALLOWED = "pods by a label, KEY=VALUE, or those of one namespace, NAMESPACE:KEY=VALUE";

    private static final String WORD = "[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";
    private static final String DOMAIN = "[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?";
    private static final Pattern SHAPE = Pattern.compile("(?:(?<namespace>[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?):)?"
            + "(?<key>(?:" + DOMAIN + "/)?" + WORD + ")=(?<value>(?:" + WORD + ")?)");

    /** Parses one; throws {@link InvalidValueException} for anything else. */
    static PodSelector parse(String text) {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            throw new InvalidValueException(text, ALLOWED);
        }
        return new PodSelector(
                Optional.ofNullable(matcher.group("namespace")), matcher.group("key"), matcher.group("value"));
    }

    /** Whether a pod of that namespace with these labels is among them. */
    boolean selects(String of, Map<String, String> labels) {
        return namespace.map(of::equals).orElse(true) && value.equals(labels.get(key));
    }

    @Override
    public String toString() {
        return namespace.map(name -> name + ":").orElse("") + key + "=" + value;
    }
}
