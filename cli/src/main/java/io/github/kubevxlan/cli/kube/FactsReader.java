package io.github.kubevxlan.cli.kube;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.VersionInfo;
import io.github.kubevxlan.cli.doctor.Facts;
import io.github.kubevxlan.cli.doctor.Facts.Admission;
import io.github.kubevxlan.cli.doctor.Facts.ApiServer;
import io.github.kubevxlan.cli.doctor.Facts.Hook;
import io.github.kubevxlan.cli.doctor.Facts.Members;
import io.github.kubevxlan.cli.doctor.Facts.Programs;
import io.github.kubevxlan.cli.doctor.Facts.Seen;
import io.github.kubevxlan.cli.doctor.Facts.Trial;
import io.github.kubevxlan.cli.doctor.Facts.Version;
import io.github.kubevxlan.cli.doctor.Facts.Workload;
import io.github.kubevxlan.cli.doctor.Keeper;
import io.github.kubevxlan.cli.doctor.Selector;
import io.github.kubevxlan.cli.state.ClusterState;
import io.github.kubevxlan.cli.state.Release;
import io.github.kubevxlan.cli.view.PodView;
import io.github.kubevxlan.cli.view.Views;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the facts for the checks of {@code doctor}. If the caller may not read something, a note says so. */
public final class FactsReader {
    private static final Duration LATELY = Duration.ofMinutes(15);
    private static final List<String> REASONS = List.of("AgentFailed", "PeerFilterMissing");
    private static final Set<String> PLUGINS = Set.of("cilium", "calico-node", "nsx-node-agent");

    private final KubernetesClient client;
    private final Release release;
    private final Clock clock;
    private final List<String> notes = new ArrayList<>();

    /** Takes the way to the cluster, where the product is in it, and what time it is. */
    public FactsReader(KubernetesClient client, Release release, Clock clock) {
        this.client = client;
        this.release = release;
        this.clock = clock;
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
        Admission admission = new Admission(injector, objects.validating(), keeper, objects.certificate(keeper));
        Programs programs = new Programs(
                installed,
                controller,
                webhook,
                objects.leader(),
                new AccountRights(client, notes).of(release, state.settings(), controller, webhook));
        ApiServer apiServer = new ApiServer(version, admission, policies(), trials(state, namespace, pods, injector));
        List<Facts.Warning> warnings = warnings(pods);
        Set<String> plugins = plugins();
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

    private List<Facts.Warning> warnings(List<PodView> pods) {
        Set<String> names =
                pods.stream().map(pod -> pod.namespace() + "/" + pod.name()).collect(Collectors.toSet());
        String since = clock.instant().minus(LATELY).toString();
        try {
            return REASONS.stream()
                    .flatMap(reason -> events(reason).stream())
                    .filter(event -> PodEvents.time(event).compareTo(since) > 0)
                    .map(event -> new Facts.Warning(
                            event.getInvolvedObject().getNamespace() + "/"
                                    + event.getInvolvedObject().getName(),
                            event.getReason(),
                            event.getMessage()))
                    .filter(warning -> names.contains(warning.pod()))
                    .distinct()
                    .toList();
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

    private Set<String> plugins() {
        try {
            return client
                    .pods()
                    .inAnyNamespace()
                    .withLabelIn("k8s-app", PLUGINS.toArray(String[]::new))
                    .list()
                    .getItems()
                    .stream()
                    .map(pod -> pod.getMetadata().getLabels().getOrDefault("k8s-app", ""))
                    .map(app -> app.replaceFirst("-.*", ""))
                    .collect(Collectors.toSet());
        } catch (KubernetesClientException e) {
            return Set.of(); // a note says already that pods cannot be listed everywhere
        }
    }

    private void note(Right right, KubernetesClientException failure) {
        notes.add("not checked, " + right.failure(failure).getMessage());
    }
}
