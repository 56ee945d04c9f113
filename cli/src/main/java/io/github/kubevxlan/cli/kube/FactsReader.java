package io.github.kubevxlan.cli.kube;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.VersionInfo;
import io.github.kubevxlan.cli.doctor.Facts;
import io.github.kubevxlan.cli.doctor.Facts.Admission;
import io.github.kubevxlan.cli.doctor.Facts.ApiServer;
import io.github.kubevxlan.cli.doctor.Facts.Deployments;
import io.github.kubevxlan.cli.doctor.Facts.Hook;
import io.github.kubevxlan.cli.doctor.Facts.Leader;
import io.github.kubevxlan.cli.doctor.Facts.Members;
import io.github.kubevxlan.cli.doctor.Facts.Programs;
import io.github.kubevxlan.cli.doctor.Facts.Seen;
import io.github.kubevxlan.cli.doctor.Facts.Trial;
import io.github.kubevxlan.cli.doctor.Facts.Version;
import io.github.kubevxlan.cli.doctor.Facts.Workload;
import io.github.kubevxlan.cli.doctor.Keeper;
import io.github.kubevxlan.cli.doctor.Selector;
import io.github.kubevxlan.cli.state.ClusterState;
import io.github.kubevxlan.cli.state.PodFacts;
import io.github.kubevxlan.cli.state.Release;
import io.github.kubevxlan.cli.view.PodView;
import io.github.kubevxlan.cli.view.Views;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the facts for the checks of {@code doctor}. If the caller may not read something, a note says so. */
public final class FactsReader {
    private static final Duration LATELY = Duration.ofMinutes(15);

    private final KubernetesClient client;
    private final Release release;
    private final Clock clock;
    private final String command;
    private final List<String> notes = new ArrayList<>();

    /** Takes the way to the cluster, where the product is in it, what time it is, and this program's version. */
    public FactsReader(KubernetesClient client, Release release, Clock clock, String command) {
        this.client = client;
        this.release = release;
        this.clock = clock;
        this.command = command;
    }

    /**
     * Reads them.
     *
     * @param namespace where a new pod is tried, besides the namespaces of labelled pods
     * @param mostAsked how many agents may be asked
     */
    public Facts read(ClusterState state, String namespace, int mostAsked) {
        notes.addAll(state.notes());
        List<PodView> pods = Views.pods(state);
        ReleaseObjects objects = new ReleaseObjects(client, release, notes::add);
        Seen<Workload> controller = objects.deployment(release.name());
        Seen<Workload> webhook = objects.deployment(release.webhook());
        Seen<Hook> injector = objects.mutating();
        Keeper keeper = Keeper.of(release, controller, webhook);
        Release installed = objects.installed();
        Version version = version();
        Seen<Leader> leader = objects.leader();
        Admission admission = new Admission(injector, objects.validating(), keeper, objects.certificate(keeper));
        Programs programs = new Programs(
                installed,
                new Deployments(controller, webhook),
                leader,
                new AccountRights(client, notes).of(release, state.settings(), controller, webhook),
                command);
        ApiServer apiServer = new ApiServer(version, admission, policies(), trials(state, namespace, pods, injector));
        List<Facts.Warning> warnings = warnings(state, leader);
        Set<String> plugins = NetworkPlugins.running(client);
        List<Facts.Asked> asked =
                new AskedAgents(state, new ExecAgents(client), FactsReader::pause).ask(mostAsked, notes);
        return new Facts(
                clock.instant(), programs, apiServer, new Members(state, pods, warnings, asked, plugins), notes);
    }

    private static void pause() {
        try {
            Thread.sleep(Facts.STRANGERS_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Version version() {
        try {
            VersionInfo version = client.getKubernetesVersion();
            return new Version(version.getGitVersion(), number(version.getMajor()), number(version.getMinor()));
        } catch (KubernetesClientException e) {
            throw new Right("get", "/version", "", "").failure(e);
        }
    }

    /** The digits at its beginning: a provider may write {@code 34+}. */
    private static int number(String text) {
        String digits = text.replaceFirst("[^0-9].*", "");
        return digits.isEmpty() || digits.length() > 6 ? 0 : Integer.parseInt(digits);
    }

    private Optional<Set<String>> policies() {
        try {
            return Optional.of(
                    client.admissionRegistration().v1().validatingAdmissionPolicyBindings().list().getItems().stream()
                            .map(binding -> binding.getSpec().getPolicyName())
                            .collect(Collectors.toSet()));
        } catch (KubernetesClientException e) {
            note(new Right("list", "validatingadmissionpolicybindings.admissionregistration.k8s.io", "", ""), e);
            return Optional.empty();
        }
    }

    private List<Trial> trials(ClusterState state, String namespace, List<PodView> pods, Seen<Hook> injector) {
        List<String> namespaces = Stream.concat(
                        Stream.of(namespace), pods.stream().map(PodView::namespace))
                .distinct()
                .toList();
        return new Trials(client, state.settings().keys(), notes)
                .in(namespaces, injector.object().map(Hook::namespaces).orElse(Selector.ALL));
    }

    private List<Facts.Warning> warnings(ClusterState state, Seen<Leader> leader) {
        Map<String, String> names = state.pods().stream()
                .collect(Collectors.toMap(pod -> pod.snapshot().ref().uid(), PodFacts::name));
        Instant led = leader.object().map(Leader::since).orElse(Instant.EPOCH);
        try {
            List<Event> events = AgentEvents.REASONS.stream()
                    .flatMap(reason -> events(reason).stream())
                    .toList();
            return AgentEvents.warnings(events, names, clock.instant().minus(LATELY), led);
        } catch (KubernetesClientException e) {
            note(new Right("list", "events", "", ""), e);
            return List.of();
        }
    }

    private List<Event> events(String reason) {
        return client.v1()
                .events()
                .inAnyNamespace()
                .withField("reason", reason)
                .list()
                .getItems();
    }

    private void note(Right right, KubernetesClientException failure) {
        notes.add("not checked, " + right.failure(failure).getMessage());
    }
}
