package io.github.kubevxlan.cli.kube;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.github.kubevxlan.cli.state.AgentReport;
import io.github.kubevxlan.cli.view.Inspections.Asked;
import io.github.kubevxlan.controller.agent.protocol.PrintedState;
import io.github.kubevxlan.controller.agent.shell.ScriptBuilder;
import io.github.kubevxlan.controller.diff.ReportRequest;
import io.github.kubevxlan.controller.observe.MalformedReportException;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/**
 * Asks by exec: our own agent for its state, an agent with a shell for the report that the controller asks for. Nothing in
 * the pod says which it is, so the second is asked where the first's program is not there.
 */
public final class ExecAgents implements Agents {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final int NONCE_BYTES = 12;

    /** What our own agent ends with if it can't tell its state; what can't be run at all has another status. */
    private static final int CANNOT_TELL = 1;

    private final Exec exec;
    private final SecureRandom random = new SecureRandom();

    /** Runs a command in a pod's agent container to its end, with that input. */
    interface Exec {
        PodExec.Ended run(PodSnapshot pod, String input, List<String> command);
    }

    /** Takes the way to the cluster. */
    public ExecAgents(KubernetesClient client) {
        this((pod, input, command) -> run(client, pod, input, command));
    }

    /** Takes the way into the pods. */
    ExecAgents(Exec exec) {
        this.exec = exec;
    }

    @Override
    public Asked ask(PodSnapshot pod, DesiredPod want) {
        return switch (pod.agent()) {
            case NONE, OF_WINDOWS, OF_STATIC_POD -> Asked.not("it has no agent");
            case WAITING -> Asked.not("its agent does not run");
            case RUNNING, ALONE ->
                askRunning(pod, new ReportRequest(true, List.of(), want.links(), want.destinations(), true));
        };
    }

    private Asked askRunning(PodSnapshot pod, ReportRequest ask) {
        try {
            PodExec.Ended state = exec.run(pod, "", PrintedState.COMMAND);
            return switch (state.status()) {
                case 0 -> Asked.answered(AgentReport.ofState(state.text(), ask));
                case CANNOT_TELL -> incomplete(state);
                default -> askShell(pod, ask);
            };
        } catch (CommandFailure e) {
            return Asked.not(String.valueOf(e.getMessage()));
        } catch (MalformedReportException e) {
            return Asked.not(pod.ref() + ": " + e.getMessage());
        }
    }

    private Asked askShell(PodSnapshot pod, ReportRequest ask) throws MalformedReportException {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        String nonce = "n" + HexFormat.of().formatHex(bytes);
        PodExec.Ended report = exec.run(pod, ScriptBuilder.inspection(ask, nonce), List.of("sh", "-s"));
        return AgentReport.isWhole(report.text(), nonce)
                ? Asked.answered(AgentReport.parse(report.text(), nonce, ask))
                : incomplete(report);
    }

    private static Asked incomplete(PodExec.Ended ended) {
        return Asked.not("its agent did not answer in full: "
                + ended.text().lines().findFirst().orElse("it printed nothing"));
    }

    private static PodExec.Ended run(KubernetesClient client, PodSnapshot pod, String input, List<String> command) {
        try (PodExec exec = PodExec.start(client, pod, command.toArray(String[]::new))) {
            if (!input.isEmpty()) {
                exec.write(input);
            }
            return exec.end(DEADLINE);
        }
    }
}
