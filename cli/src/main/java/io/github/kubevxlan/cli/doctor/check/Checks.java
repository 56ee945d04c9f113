package io.github.kubevxlan.cli.doctor.check;

import io.github.kubevxlan.cli.doctor.Check;
import io.github.kubevxlan.cli.doctor.Facts;
import io.github.kubevxlan.cli.doctor.Finding;
import java.util.List;

/** All checks, in the order in which their findings should be solved. */
public final class Checks {
    private static final List<Check> ALL = List.of(
            new ServerVersion(),
            new ControllerRuns(),
            new VersionsAgree(),
            new LeaderWorks(),
            new RightsGiven(),
            new WebhookRuns(),
            new WebhookConfigured(),
            new CertificateHolds(),
            new PodsTaken(),
            new PoliciesInForce(),
            new DefinitionsUsable(),
            new PortClear(),
            new AddressesLeft(),
            new AgentsObey(),
            new SendersAllowed(),
            new PodsHaveAgents(),
            new AgentsOfThisVersion(),
            new PodsReady(),
            new KernelsHoldWhatTheyShould());

    private Checks() {}

    /** What is wrong, in the order of the checks. */
    public static List<Finding> findings(Facts facts) {
        return ALL.stream().flatMap(check -> check.findings(facts)).toList();
    }

    /** The names of all checks. */
    public static List<String> names() {
        return ALL.stream().map(Check::name).toList();
    }
}
