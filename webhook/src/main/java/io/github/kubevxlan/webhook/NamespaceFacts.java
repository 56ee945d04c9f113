package io.github.kubevxlan.webhook;

import io.github.kubevxlan.common.spec.Keys;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The facts about a namespace that the webhook needs.
 *
 * @param annotations ours alone
 * @param podSecurity the value of label {@value #ENFORCE} (Pod Security Admission); empty without
 */
public record NamespaceFacts(Map<String, String> annotations, String podSecurity) {
    /** The label that names the Pod Security level which the API server enforces. */
    static final String ENFORCE = "pod-security.kubernetes.io/enforce";

    /** Of a namespace that isn't known yet, or says nothing. */
    public static final NamespaceFacts NONE = new NamespaceFacts(Map.of(), "");

    public NamespaceFacts {
        annotations = Map.copyOf(annotations);
    }

    /** What a namespace with these labels and annotations says. */
    public static NamespaceFacts of(Keys keys, Map<String, String> labels, Map<String, String> annotations) {
        Map<String, String> ours = new HashMap<>();
        Stream.of(keys.networks(), keys.names())
                .filter(annotations::containsKey)
                .forEach(key -> ours.put(key, annotations.get(key)));
        return new NamespaceFacts(ours, labels.getOrDefault(ENFORCE, ""));
    }

    /** Why the API server rejects every agent here, and what helps; fit for the user. */
    Optional<String> rejectionOfAgent() {
        return switch (podSecurity) {
            case "baseline", "restricted" ->
                Optional.of(
                        "the namespace enforces Pod Security level %s, which rejects the agent because of NET_ADMIN:"
                                        .formatted(podSecurity)
                                + " label the namespace " + ENFORCE + "=privileged");
            default -> Optional.empty();
        };
    }
}
