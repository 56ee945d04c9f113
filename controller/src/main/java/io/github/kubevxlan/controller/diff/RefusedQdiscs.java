package io.github.kubevxlan.controller.diff;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.spec.Impairments;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.overlay.Qdisc;
import io.github.kubevxlan.controller.pod.NetworkProblem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Qdiscs that a pod's kernel or agent refused: labs use them, so the pod does without. Of one that netem should have made
 * the rate is left for TBF.
 *
 * @param ops those that were refused
 * @param want the overlay without what was refused
 * @param problems what is not applied, and why
 */
public record RefusedQdiscs(Set<NetOp> ops, DesiredPod want, List<NetworkProblem> problems) {
    /** How an agent's complaint of a qdisc begins; the link's name follows. */
    public static final String SUBJECT = "qdisc ";

    /** What a shell says in whose image there is no tc. */
    public static final String NO_TC = "there is no tc";

    public RefusedQdiscs {
        ops = Set.copyOf(ops);
        problems = List.copyOf(problems);
    }

    /**
     * Looks for operations that were sent, are still to be done, and that the agent complained of.
     *
     * @param sent what was sent last
     * @param next what is to be sent next
     * @param errors what the agent complained of, a line each
     */
    public static RefusedQdiscs of(DesiredPod want, List<NetOp> sent, Plan next, List<String> errors) {
        DesiredPod left = want;
        Set<NetOp> refused = new HashSet<>();
        List<NetworkProblem> problems = new ArrayList<>();
        for (NetOp op : sent) {
            if (!(op instanceof NetOp.PutQdisc(IfName link, Qdisc qdisc))
                    || !next.ops().contains(op)) {
                continue;
            }
            Optional<String> words = complaint(link, errors);
            if (words.isPresent()) {
                refused.add(op);
                Impairments rest =
                        qdisc.kind() == Qdisc.Kind.NETEM ? qdisc.impairments().rateAlone() : Impairments.NONE;
                left = left.impaired(link, rest);
                want.links().stream()
                        .filter(wanted -> wanted.name().equals(link))
                        .map(wanted -> problem(wanted.network().name(), qdisc, rest, words.get()))
                        .forEach(problems::add);
            }
        }
        return new RefusedQdiscs(refused, left, problems);
    }

    private static Optional<String> complaint(IfName link, List<String> errors) {
        String begin = SUBJECT + link + ": ";
        return errors.stream()
                .filter(error -> error.startsWith(begin))
                .map(error -> error.substring(begin.length()))
                .findFirst();
    }

    private static NetworkProblem problem(String network, Qdisc qdisc, Impairments rest, String words) {
        String lost =
                String.join(", ", qdisc.impairments().without(rest).toString().split(" "));
        return new NetworkProblem(
                network,
                "network " + network + ": " + reason(qdisc.kind(), words) + ", so without " + lost,
                NetworkProblem.Effect.LEFT_OUT);
    }

    /** The words are those of the kernel's ENOENT, EOPNOTSUPP and extended message, older and newer. */
    private static String reason(Qdisc.Kind kind, String words) {
        if (words.contains(NO_TC)) {
            return "the agent has no tc (iproute2)";
        }
        boolean isLacking = Stream.of("No such file", "not supported", "kind is unknown", "qdisc not found")
                .anyMatch(words::contains);
        return isLacking
                ? "the kernel has no sch_" + kind
                : "the kernel refused the qdisc " + kind + " (" + words + ")";
    }
}
