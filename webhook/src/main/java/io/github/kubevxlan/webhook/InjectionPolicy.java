package io.github.kubevxlan.webhook;

import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.common.spec.Problem;
import io.github.kubevxlan.common.spec.Resolution;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Decides which pods get an agent: every labelled one that may have it, whatever is known of its networks yet. One may
 * turn up later, or our watches may be behind what the user has done already.
 *
 * <pre>
 * label   static   networks    inject   agent there   decision
 * no      -        -           -        -             skip
 * yes     yes      -           -        -             skip
 * yes     no       malformed   -        -             refuse; so is a pod with the node's network or for Windows
 * yes     no       unknown     -        -             refuse where unknown networks are refused
 * yes     no       any, none   false    -             skip
 * yes     no       any, none   -        yes           skip: ours from an earlier call, or brought along
 * yes     no       any, none   -        known         inject in its place
 * yes     no       any, none   -        no            inject
 * </pre>
 */
final class InjectionPolicy {
    private InjectionPolicy() {}

    static Decision decide(Keys keys, AgentSettings agent, boolean refusesUnknown, PodTree pod, Resolution resolution) {
        if (!"true".equals(pod.labels().get(keys.label()))) {
            return new Decision.Skip(SkipReason.NOT_LABELLED);
        } else if (pod.isMirror()) {
            return new Decision.Skip(SkipReason.MIRROR_POD);
        }
        List<String> refusals = new ArrayList<>();
        if (pod.isHostNetwork()) {
            refusals.add("spec.hostNetwork: found true, allowed: false, because a VXLAN interface would belong to"
                    + " the node; or no label " + keys.label());
        }
        pod.windows().ifPresent(found -> refusals.add(found + ", allowed: linux, or no label " + keys.label()));
        resolution.refusals().forEach(problem -> refusals.add(problem.toString()));
        if (refusesUnknown) {
            resolution.definitionProblems().stream()
                    .flatMap(network -> network.unknown().stream())
                    .forEach(problem -> refusals.add(problem.toString()));
        }
        boolean isInjected = flag(pod.annotations(), keys.inject(), refusals);
        boolean holdsBack = flag(pod.annotations(), keys.waits(), refusals);
        boolean gates = flag(pod.annotations(), keys.gate(), refusals);
        AgentResources resources = agent.requirements().of(keys, pod, refusals);
        if (!refusals.isEmpty()) {
            return new Decision.Refuse(refusals);
        } else if (!isInjected) {
            return new Decision.Skip(SkipReason.OPTED_OUT);
        } else if (ExistingAgents.stay(pod, agent)) {
            return new Decision.Skip(SkipReason.HAS_AGENT);
        }
        return new Decision.Inject(holdsBack, gates && agent.readinessGate(), resources);
    }

    private static boolean flag(Map<String, String> annotations, String key, List<String> refusals) {
        String text = annotations.getOrDefault(key, "true");
        if (!text.equals("true") && !text.equals("false")) {
            refusals.add(new Problem("annotation " + key, 1, 1, text, "true or false").toString());
        }
        return !text.equals("false");
    }
}
