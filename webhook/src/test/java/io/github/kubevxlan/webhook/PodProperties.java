package io.github.kubevxlan.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** What holds of every pod that the webhook lets in. */
final class PodProperties {
    private static final String AGENT = "vxlan-controller-agent";
    private static final String INIT = "vxlan-controller-agent-init";
    private static final String VOLUME = "vxlan-controller-no-token";
    private static final List<String> LISTS = List.of("initContainers", "containers", "volumes", "readinessGates");

    private static final Pattern PLAIN = Pattern.compile("[1-9][0-9]{0,9}(m|k|M|G|Ki|Mi|Gi)?");

    private PodProperties() {}

    static Verdict judge(AgentMode mode, JsonNode pod) {
        Admission admission = new Admission(TestAdmission.KEYS, TestAdmission.AGENT, mode, false);
        return admission.judge("default", Json.pod(pod), TestAdmission.DEFINITIONS, TestAdmission.facts(Map.of()));
    }

    /** Checks what an admission made of a pod, and that another makes nothing more of it. */
    static void check(AgentMode mode, JsonNode pod, Verdict.Allow first) {
        JsonNode once = StrictPatch.apply(pod, JsonPatch.toJson(first.patch()));
        Verdict.Allow second = assertInstanceOf(Verdict.Allow.class, judge(mode, once));
        assertEquals(List.of(), second.patch(), "a second pass changes something");
        assertEquals(first.warnings(), second.warnings());
        assertEquals(withoutOurs(pod), withoutOurs(once));
        assertTrue(once.at("/metadata/annotations/vxlan.travelping.com~1status").isMissingNode());
        if (first.outcome().equals("injected")) {
            checkAgent(mode, pod, once.path("spec"));
        }
        assertTrue(!isGuaranteed(pod.path("spec")) || isGuaranteed(once.path("spec")), "no longer Guaranteed");
    }

    private static void checkAgent(AgentMode mode, JsonNode pod, JsonNode spec) {
        boolean isNative = mode == AgentMode.NATIVE;
        boolean waits = !pod.at("/metadata/annotations/vxlan.travelping.com~1wait")
                .asText()
                .equals("false");
        assertEquals(List.of(VOLUME), ours(spec, "volumes"));
        assertEquals(isNative ? List.of(AGENT) : waits ? List.of(INIT) : List.of(), ours(spec, "initContainers"));
        assertEquals(isNative ? List.of() : List.of(AGENT), ours(spec, "containers"));
        if (ours(pod.path("spec"), "initContainers").isEmpty() && (isNative || waits)) {
            assertEquals(
                    isNative ? AGENT : INIT, spec.at("/initContainers/0/name").asText(), "not first");
        }
        assertTrue(!hasApp(pod.path("spec")) || hasApp(spec), "no container of the user's is left");
    }

    private static boolean hasApp(JsonNode spec) {
        return StreamSupport.stream(spec.path("containers").spliterator(), false)
                .anyMatch(container -> !isOurs("containers", container));
    }

    private static List<String> ours(JsonNode spec, String list) {
        return StreamSupport.stream(spec.path(list).spliterator(), false)
                .filter(each -> isOurs(list, each))
                .map(each -> each.path("name").asText())
                .toList();
    }

    /** A container may well be called as our volume is, and a volume as our container is. */
    private static boolean isOurs(String list, JsonNode each) {
        String name = each.path("name").asText();
        return switch (list) {
            case "volumes" -> name.equals(VOLUME);
            case "readinessGates" -> each.path("conditionType").asText().equals("vxlan.travelping.com/ready");
            default -> Set.of(AGENT, INIT).contains(name);
        };
    }

    /** Takes away all that the webhook may put in or take out; what is left must never change. */
    private static JsonNode withoutOurs(JsonNode pod) {
        ObjectNode copy = pod.deepCopy();
        if (copy.at("/metadata/annotations") instanceof ObjectNode annotations) {
            annotations.remove("vxlan.travelping.com/status");
        }
        ObjectNode spec = (ObjectNode) copy.path("spec");
        for (String list : LISTS) {
            if (spec.path(list) instanceof ArrayNode array) {
                for (int i = array.size() - 1; i >= 0; i--) {
                    if (isOurs(list, array.get(i))) {
                        array.remove(i);
                    }
                }
            }
            if (spec.path(list).isEmpty()) {
                spec.remove(list);
            }
        }
        return copy;
    }

    /** As kubelets see it: each container limits both, and requests the same where it says so. */
    private static boolean isGuaranteed(JsonNode spec) {
        return spec.path("resources").isEmpty()
                && LISTS.subList(0, 2).stream()
                        .flatMap(list -> StreamSupport.stream(spec.path(list).spliterator(), false))
                        .allMatch(container -> Set.of("cpu", "memory").stream()
                                .allMatch(name -> isGuaranteed(container.path("resources"), name)));
    }

    private static boolean isGuaranteed(JsonNode resources, String name) {
        Optional<BigDecimal> limit = amount(resources.path("limits").path(name));
        return limit.isPresent()
                && amount(resources.path("requests").path(name)).or(() -> limit).equals(limit);
    }

    /** By another's reading of quantities than ours, and only of those that are written as people do. */
    private static Optional<BigDecimal> amount(JsonNode text) {
        return PLAIN.matcher(text.asText()).matches()
                ? Optional.of(
                        Quantity.getAmountInBytes(new Quantity(text.asText())).stripTrailingZeros())
                : Optional.empty();
    }
}
