package io.github.kubevxlan.cli.state;

import io.github.kubevxlan.controller.agent.protocol.PrintedState;
import io.github.kubevxlan.controller.agent.shell.Report;
import io.github.kubevxlan.controller.diff.ReportRequest;
import io.github.kubevxlan.controller.observe.MalformedReportException;
import io.github.kubevxlan.controller.observe.ObservedPod;
import java.util.Arrays;

/**
 * An agent's report of its pod's kernel.
 *
 * @param seen links, addresses, routes, entries, filters
 * @param counters packets counted
 */
public record AgentReport(ObservedPod seen, Counters counters) {
    /**
     * Reads the output of {@link io.github.kubevxlan.controller.agent.shell.ScriptBuilder#inspection}.
     *
     * @param ask what it was to report
     * @throws MalformedReportException if it is not what the programs print, or not whole
     */
    public static AgentReport parse(String output, String nonce, ReportRequest ask) throws MalformedReportException {
        return new AgentReport(
                Report.parse(output, nonce, ask),
                Counters.parse(section(output, nonce, "counters"), section(output, nonce, "strangers")));
    }

    /**
     * Reads what {@code agent state} prints.
     *
     * @param ask which lists and destinations are wanted
     * @throws MalformedReportException if it is not what the agent prints, or not whole
     */
    public static AgentReport ofState(String text, ReportRequest ask) throws MalformedReportException {
        return new AgentReport(PrintedState.read(text, ask), Counters.ofState(text));
    }

    /** Whether the script ran to its end. */
    public static boolean isWhole(String output, String nonce) {
        return output.contains("@" + nonce + " end ");
    }

    private static String section(String output, String nonce, String name) {
        return Arrays.stream(output.split("(?m)^@" + nonce + " "))
                .filter(part -> part.startsWith(name + "\n"))
                .findFirst()
                .map(part -> part.substring(name.length() + 1))
                .orElse("");
    }
}
