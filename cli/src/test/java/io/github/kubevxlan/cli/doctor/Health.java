package io.github.kubevxlan.cli.doctor;

import io.github.kubevxlan.cli.doctor.Facts.Access;
import io.github.kubevxlan.cli.doctor.Facts.AccountRight;
import io.github.kubevxlan.cli.doctor.Facts.Admission;
import io.github.kubevxlan.cli.doctor.Facts.ApiServer;
import io.github.kubevxlan.cli.doctor.Facts.Asked;
import io.github.kubevxlan.cli.doctor.Facts.Deployments;
import io.github.kubevxlan.cli.doctor.Facts.Hook;
import io.github.kubevxlan.cli.doctor.Facts.Leader;
import io.github.kubevxlan.cli.doctor.Facts.Members;
import io.github.kubevxlan.cli.doctor.Facts.Programs;
import io.github.kubevxlan.cli.doctor.Facts.Replicas;
import io.github.kubevxlan.cli.doctor.Facts.Seen;
import io.github.kubevxlan.cli.doctor.Facts.Trial;
import io.github.kubevxlan.cli.doctor.Facts.TrialResult;
import io.github.kubevxlan.cli.doctor.Facts.Validity;
import io.github.kubevxlan.cli.doctor.Facts.Version;
import io.github.kubevxlan.cli.doctor.Facts.Warning;
import io.github.kubevxlan.cli.doctor.Facts.Workload;
import io.github.kubevxlan.cli.state.ClusterState;
import io.github.kubevxlan.cli.state.Clusters;
import io.github.kubevxlan.cli.state.Release;
import io.github.kubevxlan.cli.view.Views;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The facts of a healthy installation, in which a test makes one fault. */
public final class Health {
    public static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
    static final String READY = "[{\"name\":\"vxeth1\",\"interface\":\"vxeth1\",\"ips\":[],\"vni\":101,"
            + "\"state\":\"Ready\",\"uid\":\"UID\"}]";

    public Release release = new Release("kube-system", "kube-vxlan-controller");
    public String command = "1.2.0";
    public Version version = new Version("v1.34.4", 1, 34);
    public ClusterState state =
            Clusters.of(Map.of("vxeth1", "101"), Clusters.member("one", "10.0.0.1", "vxeth1", READY));
    public Seen<Workload> controller = workload(2, 2, Map.of());
    public Seen<Workload> webhook = workload(2, 2, Map.of("KUBEVXLAN_AGENT_IMAGE", "agent:1"));
    public Seen<Hook> injector = new Seen.There<>(new Hook(Optional.of(validFor(300)), Selector.ALL, false));
    public Seen<Hook> judge = new Seen.There<>(new Hook(Optional.of(validFor(300)), Selector.ALL, false));
    public Seen<Leader> lease = new Seen.There<>(leader(NOW.minusSeconds(2)));
    public Seen<Validity> certificate = new Seen.There<>(validFor(60));
    public AccountRight right = right(true);
    public Optional<Set<String>> policies = Optional.of(Set.of(
            "kube-vxlan-controller-exec",
            "kube-vxlan-controller-create",
            "kube-vxlan-controller-status",
            "kube-vxlan-controller-status-of-others"));
    public TrialResult plain = new TrialResult.Taken(false);
    public TrialResult labelled = new TrialResult.Taken(true);
    public List<Warning> warnings = List.of();
    public Set<String> plugins = Set.of();
    public Asked asked = new Asked("lab/one", "", List.of(), List.of(), 0);

    /** One that the controller needs. */
    public static AccountRight right(boolean allowed) {
        return new AccountRight("kube-vxlan-controller", new Access("create", "pods/exec", "", ""), allowed);
    }

    /** A Deployment with so many pods. */
    public static Seen<Workload> workload(int wanted, int ready, Map<String, String> variables) {
        return workload(wanted, ready, variables, "1.2.3");
    }

    /** The same of a certain version. */
    public static Seen<Workload> workload(int wanted, int ready, Map<String, String> variables, String version) {
        return new Seen.There<>(
                new Workload(new Replicas(wanted, ready), "account", variables, Map.of("tls", "own-tls"), version));
    }

    /** One who said so last at that time. */
    public static Leader leader(Instant renewed) {
        return new Leader("pod-1", NOW.minusSeconds(3_600), renewed);
    }

    /** From a day ago for so many days more. */
    public static Validity validFor(long days) {
        return new Validity(NOW.minusSeconds(86_400), NOW.plusSeconds(days * 86_400));
    }

    /** The facts as they are now. */
    public Facts facts() {
        return new Facts(
                NOW,
                new Programs(release, new Deployments(controller, webhook), lease, List.of(right), command),
                new ApiServer(
                        version,
                        new Admission(injector, judge, Keeper.of(release, controller, webhook), certificate),
                        policies,
                        List.of(new Trial("lab", plain, labelled))),
                new Members(state, Views.pods(state), warnings, List.of(asked), plugins),
                List.of());
    }
}
