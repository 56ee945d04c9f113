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
        return facts.members().asked().stream()
                .flatMap(pod -> Stream.of(
                                unasked(facts, pod), differing(facts, pod), lacking(facts, pod), strangers(facts, pod))
                        .flatMap(findings -> findings));
    }

    private Stream<Finding> unasked(Facts facts, Asked pod) {
        return pod.unasked().isEmpty()
                ? Stream.empty()
                : Stream.of(Finding.warning(
                        name(),
                        "doctor could not ask its agent: " + pod.unasked(),
                        "Pod " + pod.pod(),
                        "The state of its kernel is unknown.",
                        inspect(facts, pod)));
    }

    private Stream<Finding> differing(Facts facts, Asked pod) {
        return pod.differences().isEmpty()
                ? Stream.empty()
                : Stream.of(Finding.warning(
                        name(),
                        pod.differences().size() + " differences from what it should hold, the first: "
                                + pod.differences().getFirst().what(),
                        "Pod " + pod.pod(),
                        "It does not reach some peers. The controller repairs it within controller.resync, or when it"
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
                        "It has only a part of that network.",
                        inspect(facts, pod)));
    }

    private Stream<Finding> strangers(Facts facts, Asked pod) {
        return pod.strangers() == 0
                ? Stream.empty()
                : Stream.of(Finding.warning(
                        name(),
                        "Its peer filter dropped packets of senders that are no peers: " + pod.strangers() + " within "
                                + Facts.STRANGERS_WITHIN.toSeconds() + " s.",
                        "Pod " + pod.pod(),
                        "Something that is no peer sends to its networks, such as a host or a pod without our agent.",
                        inspect(facts, pod)));
    }

    private static String inspect(Facts facts, Asked pod) {
        String[] name = pod.pod().split("/", 2);
        return facts.release().inspect(name[0], name[1]);
    }
}
