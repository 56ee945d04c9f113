package io.github.kubevxlan.cli.view;

import io.github.kubevxlan.cli.state.Difference;
import java.util.List;

/**
 * A pod's desired state beside its observed state.
 *
 * @param pod as {@code list pods} shows it
 * @param asked whether its agent answered; without an answer there is no comparison
 * @param unasked why the agent did not answer; empty if it did
 * @param waitsFor what the pod waits for, a sentence each; empty if it does not wait
 * @param links in the order declared
 * @param differences what is not as it should be
 * @param problems what its kernel cannot have, a sentence each
 * @param events the last Events, oldest first
 */
public record PodInspection(
        PodView pod,
        boolean asked,
        String unasked,
        List<String> waitsFor,
        List<LinkView> links,
        List<Difference> differences,
        List<String> problems,
        List<EventView> events) {
    /** Whether something is amiss, or could not be looked at. */
    public boolean isAmiss() {
        return !asked || !differences.isEmpty() || !problems.isEmpty() || !waitsFor.isEmpty();
    }
}
