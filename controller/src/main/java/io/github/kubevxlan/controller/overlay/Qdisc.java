package io.github.kubevxlan.controller.overlay;

import io.github.kubevxlan.common.spec.Impairment;
import io.github.kubevxlan.common.spec.Impairments;
import io.github.kubevxlan.common.spec.LinkAttribute;
import io.github.kubevxlan.common.spec.Network;
import java.util.Optional;

/**
 * The queue at the root of a link that impairs what the link sends. Ours are known by their handles, one for each kind,
 * so that the kernel replaces one kind by the other in one step.
 *
 * @param impairments at least one
 * @param limit how many packets netem holds; 0 for TBF, whose queue follows from its rate
 */
public record Qdisc(Impairments impairments, int limit) {
    /** What the kernel has to offer. */
    public enum Kind {
        /** All impairments. */
        NETEM("netem", "184:"),
        /** A rate alone, as accurate as kernels can. */
        TBF("tbf", "185:");

        private final String word;
        private final String handle;

        Kind(String word, String handle) {
            this.word = word;
            this.handle = handle;
        }

        /** Our mark, as {@code tc} prints it. */
        public String handle() {
            return handle;
        }

        /** The kernel's word. */
        @Override
        public String toString() {
            return word;
        }
    }

    /** A qdisc that does that. */
    public Qdisc {
        limit = isRateAlone(impairments) ? 0 : limit;
    }

    /** What a network's link is to have. */
    public static Optional<Qdisc> of(Network network) {
        return network.impairments().areNone()
                ? Optional.empty()
                : Optional.of(
                        new Qdisc(network.impairments(), Math.max(1, network.attribute(LinkAttribute.TXQUEUELEN))));
    }

    /** The kind that does it. */
    public Kind kind() {
        return isRateAlone(impairments) ? Kind.TBF : Kind.NETEM;
    }

    /** How much of one; 0 for none. */
    public int value(Impairment impairment) {
        return impairments.value(impairment);
    }

    private static boolean isRateAlone(Impairments impairments) {
        return !impairments.areNone() && impairments.equals(impairments.rateAlone());
    }
}
