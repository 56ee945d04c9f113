package io.github.kubevxlan.cli.view;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.github.kubevxlan.cli.state.Difference;
import java.util.List;

/**
 * A member of a network, and what its kernel holds about the others.
 *
 * @param member which pod it is
 * @param flooding the peers that get what has no known receiver
 * @param unasked why its agent could not be asked; empty if it was
 * @param differences what is not as it should be in this network
 * @param problems what its kernel cannot have there, a sentence each
 */
public record MemberInspection(
        @JsonUnwrapped Member member,
        @JsonUnwrapped Flooding flooding,
        String unasked,
        List<Difference> differences,
        List<String> problems) {
    /**
     * A pod in the network.
     *
     * @param pod NAMESPACE/NAME
     * @param node where it runs
     * @param vtep the address that it sends from in this network
     */
    public record Member(String pod, String node, String vtep) {}

    /**
     * The peers that a member floods to.
     *
     * @param peers how many other members and outside VTEPs it should send to
     * @param held to how many of them its kernel floods
     */
    public record Flooding(int peers, int held) {}

    /** Whether something is amiss, or could not be looked at; not printed. */
    @JsonIgnore
    public boolean isAmiss() {
        return !unasked.isEmpty() || !differences.isEmpty() || !problems.isEmpty();
    }
}
