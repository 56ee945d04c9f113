package io.github.kubevxlan.cli.doctor.check;

import io.github.kubevxlan.cli.doctor.Check;
import io.github.kubevxlan.cli.doctor.Facts;
import io.github.kubevxlan.cli.doctor.Finding;
import io.github.kubevxlan.cli.state.ApiNames;
import io.github.kubevxlan.cli.view.PodView;
import io.github.kubevxlan.common.spec.Keys;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Agents are of the version that the webhook injects. */
final class AgentsOfThisVersion implements Check {
    private static final int MOST_NAMED = 5;

    @Override
    public String name() {
        return "agent-version";
    }

    @Override
    public Stream<Finding> findings(Facts facts) {
        return AgentImage.injected(facts).stream()
                .flatMap(image -> facts.pods().stream()
                        .filter(pod -> !pod.agentImage().equals(image) && AgentImage.isOurs(facts, pod.agentImage()))
                        .collect(Collectors.groupingBy(
                                pod -> List.of(pod.namespace(), pod.agentImage()),
                                LinkedHashMap::new,
                                Collectors.toList()))
                        .values()
                        .stream()
                        .map(pods -> finding(facts, pods, image)));
    }

    /** After an upgrade most agents are older: one finding is about all of a namespace that have the same image. */
    private Finding finding(Facts facts, List<PodView> pods, String image) {
        PodView first = pods.getFirst();
        boolean isOne = pods.size() == 1;
        return Finding.warning(
                name(),
                (isOne ? "Its agent is " : "Their agents are ") + first.agentImage() + ", and new pods get " + image
                        + ".",
                (isOne ? "Pod " : "Pods ") + where(pods),
                (isOne ? "It" : "They") + " may lack fixes that are in the agent of new pods.",
                ApiNames.isImage(image)
                        ? facts.release().kubectl(first.namespace()) + " set image "
                                + pods.stream().map(pod -> "pod/" + pod.name()).collect(Collectors.joining(" ")) + " "
                                + Keys.AGENT_CONTAINER + "=" + image
                        : facts.release().inspect(first.namespace(), first.name()));
    }

    private static String where(List<PodView> pods) {
        String named = pods.stream()
                .limit(MOST_NAMED)
                .map(pod -> pod.namespace() + "/" + pod.name())
                .collect(Collectors.joining(", "));
        return pods.size() <= MOST_NAMED ? named : named + " and " + (pods.size() - MOST_NAMED) + " more";
    }
}
