package io.github.kubevxlan.webhook;

import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.common.spec.Problem;
import io.github.kubevxlan.common.spec.Resolution;
import io.github.kubevxlan.common.spec.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Decides which pods get an agent.
 *
 * <pre>
 * label   networks    inject   agent there   decision
 * no      -           -        -             skip
 * yes     malformed   -        -             refuse; so is a pod with the node's network or for Windows
 * yes     unknown     -        -             refuse where unknown networks are refused
 * yes     none        -        -             skip
 * yes     some        false    -             skip
 * yes     some        -        yes           skip: ours from an earlier call, or brought along
 * yes     some        -        legacy        inject in its place
 * yes     some        -        no            inject
 * </pre>
 */
final class InjectionPolicy {
    private InjectionPolicy() {}

    static Decision decide(Keys keys, AgentSettings agent, boolean refusesUnknown, PodTree pod, Resolution resolution) {
        if (!"true".equals(pod.labels().get(keys.label()))) {
            return new Decision.Skip(SkipReason.NOT_LABELLED);
        }
        List<String> refusals = new ArrayList<>();
        if (pod.isHostNetwork()) {
            refusals.add("spec.hostNetwork: found true, allowed: a network of the pod's own, as a VXLAN interface"
                    + " would be the node's; or no label " + keys.label());
        }
        pod.windows()
                .ifPresent(
                        where -> refusals.add(where + ": found windows, allowed: linux, or no label " + keys.label()));
        resolution.refusals().forEach(problem -> refusals.add(problem.toString()));
        if (refusesUnknown) {
            resolution.unavailable().stream()
                    .flatMap(network -> network.unknown().stream())
                    .forEach(problem -> refusals.add(problem.toString()));
        }
        boolean injects = flag(pod.annotations(), keys.inject(), refusals);
        boolean holdsBack = flag(pod.annotations(), keys.waits(), refusals);
        boolean gates = flag(pod.annotations(), keys.gate(), refusals);
        if (!refusals.isEmpty()) {
            return new Decision.Refuse(refusals);
        } else if (resolution.source() == Source.NONE) {
            return new Decision.Skip(SkipReason.NO_NETWORK);
        } else if (!injects) {
            return new Decision.Skip(SkipReason.OPTED_OUT);
        } else if (HandMadeAgents.stay(pod, agent)) {
            return new Decision.Skip(SkipReason.HAS_AGENT);
        }
        return new Decision.Inject(holdsBack, gates && agent.readinessGate());
    }

    private static boolean flag(Map<String, String> annotations, String key, List<String> refusals) {
        String text = annotations.getOrDefault(key, "true");
        if (!text.equals("true") && !text.equals("false")) {
            refusals.add(new Problem("annotation " + key, 1, 1, text, "true or false").toString());
        }
        return !text.equals("false");
    }
}
