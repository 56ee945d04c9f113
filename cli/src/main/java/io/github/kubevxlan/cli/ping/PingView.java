package io.github.kubevxlan.cli.ping;

import java.util.List;

/**
 * A ping as {@code ping} prints it.
 *
 * @param from NAMESPACE/NAME of the pod that sent
 * @param to NAMESPACE/NAME of the pod that answered
 * @param network the network that it went over
 * @param fromAddress the sender's address there; empty if it has none
 * @param toAddress the answering pod's address there; empty likewise
 * @param sent how many packets were sent
 * @param arrived how many came to the other pod
 * @param answered of how many the answer came back
 * @param rttMicros round trips in microseconds, in the order sent
 * @param forwardBytes the largest IP packet that arrives there, in bytes; 0 if none does
 * @param backwardBytes the largest that arrives on the way back
 * @param mtu what the smaller of the two interfaces lets through, in bytes
 * @param endsAt the part that does not carry the packets
 * @param reason what is known, a sentence
 * @param remedy a command that solves it or shows more; empty if there is nothing to solve
 * @param others what differs in the two pods and stops no packet between them, a line each
 */
public record PingView(
        String from,
        String to,
        String network,
        String fromAddress,
        String toAddress,
        int sent,
        int arrived,
        int answered,
        List<Long> rttMicros,
        int forwardBytes,
        int backwardBytes,
        int mtu,
        Verdict.Place endsAt,
        String reason,
        String remedy,
        List<String> others) {
    public PingView {
        rttMicros = List.copyOf(rttMicros);
        others = List.copyOf(others);
    }

    /** Puts together what was found. */
    public static PingView of(Ends ends, Evidence evidence, Verdict verdict) {
        Passage overlay = evidence.overlay();
        return new PingView(
                evidence.near().pod(),
                evidence.far().pod(),
                ends.from().network(),
                ends.addresses().map(Ends.Addresses::from).orElse(""),
                ends.addresses().map(Ends.Addresses::to).orElse(""),
                overlay.sent(),
                overlay.arrived(),
                overlay.answered(),
                overlay.rttMicros(),
                overlay.forwardBytes(),
                overlay.backwardBytes(),
                evidence.mtu(),
                verdict.place(),
                verdict.reason(),
                verdict.remedy(),
                evidence.others());
    }
}
