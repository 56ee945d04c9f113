package io.github.kubevxlan.cli.doctor.check;

import io.github.kubevxlan.cli.doctor.Check;
import io.github.kubevxlan.cli.doctor.Facts;
import io.github.kubevxlan.cli.doctor.Facts.Hook;
import io.github.kubevxlan.cli.doctor.Facts.Trial;
import io.github.kubevxlan.cli.doctor.Facts.TrialResult;
import io.github.kubevxlan.cli.doctor.Finding;
import io.github.kubevxlan.cli.state.ApiNames;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The API server takes labelled pods, with an agent, where it takes pods without the label. */
final class PodsTaken implements Check {
    private static final Pattern QUOTA = Pattern.compile("exceeded quota: ([a-z0-9.-]+),");

    @Override
    public String name() {
        return "admission";
    }

    @Override
    public Stream<Finding> findings(Facts facts) {
        return Stream.concat(tried(facts), unselected(facts));
    }

    /** Where no labelled pod lacks its agent, somebody has left the namespace out on purpose. */
    private Stream<Finding> unselected(Facts facts) {
        return facts.apiServer().trials().stream()
                .filter(trial -> facts.pods().stream()
                        .anyMatch(pod -> pod.namespace().equals(trial.namespace())
                                && pod.state().equals("NoAgent")))
                .flatMap(trial -> trial.labelled() instanceof TrialResult.Unselected(Map<String, String> labels)
                        ? Stream.of(unselected(facts, trial.namespace(), labels))
                        : Stream.empty());
    }

    private Finding unselected(Facts facts, String namespace, Map<String, String> labels) {
        Optional<String> amendment = facts.apiServer()
                .admission()
                .injector()
                .object()
                .flatMap(hook -> hook.namespaces().amendment(labels));
        return Finding.broken(
                name(),
                "The webhook's namespaceSelector does not select it, and it has labelled pods.",
                "namespace " + namespace,
                "Labelled pods get no agent there, and so no network.",
                amendment
                        .map(label -> facts.release().kubectlAnywhere() + " label namespace " + namespace + " " + label
                                + " --overwrite")
                        .orElse(facts.release().kubectlAnywhere() + " get mutatingwebhookconfiguration "
                                + facts.release().name() + " --output yaml"));
    }

    private Stream<Finding> tried(Facts facts) {
        return facts.apiServer().trials().stream()
                .filter(trial -> trial.plain() instanceof TrialResult.Taken)
                .flatMap(trial -> switch (trial.labelled()) {
                    case TrialResult.NotAsked _, TrialResult.Unselected _ -> Stream.empty();
                    case TrialResult.Taken(boolean withAgent) ->
                        withAgent
                                ? Stream.empty()
                                : facts
                                        .apiServer()
                                        .admission()
                                        .injector()
                                        .object()
                                        .map(hook -> notInjected(facts, hook, trial))
                                        .stream();
                    case TrialResult.Refused(String words) -> Stream.of(refused(facts, trial, words));
                });
    }

    /** Where the configuration is not there, another check says so; where it cannot be read, it may leave pods out. */
    private Finding notInjected(Facts facts, Hook hook, Trial trial) {
        if (hook.isConditional()) {
            return Finding.warning(
                    name(),
                    "A labelled pod gets no agent.",
                    "namespace " + trial.namespace(),
                    "It starts without its networks; webhook.matchConditions may exclude it.",
                    facts.release().kubectlAnywhere() + " get mutatingwebhookconfiguration "
                            + facts.release().name() + " --output yaml");
        }
        return Finding.broken(
                name(),
                "A labelled pod gets no agent.",
                "namespace " + trial.namespace(),
                "It starts without its networks; the API server did not call the webhook, or got no answer.",
                facts.release().reapply());
    }

    private static String quota(String words) {
        Matcher quota = QUOTA.matcher(words);
        return quota.find() && ApiNames.isName(quota.group(1)) ? " " + quota.group(1) : "";
    }

    private Finding refused(Facts facts, Trial trial, String words) {
        String kubectl = facts.release().kubectl(trial.namespace());
        String where = "namespace " + trial.namespace();
        String why = "You cannot create pods with the label there.";
        String what = "A labelled pod is refused: " + words;
        if (words.contains("failed calling webhook")) {
            boolean isUntrusted = words.contains("x509") || words.contains("tls:");
            return Finding.broken(
                    name(),
                    what,
                    "Deployment " + facts.release().namespace() + "/"
                            + facts.release().webhook(),
                    isUntrusted
                            ? "The API server does not trust the webhook's certificate: " + why
                            : "The webhook does not answer: " + why,
                    isUntrusted
                            ? facts.keeper().match(facts.release())
                            : facts.release().reapply());
        }
        if (words.contains("violates PodSecurity")) {
            return Finding.broken(
                    name(),
                    what,
                    where,
                    "Its Pod Security level rejects NET_ADMIN, which the agent needs. " + why,
                    facts.release().kubectlAnywhere() + " label namespace " + trial.namespace()
                            + " pod-security.kubernetes.io/enforce=privileged --overwrite");
        }
        if (words.contains("must specify")) {
            return Finding.broken(
                    name(),
                    what,
                    where,
                    "Its ResourceQuota demands a limit or request that the agent does not have: set the chart's"
                            + " agent.resources, or the pod's annotations agent-cpu-limit and the like. " + why,
                    kubectl + " describe resourcequota");
        }
        if (words.contains("exceeded quota")) {
            return Finding.broken(
                    name(),
                    what,
                    where,
                    "Its ResourceQuota has no room for one: raise what is limited to at least what is used and"
                            + " requested together. "
                            + why,
                    kubectl + " edit resourcequota" + quota(words));
        }
        if (words.contains("usage per") || words.contains("limit to request ratio")) {
            return Finding.broken(
                    name(), what, where, "Its LimitRange refuses the agent. " + why, kubectl + " edit limitrange");
        }
        return Finding.broken(name(), what, where, why, kubectl + " get events");
    }
}
