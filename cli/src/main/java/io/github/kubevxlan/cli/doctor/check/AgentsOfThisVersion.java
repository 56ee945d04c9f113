package io.github.kubevxlan.cli.doctor.check;

import io.github.kubevxlan.cli.doctor.Check;
import io.github.kubevxlan.cli.doctor.Facts;
import io.github.kubevxlan.cli.doctor.Finding;
import io.github.kubevxlan.cli.view.PodView;
import java.util.stream.Stream;

/** Agents are of the version that the webhook injects. */
final class AgentsOfThisVersion implements Check {
    private static final String IMAGE = "KUBEVXLAN_AGENT_IMAGE";

    @Override
    public String name() {
        return "agent-version";
    }

    @Override
    public Stream<Finding> findings(Facts facts) {
        return facts.webhook().object().stream()
                .map(webhook -> webhook.variables().getOrDefault(IMAGE, ""))
                .filter(image -> !image.isEmpty())
                .flatMap(image ->
                        facts.pods().stream().filter(pod -> isOlder(pod, image)).map(pod -> finding(pod, image)));
    }

    /** The same repository with another tag: an agent of another repository is the user's own. */
    private static boolean isOlder(PodView pod, String image) {
        return !pod.agentImage().equals(image) && repository(pod.agentImage()).equals(repository(image));
    }

    private static String repository(String image) {
        int colon = image.lastIndexOf(':');
        return colon > image.lastIndexOf('/') ? image.substring(0, colon) : image;
    }

    private Finding finding(PodView pod, String image) {
        return Finding.warning(
                name(),
                "Its agent is " + pod.agentImage() + ", and new pods get " + image + ".",
                "Pod " + pod.namespace() + "/" + pod.name(),
                "It may lack fixes that are in the agent of new pods.",
                "kubectl --namespace " + pod.namespace() + " delete pod " + pod.name());
    }
}
