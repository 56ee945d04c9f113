package io.github.kubevxlan.cli.view;

import io.github.kubevxlan.cli.state.Difference;
import java.util.List;

/**
 * A member of a network, and what its kernel holds about the others.
 *
 * @param pod NAMESPACE/NAME
 * @param node where it runs
 * @param vtep the address that it sends from in this network
 * @param peers how many other members and outside VTEPs it should send to
 * @param held to how many of them its kernel floods
 * @param unasked why its agent could not be asked; empty if it was
 * @param differences what is not as it should be in this network
 * @param problems what its kernel cannot have there, a sentence each
 */
public record MemberInspection(
        String pod,
        String node,
        String vtep,
        int peers,
        int held,
        String unasked,
        List<Difference> differences,
        List<String> problems) {
    /** Whether something is amiss, or could not be looked at. */
    public boolean isAmiss() {
        return !unasked.isEmpty() || !differences.isEmpty() || !problems.isEmpty();
    }
}
