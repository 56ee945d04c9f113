package io.github.kubevxlan.webhook;

import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Problem;
import io.github.kubevxlan.common.util.CommonConfig;
import io.github.kubevxlan.webhook.AdmissionRequest.EditedConfigMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Judges edits of the network definitions: a mistake that an edit brings refuses it. One that was there before is only
 * warned of, so that definitions that came in while no webhook answered can be repaired one by one.
 *
 * @param config which ConfigMap it is, and what definitions leave open
 */
record ConfigMapJudge(CommonConfig config) implements Judge {
    private static final int MOST_TOLD = 20;

    @Override
    public Verdict judge(AdmissionRequest request) {
        if (request.namespace().equals(config.namespace())
                && request.subject() instanceof EditedConfigMap(String name, var before, var after)
                && name.equals(config.configMap())) {
            return judge(parse(before), parse(after));
        }
        return new Verdict.Allow(List.of(), List.of(), "not_the_networks");
    }

    private static Verdict judge(Definitions before, Definitions after) {
        List<Problem> introduced = after.problemsNewSince(before);
        return introduced.isEmpty()
                ? new Verdict.Allow(List.of(), told(after.problems().toList()), "networks")
                : new Verdict.Deny(String.join("\n", told(introduced)));
    }

    /** The API server passes on what we say, so it is not as long as what we are sent. */
    private static List<String> told(List<Problem> problems) {
        Stream<String> first = problems.stream().limit(MOST_TOLD).map(Problem::toString);
        int left = problems.size() - MOST_TOLD;
        return Stream.concat(first, left > 0 ? Stream.of("and " + left + " more") : Stream.empty())
                .toList();
    }

    private Definitions parse(Map<String, String> data) {
        return Definitions.parse(data, config.defaults());
    }
}
