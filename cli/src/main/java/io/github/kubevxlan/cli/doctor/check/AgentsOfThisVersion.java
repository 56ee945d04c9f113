package io.github.kubevxlan.cli.doctor.check;

import io.github.kubevxlan.cli.doctor.Check;
import io.github.kubevxlan.cli.doctor.Facts;
import io.github.kubevxlan.cli.doctor.Finding;
import io.github.kubevxlan.cli.state.ApiNames;
import io.github.kubevxlan.cli.view.PodView;
import io.github.kubevxlan.common.spec.Keys;
import java.util.stream.Stream;

/** Agents are of the version that the webhook injects. */
final class AgentsOfThisVersion implements Check {
    @Override
    public String name() {
        return "agent-version";
    }

    @Override
    public Stream<Finding> findings(Facts facts) {
        return AgentImage.injected(facts).stream()
                .flatMap(image -> facts.pods().stream()
                        .filter(pod -> !pod.agentImage().equals(image) && AgentImage.isOurs(facts, pod.agentImage()))
                        .map(pod -> finding(facts, pod, image)));
    }

    private Finding finding(Facts facts, PodView pod, String image) {
        return Finding.warning(
                name(),
                "Its agent is " + pod.agentImage() + ", and new pods get " + image + ".",
                "Pod " + pod.namespace() + "/" + pod.name(),
                "It may lack fixes that are in the agent of new pods.",
                ApiNames.isImage(image)
                        ? facts.release().kubectl(pod.namespace()) + " set image pod/" + pod.name() + " "
                                + Keys.AGENT_CONTAINER + "=" + image
                        : facts.release().inspect(pod.namespace(), pod.name()));
    }
}
