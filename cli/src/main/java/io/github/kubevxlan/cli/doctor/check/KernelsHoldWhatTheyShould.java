package io.github.kubevxlan.cli.doctor.check;

import io.github.kubevxlan.cli.doctor.Check;
import io.github.kubevxlan.cli.doctor.Facts;
import io.github.kubevxlan.cli.doctor.Facts.Asked;
import io.github.kubevxlan.cli.doctor.Finding;
import java.util.stream.Stream;

/** The kernels of the members that were asked hold what they should. */
final class KernelsHoldWhatTheyShould implements Check {
    @Override
    public String name() {
        return "kernel";
    }

    @Override
    public Stream<Finding> findings(Facts facts) {
        return facts.asked().stream()
                .flatMap(pod -> Stream.of(
                                unasked(facts, pod), differing(facts, pod), lacking(facts, pod), strangers(facts, pod))
                        .flatMap(findings -> findings));
    }

    private Stream<Finding> unasked(Facts facts, Asked pod) {
        return pod.unasked().isEmpty()
                ? Stream.empty()
                : Stream.of(Finding.warning(
                        name(),
                        "Its agent could not be asked: " + pod.unasked(),
                        "Pod " + pod.pod(),
                        "What its kernel holds is not known.",
                        inspect(facts, pod)));
    }

    private Stream<Finding> differing(Facts facts, Asked pod) {
        return pod.differences().isEmpty()
                ? Stream.empty()
                : Stream.of(Finding.warning(
                        name(),
                        pod.differences().size() + " things are not as they should be, the first: "
                                + pod.differences().getFirst().what(),
                        "Pod " + pod.pod(),
                        "Some peers are not reached. The controller mends it within controller.resync, or when it"
                                + " starts.",
                        facts.release().kubectl() + " rollout restart deployment "
                                + facts.release().name()));
    }

    private Stream<Finding> lacking(Facts facts, Asked pod) {
        return pod.problems().stream()
                .map(problem -> Finding.broken(
                        name(),
                        problem,
                        "Pod " + pod.pod(),
                        "It does not have that network in full.",
                        inspect(facts, pod)));
    }

    private Stream<Finding> strangers(Facts facts, Asked pod) {
        return pod.strangers() == 0
                ? Stream.empty()
                : Stream.of(Finding.warning(
                        name(),
                        "Its filter drops packets of strangers: " + pod.strangers() + " within "
                                + Facts.STRANGERS_WITHIN.toSeconds() + " s.",
                        "Pod " + pod.pod(),
                        "Something that is no peer sends into its networks, as a pod without our agent or a host.",
                        inspect(facts, pod)));
    }

    private static String inspect(Facts facts, Asked pod) {
        String[] name = pod.pod().split("/", 2);
        return facts.release().inspect(name[0], name[1]);
    }
}
