package io.github.kubevxlan.cli.doctor.check;

import io.github.kubevxlan.cli.doctor.Check;
import io.github.kubevxlan.cli.doctor.Facts;
import io.github.kubevxlan.cli.doctor.Finding;
import io.github.kubevxlan.cli.doctor.PodCommands;
import io.github.kubevxlan.cli.state.PathProblem;
import io.github.kubevxlan.cli.view.PodView;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Members have their networks. */
final class PodsReady implements Check {
    /** Of somebody who made it in the pod: a pod that is made anew does not have it. */
    private static final Pattern DEVICE = Pattern.compile(
            "device .* already (exists )?and is not the controller's|a socket or another device in the pod");

    private static final Set<String> LACKING = Set.of("Unavailable", "NetworkUnavailable", "NetworkLost");
    private static final Set<String> WAITING = Set.of("Pending", "PeersPending", "PathsPending");

    @Override
    public String name() {
        return "pods";
    }

    @Override
    public Stream<Finding> findings(Facts facts) {
        return facts.pods().stream().flatMap(pod -> {
            if (LACKING.contains(pod.state())) {
                return Stream.of(Finding.broken(
                        name(),
                        "It lacks a network: " + pod.reason(),
                        where(pod),
                        "Its app waits, or runs without that network.",
                        remedy(facts, pod)));
            }
            if (pod.state().equals("Degraded") && PathProblem.isIn(pod.reason())) {
                return Stream.of(Finding.warning(
                        name(),
                        "Its probes found: " + pod.reason(),
                        where(pod),
                        "Packets between the members there are lost, all of them or the large ones.",
                        facts.release().inspect(pod.namespace(), pod.name())));
            }
            if (pod.state().equals("Degraded")) {
                return Stream.of(Finding.warning(
                        name(),
                        "It keeps what it had: " + pod.reason(),
                        where(pod),
                        "It follows its peers and stays ready; the controller does not apply this part of its"
                                + " declaration.",
                        remedy(facts, pod)));
            }
            return WAITING.contains(pod.state())
                    ? Stream.of(Finding.warning(
                            name(),
                            "It waits: " + pod.reason(),
                            where(pod),
                            "Its app waits for its networks, or its peers do not send to it yet.",
                            facts.release().inspect(pod.namespace(), pod.name())))
                    : Stream.empty();
        });
    }

    private static String where(PodView pod) {
        return "Pod " + pod.namespace() + "/" + pod.name();
    }

    private static String remedy(Facts facts, PodView pod) {
        String map = facts.release().kubectl(facts.state().settings().namespace());
        if (pod.reason().contains("is not defined") || pod.reason().contains("no usable definition")) {
            return map + " edit configmap " + facts.state().settings().configMap();
        }
        return DEVICE.matcher(pod.reason()).find()
                ? facts.commands(pod.namespace() + "/" + pod.name())
                        .map(PodCommands::recreate)
                        .orElse("")
                : facts.release().inspect(pod.namespace(), pod.name());
    }
}
