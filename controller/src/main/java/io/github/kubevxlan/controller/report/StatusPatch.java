package io.github.kubevxlan.controller.report;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.controller.pod.ObservedStatus;
import io.github.kubevxlan.controller.pod.OverlayStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.ReadyCondition;
import io.github.kubevxlan.controller.status.StatusJson;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of a write: a strategic merge patch, which keeps the kubelet's conditions beside ours (a JSON merge patch
 * would replace the list), for exactly the pod that was read.
 *
 * @param keys the annotation's and the condition's
 * @param json what prints JSON
 * @param clock for the time of a condition's change
 */
public record StatusPatch(Keys keys, KubernetesSerialization json, Clock clock) {
    static final String TYPE = "application/strategic-merge-patch+json";

    /** Prints what makes of a pod with {@code observedStatus} one with {@code want}. */
    String print(PodRef pod, ObservedStatus observedStatus, OverlayStatus want) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("uid", pod.uid());
        metadata.put("resourceVersion", Long.toString(observedStatus.version()));
        if (!want.networks().equals(observedStatus.status().networks())) {
            metadata.put("annotations", Collections.singletonMap(keys.status(), text(pod, want)));
        }
        Map<String, Object> patch = new LinkedHashMap<>(Map.of("metadata", metadata));
        want.ready()
                .filter(ready -> !observedStatus.status().ready().equals(want.ready()))
                .ifPresent(ready ->
                        patch.put("status", Map.of("conditions", List.of(condition(ready, observedStatus.status())))));
        return json.asJson(patch);
    }

    private @Nullable String text(PodRef pod, OverlayStatus want) {
        return want.networks().isEmpty() ? null : StatusJson.print(want.networks(), pod.uid());
    }

    private Map<String, String> condition(ReadyCondition ready, OverlayStatus before) {
        Map<String, String> condition = new LinkedHashMap<>();
        condition.put("type", keys.ready());
        condition.put("status", ready.holds() ? "True" : "False");
        condition.put("reason", ready.reason());
        condition.put("message", ready.message());
        boolean changes = before.ready()
                .map(ReadyCondition::holds)
                .filter(holds -> holds == ready.holds())
                .isEmpty();
        if (changes) {
            condition.put(
                    "lastTransitionTime",
                    clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        }
        return condition;
    }
}
