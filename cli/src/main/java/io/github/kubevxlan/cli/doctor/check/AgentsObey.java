package io.github.kubevxlan.cli.doctor.check;

import io.github.kubevxlan.cli.doctor.Check;
import io.github.kubevxlan.cli.doctor.Facts;
import io.github.kubevxlan.cli.doctor.Facts.Warning;
import io.github.kubevxlan.cli.doctor.Facts.Workload;
import io.github.kubevxlan.cli.doctor.Finding;
import io.github.kubevxlan.cli.doctor.PodCommands;
import io.github.kubevxlan.cli.state.ApiNames;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The controller gets its work done in the agents. */
final class AgentsObey implements Check {
    /** As the API server names the policy that refuses a request; the Event with these words may be anybody's. */
    private static final Pattern POLICY = Pattern.compile("ValidatingAdmissionPolicy '([^']+)'");

    private static final Pattern FORBIDDEN = Pattern.compile("exec was refused: the API server answered 40[13]");

    @Override
    public String name() {
        return "agent-work";
    }

    @Override
    public Stream<Finding> findings(Facts facts) {
        return facts.members().warnings().stream().flatMap(warning -> switch (warning.reason()) {
            case "AgentFailed" -> Stream.of(failed(facts, warning));
            case "PeerFilterMissing" -> Stream.of(unfiltered(facts, warning));
            default -> Stream.empty();
        });
    }

    private Finding failed(Facts facts, Warning warning) {
        Matcher policy = POLICY.matcher(warning.message());
        if (policy.find()
                && ApiNames.isName(policy.group(1))
                && !policy.group(1).startsWith(facts.release().name())) {
            return Finding.broken(
                    name(),
                    "ValidatingAdmissionPolicy " + policy.group(1) + " forbids what the controller has to do: "
                            + warning.message(),
                    where(warning),
                    "It does not follow changes. The command exempts the controller alone from that policy.",
                    exempt(facts, policy.group(1)));
        }
        return Finding.broken(
                name(),
                "The controller cannot use its agent: " + warning.message(),
                where(warning),
                "It does not follow changes.",
                remedy(facts, warning));
    }

    /** Conditions of a policy are merged by their names, so that its others stay. */
    private static String exempt(Facts facts, String policy) {
        String account = facts.controller()
                .object()
                .map(Workload::account)
                .filter(ApiNames::isName)
                .orElse(facts.release().name());
        String condition = "request.userInfo.username != \\\"system:serviceaccount:"
                + facts.release().namespace() + ":" + account + "\\\"";
        return facts.release().kubectlAnywhere() + " patch validatingadmissionpolicy " + policy
                + " --patch '{\"spec\":{\"matchConditions\":" + "[{\"name\":\"not-"
                + facts.release().name() + "\",\"expression\":\"" + condition + "\"}]}}'";
    }

    /** What the API server itself forbids is a matter of rights; else the agent is broken. */
    private static String remedy(Facts facts, Warning warning) {
        if (FORBIDDEN.matcher(warning.message()).find()) {
            return facts.release().reapply();
        }
        if (POLICY.matcher(warning.message()).find()) {
            String[] pod = warning.pod().split("/", 2);
            return facts.release().inspect(pod[0], pod[1]);
        }
        return warning.message().contains("lacks the capability NET_ADMIN")
                ? command(facts, warning, PodCommands::recreateWithCapability)
                : command(facts, warning, PodCommands::recreate);
    }

    private Finding unfiltered(Facts facts, Warning warning) {
        boolean isOurs = facts.pods().stream()
                .filter(pod -> warning.pod().equals(pod.namespace() + "/" + pod.name()))
                .anyMatch(pod -> AgentImage.isOurs(facts, pod.agentImage()));
        return isOurs
                ? Finding.warning(
                        name(),
                        warning.message(),
                        where(warning),
                        "It accepts packets from senders that are no peers: load nf_tables on its node.",
                        facts.release().kubectl(warning.pod().replace("/", " get pod ")) + " --output wide")
                : Finding.warning(
                        name(),
                        warning.message(),
                        where(warning),
                        "It accepts packets from senders that are no peers. Put nftables into the image of its own"
                                + " agent; the command replaces that agent with the one that the webhook adds.",
                        command(
                                facts,
                                warning,
                                commands -> commands.recreateWithoutAgent(
                                        facts.state().settings().keys())));
    }

    private static String where(Warning warning) {
        return "Pod " + warning.pod();
    }

    private static String command(Facts facts, Warning warning, Function<PodCommands, String> command) {
        return facts.commands(warning.pod())
                .map(command)
                .orElse(facts.release().kubectl(warning.pod().replace("/", " delete pod ")));
    }
}
