package io.github.kubevxlan.cli.doctor.check;

import io.github.kubevxlan.cli.doctor.Check;
import io.github.kubevxlan.cli.doctor.Facts;
import io.github.kubevxlan.cli.doctor.Facts.Hook;
import io.github.kubevxlan.cli.doctor.Facts.Trial;
import io.github.kubevxlan.cli.doctor.Facts.TrialResult;
import io.github.kubevxlan.cli.doctor.Finding;
import java.util.stream.Stream;

/** The API server takes labelled pods, with an agent, where it takes pods without the label. */
final class PodsTaken implements Check {
    @Override
    public String name() {
        return "admission";
    }

    @Override
    public Stream<Finding> findings(Facts facts) {
        return facts.apiServer().trials().stream()
                .filter(trial -> trial.plain() instanceof TrialResult.Taken)
                .flatMap(trial -> switch (trial.labelled()) {
                    case TrialResult.NotAsked _ -> Stream.empty();
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
                    "kubectl get mutatingwebhookconfiguration "
                            + facts.release().name() + " --output yaml");
        }
        return Finding.broken(
                name(),
                "A labelled pod gets no agent.",
                "namespace " + trial.namespace(),
                "It starts without its networks; the API server did not call the webhook, or got no answer.",
                facts.release().reapply());
    }

    private Finding refused(Facts facts, Trial trial, String words) {
        String kubectl = "kubectl --namespace " + trial.namespace();
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
                    "kubectl label namespace " + trial.namespace()
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
                    name(), what, where, "Its ResourceQuota is used up. " + why, kubectl + " edit resourcequota");
        }
        if (words.contains("usage per") || words.contains("limit to request ratio")) {
            return Finding.broken(
                    name(), what, where, "Its LimitRange refuses the agent. " + why, kubectl + " edit limitrange");
        }
        return Finding.broken(name(), what, where, why, kubectl + " get events");
    }
}
