package io.github.kubevxlan.webhook;

import io.github.kubevxlan.common.spec.Broken;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Problem;
import io.github.kubevxlan.common.util.CommonConfig;
import io.github.kubevxlan.webhook.AdmissionRequest.EditedConfigMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Judges edits of the network definitions: a mistake that an edit brings refuses it. One that was there before is only
 * warned of, so that definitions that came in while no webhook answered can be repaired one by one.
 *
 * @param config which ConfigMap it is, and what definitions leave open
 */
record ConfigMapJudge(CommonConfig config) implements Judge {
    @Override
    public Verdict judge(AdmissionRequest request) {
        if (request.namespace().equals(config.namespace())
                && request.subject() instanceof EditedConfigMap(String name, var before, var after)
                && name.equals(config.configMap())) {
            return judge(problems(before), problems(after));
        }
        return new Verdict.Allow(List.of(), List.of(), "not_the_networks");
    }

    private static Verdict judge(List<Problem> before, List<Problem> after) {
        Set<Problem> known = new HashSet<>(before);
        String introduced = after.stream()
                .filter(problem -> !known.contains(problem))
                .map(Problem::toString)
                .collect(Collectors.joining("\n"));
        return introduced.isEmpty()
                ? new Verdict.Allow(
                        List.of(), after.stream().map(Problem::toString).toList(), "networks")
                : new Verdict.Deny(introduced);
    }

    private List<Problem> problems(Map<String, String> data) {
        return Definitions.parse(data, config.defaults()).broken().values().stream()
                .map(Broken::problems)
                .flatMap(List::stream)
                .toList();
    }
}
