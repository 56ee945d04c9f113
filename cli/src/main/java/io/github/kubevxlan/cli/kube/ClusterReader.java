package io.github.kubevxlan.cli.kube;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceList;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Listable;
import io.github.kubevxlan.cli.state.ClusterState;
import io.github.kubevxlan.cli.state.PodFacts;
import io.github.kubevxlan.cli.state.Release;
import io.github.kubevxlan.cli.state.Settings;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Keys;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what the commands need, once. If the caller may not read something dispensable, a note says so. */
public final class ClusterReader {
    /** The label prefix of the older controllers. */
    public static final String OLDER_PREFIX = "vxlan.openvnf.org";

    private static final long PAGE = 500;

    private final KubernetesClient client;
    private final Release release;
    private final List<String> notes = new ArrayList<>();

    /** Takes the way to the cluster and where the product is in it. */
    public ClusterReader(KubernetesClient client, Release release) {
        this.client = client;
        this.release = release;
    }

    /**
     * Reads it.
     *
     * @param namespace whose pods are wanted; empty for those of all
     * @throws CommandFailure if pods cannot be listed there
     */
    public ClusterState read(String namespace) {
        Settings settings = settings();
        Optional<Map<String, String>> data = definitions(settings);
        List<PodFacts> pods = pods(namespace, settings.keys());
        if (!settings.keys().prefix().equals(OLDER_PREFIX)) {
            Set<String> ours = pods.stream().map(PodFacts::name).collect(Collectors.toSet());
            pods(namespace, new Keys(OLDER_PREFIX)).stream()
                    .filter(pod -> !ours.contains(pod.name())) // it may have both labels
                    .forEach(pods::add);
        }
        pods.sort(Comparator.comparing(PodFacts::name));
        Map<String, Map<String, String>> annotations = annotations(namespace, settings.keys());
        return new ClusterState(
                settings,
                new ClusterState.Declared(
                        Definitions.parse(data.orElse(Map.of()), settings.defaults()), data.isPresent(), annotations),
                new ClusterState.Listed(pods, namespace.isEmpty()),
                notes);
    }

    /**
     * Reads it for a comparison, for which the pods of all namespaces are wanted; with those of one, where the caller may
     * list no others.
     */
    public ClusterState readForComparison(String namespace) {
        try {
            return read("");
        } catch (CommandFailure e) {
            if (e.getCause() instanceof KubernetesClientException refused && Right.isMissing(refused)) {
                notes.clear();
                notes.add(e.getMessage()
                        + "; so peers in other namespaces are unknown, and unexpected entries are not reported");
                return read(namespace);
            }
            throw e;
        }
    }

    /** The settings of the controller; the defaults where it cannot be read. */
    public Settings settings() {
        Right right = new Right("get", "deployments.apps", release.name(), release.namespace());
        Settings byDefault = Settings.byDefault(release.namespace());
        String assumption = "assuming the default settings";
        Deployment controller = orElse(
                right,
                assumption,
                () -> client.apps()
                        .deployments()
                        .inNamespace(release.namespace())
                        .withName(release.name())
                        .get());
        return controller == null ? byDefault : Settings.read(variables(controller));
    }

    /** The variables of a Deployment's first container that have a value of their own. */
    public static Map<String, String> variables(Deployment deployment) {
        return deployment.getSpec().getTemplate().getSpec().getContainers().stream()
                .limit(1)
                .flatMap(container -> container.getEnv().stream())
                .filter(variable -> variable.getValue() != null)
                .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue, (_, last) -> last));
    }

    private Optional<Map<String, String>> definitions(Settings settings) {
        Right right = new Right("get", "configmaps", settings.configMap(), settings.namespace());
        ConfigMap map = orElse(
                right,
                "the networks are not known",
                () -> client.configMaps()
                        .inNamespace(settings.namespace())
                        .withName(settings.configMap())
                        .get());
        return Optional.ofNullable(map)
                .map(there -> Optional.ofNullable(there.getData()).orElse(Map.of()));
    }

    private List<PodFacts> pods(String namespace, Keys keys) {
        Right right = new Right("list", "pods", "", namespace);
        List<PodFacts> facts = new ArrayList<>();
        try {
            Listable<PodList> pods = namespace.isEmpty()
                    ? client.pods().inAnyNamespace().withLabel(keys.label(), Keys.LABELLED)
                    : client.pods().inNamespace(namespace).withLabel(keys.label(), Keys.LABELLED);
            each(pods, pod -> facts.add(PodFactsMapper.facts(pod, keys)));
        } catch (KubernetesClientException e) {
            throw right.failure(e);
        }
        return facts;
    }

    private static void each(Listable<PodList> pods, Consumer<Pod> action) {
        @Nullable String next = null;
        do {
            PodList page = pods.list(
                    new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build());
            page.getItems().forEach(action);
            next = page.getMetadata().getContinue();
        } while (next != null && !next.isEmpty());
    }

    private Map<String, Map<String, String>> annotations(String namespace, Keys keys) {
        Map<String, Map<String, String>> ours = new HashMap<>();
        for (Namespace each : namespaces(namespace)) {
            Map<String, String> annotations =
                    Optional.ofNullable(each.getMetadata().getAnnotations()).orElse(Map.of()).entrySet().stream()
                            .filter(entry -> entry.getKey().startsWith(keys.prefix() + "/"))
                            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
            if (!annotations.isEmpty()) {
                ours.put(each.getMetadata().getName(), annotations);
            }
        }
        return ours;
    }

    private List<Namespace> namespaces(String namespace) {
        String assumption = "assuming that namespaces have no annotations";
        if (namespace.isEmpty()) {
            NamespaceList all = orElse(
                    new Right("list", "namespaces", "", ""),
                    assumption,
                    () -> client.namespaces().list());
            return all == null ? List.of() : all.getItems();
        }
        Namespace one = orElse(
                new Right("get", "namespaces", namespace, namespace),
                assumption,
                () -> client.namespaces().withName(namespace).get());
        return one == null ? List.of() : List.of(one);
    }

    /** Gives nothing, and notes it, where the caller may not read something or it is not there. */
    private <T> @Nullable T orElse(Right right, String assumption, Supplier<@Nullable T> read) {
        try {
            T found = read.get();
            if (found == null) {
                notes.add(right.resource() + " " + right.name() + " is not in namespace " + right.namespace()
                        + " (see --release-namespace and --release): " + assumption);
            }
            return found;
        } catch (KubernetesClientException e) {
            if (Right.isMissing(e)) {
                notes.add(right.failure(e).getMessage() + ": " + assumption);
                return null;
            }
            throw right.failure(e);
        }
    }
}
