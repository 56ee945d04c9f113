package io.github.kubevxlan.cli.ping;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.stream.Stream;

/**
 * A ping as {@code ping} prints it.
 *
 * @param way where the packets went
 * @param overlay the result of the packets
 * @param mtu what the smaller of the two interfaces lets through, in bytes
 * @param verdict where they end
 * @param others what differs in the two pods and stops no packet between them, a line each
 */
public record PingView(
        @JsonUnwrapped Way way,
        @JsonUnwrapped Passage overlay,
        int mtu,
        @JsonUnwrapped Verdict verdict,
        List<String> others) {
    public PingView {
        others = List.copyOf(others);
    }

    /** The same with more to tell. */
    public PingView and(List<String> more) {
        return new PingView(
                way,
                overlay,
                mtu,
                verdict,
                Stream.concat(others.stream(), more.stream()).toList());
    }

    /**
     * From where to where packets went.
     *
     * @param from NAMESPACE/NAME of the pod that sent
     * @param to NAMESPACE/NAME of the pod that answered
     * @param network the network that they went over
     * @param fromAddress the sender's address there; empty if it has none
     * @param toAddress the answering pod's address there; empty likewise
     */
    public record Way(String from, String to, String network, String fromAddress, String toAddress) {}

    /** Puts together what was found. */
    public static PingView of(Ends ends, Evidence evidence, Verdict verdict) {
        return new PingView(
                new Way(
                        evidence.near().pod(),
                        evidence.far().pod(),
                        ends.from().network(),
                        ends.addresses().map(Ends.Addresses::from).orElse(""),
                        ends.addresses().map(Ends.Addresses::to).orElse("")),
                evidence.overlay(),
                evidence.tunnel().mtu(),
                verdict,
                evidence.others());
    }
}
