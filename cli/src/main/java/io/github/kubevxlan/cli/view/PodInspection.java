package io.github.kubevxlan.cli.view;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.github.kubevxlan.cli.state.Difference;
import java.util.List;

/**
 * A pod's desired state beside its observed state.
 *
 * @param pod as {@code list pods} shows it
 * @param response whether its agent answered
 * @param waitsFor what the pod waits for, a sentence each; empty if it does not wait
 * @param comparison what its agent's answer was compared with; of an agent without an answer the desired state alone
 * @param events the last Events, oldest first
 */
public record PodInspection(
        PodView pod,
        @JsonUnwrapped Response response,
        List<String> waitsFor,
        @JsonUnwrapped Comparison comparison,
        List<EventView> events) {
    /**
     * Whether an agent answered.
     *
     * @param asked whether it did; without an answer there is no comparison
     * @param unasked why it did not; empty if it did
     */
    public record Response(boolean asked, String unasked) {}

    /**
     * The kernel's state beside the desired one.
     *
     * @param links in the order declared
     * @param differences what is not as it should be
     * @param problems what its kernel cannot have, a sentence each
     */
    public record Comparison(List<LinkView> links, List<Difference> differences, List<String> problems) {}

    /** Whether its agent answered. */
    public boolean asked() {
        return response.asked();
    }

    /** Why its agent did not answer; empty if it did. */
    public String unasked() {
        return response.unasked();
    }

    /** Its interfaces, in the order declared. */
    public List<LinkView> links() {
        return comparison.links();
    }

    /** What is not as it should be. */
    public List<Difference> differences() {
        return comparison.differences();
    }

    /** What its kernel cannot have, a sentence each. */
    public List<String> problems() {
        return comparison.problems();
    }

    /** Whether something is amiss, or could not be looked at; not printed. */
    @JsonIgnore
    public boolean isAmiss() {
        return !asked() || !differences().isEmpty() || !problems().isEmpty() || !waitsFor.isEmpty();
    }
}
