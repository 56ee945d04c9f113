package io.github.kubevxlan.controller.agent.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.kubevxlan.common.net.InvalidValueException;
import io.github.kubevxlan.common.util.Reason;
import io.github.kubevxlan.controller.diff.ReportRequest;
import io.github.kubevxlan.controller.observe.ForeignRoute;
import io.github.kubevxlan.controller.observe.MalformedReportException;
import io.github.kubevxlan.controller.observe.ObservedPod;
import java.util.List;

/** Reads what {@code agent state} prints, which anyone may run: it takes no lock and changes nothing. */
public final class PrintedState {
    /** The command, in our own agent's image. */
    public static final List<String> COMMAND = List.of(NativeDialect.PROGRAM, "state");

    private PrintedState() {}

    /**
     * Reads it.
     *
     * @param reportRequest which lists and destinations are wanted; all else is there in any case
     * @throws MalformedReportException if it is not what the agent prints, or not whole
     */
    public static ObservedPod read(String text, ReportRequest reportRequest) throws MalformedReportException {
        JsonNode seen = Responses.tree(text);
        Tables.requireState(seen, List.of());
        try {
            List<ForeignRoute> foreign = Tables.foreign(seen.path("foreign")).stream()
                    .filter(route -> reportRequest.destinations().contains(route.destination()))
                    .toList();
            return Tables.pod(seen, foreign, Tables.listed(seen.path("entries"), reportRequest.lists()), List.of());
        } catch (InvalidValueException e) {
            throw new MalformedReportException("state", Reason.of(e));
        }
    }
}
