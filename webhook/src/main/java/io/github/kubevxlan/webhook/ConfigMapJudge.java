package io.github.kubevxlan.webhook;

import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Problem;
import io.github.kubevxlan.common.util.CommonConfig;
import io.github.kubevxlan.webhook.AdmissionRequest.DeletedConfigMap;
import io.github.kubevxlan.webhook.AdmissionRequest.EditedConfigMap;
import io.github.kubevxlan.webhook.AdmissionRequest.NewPod;
import io.github.kubevxlan.webhook.AdmissionRequest.Other;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Judges edits of the network definitions: it refuses an edit that adds a mistake. One that was there before is only
 * warned of, so that definitions that came in while no webhook answered can be repaired one by one. All of them at
 * once, the ConfigMap itself, can't be deleted by accident while pods are members.
 *
 * @param config which ConfigMap it is, and what definitions leave open
 * @param hasMembers whether pods are members, or may be
 */
public record ConfigMapJudge(CommonConfig config, BooleanSupplier hasMembers) implements Judge {
    private static final Verdict OTHER = new Verdict.Allow(List.of(), List.of(), "not_the_networks");
    private static final int MOST_SHOWN = 20;

    @Override
    public Verdict judge(AdmissionRequest request) {
        if (!request.namespace().equals(config.namespace())) {
            return OTHER;
        }
        return switch (request.subject()) {
            case EditedConfigMap(String name, var before, var after) ->
                name.equals(config.configMap()) ? judge(parse(before), parse(after)) : OTHER;
            case DeletedConfigMap(String name, var annotations) ->
                name.equals(config.configMap()) ? judgeDeletion(annotations) : OTHER;
            case NewPod _, Other _ -> OTHER;
        };
    }

    private Verdict judgeDeletion(Map<String, String> annotations) {
        String key = config.keys().allowDelete();
        return hasMembers.getAsBoolean() && !"true".equals(annotations.get(key))
                ? new Verdict.Deny("ConfigMap " + config.configMap()
                        + " defines the networks of running pods: delete it"
                        + " when no pod is a member any more, or set the annotation " + key + ": \"true\" on it first")
                : new Verdict.Allow(List.of(), List.of(), "networks");
    }

    private static Verdict judge(Definitions before, Definitions after) {
        List<Problem> introduced = after.problemsNewSince(before);
        return introduced.isEmpty()
                ? new Verdict.Allow(List.of(), shown(after.problems().toList()), "networks")
                : new Verdict.Deny(String.join("\n", shown(introduced)));
    }

    /** The API server passes on what we say, so it is not as long as what we are sent. */
    private static List<String> shown(List<Problem> problems) {
        Stream<String> first = problems.stream().limit(MOST_SHOWN).map(Problem::toString);
        int left = problems.size() - MOST_SHOWN;
        return Stream.concat(first, left > 0 ? Stream.of("and " + left + " more") : Stream.empty())
                .toList();
    }

    private Definitions parse(Map<String, String> data) {
        return Definitions.parse(data, config.defaults());
    }
}
