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
import io.github.kubevxlan.cli.state.ClusterState.Declared;
import io.github.kubevxlan.cli.state.ClusterState.Known;
import io.github.kubevxlan.cli.state.ClusterState.Namespaces;
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
        Read<ConfigMap> definitions = definitions(settings);
        List<PodFacts> pods = pods(namespace, settings.keys());
        if (!settings.keys().prefix().equals(OLDER_PREFIX)) {
            Set<String> ours = pods.stream().map(PodFacts::name).collect(Collectors.toSet());
            pods(namespace, new Keys(OLDER_PREFIX)).stream()
                    .filter(pod -> !ours.contains(pod.name())) // it may have both labels
                    .forEach(pods::add);
        }
        pods.sort(Comparator.comparing(PodFacts::name));
        Namespaces namespaces = namespaces(namespace, settings.keys());
        return new ClusterState(
                settings,
                declared(definitions, settings, namespaces),
                new ClusterState.Listed(pods, namespace.isEmpty() && namespaces.known()),
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

    /** What it could not read so far, and what it assumed instead. */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    /** The settings of the controller; the defaults where it cannot be read. */
    public Settings settings() {
        Right right = new Right("get", "deployments.apps", release.name(), release.namespace());
        Settings byDefault = Settings.byDefault(release.namespace());
        String assumption = "assuming the default settings";
        Read<Deployment> controller = read(
                right,
                assumption,
                () -> client.apps()
                        .deployments()
                        .inNamespace(release.namespace())
                        .withName(release.name())
                        .get());
        return controller.found().map(found -> Settings.read(variables(found))).orElse(byDefault);
    }

    /** The variables of a Deployment's first container that have a value of their own. */
    public static Map<String, String> variables(Deployment deployment) {
        return deployment.getSpec().getTemplate().getSpec().getContainers().stream()
                .limit(1)
                .flatMap(container -> container.getEnv().stream())
                .filter(variable -> variable.getValue() != null)
                .collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue, (_, last) -> last));
    }

    private Read<ConfigMap> definitions(Settings settings) {
        return read(
                new Right("get", "configmaps", settings.configMap(), settings.namespace()),
                "the networks are not known",
                () -> client.configMaps()
                        .inNamespace(settings.namespace())
                        .withName(settings.configMap())
                        .get());
    }

    private static Declared declared(Read<ConfigMap> definitions, Settings settings, Namespaces namespaces) {
        return switch (definitions) {
            case Read.There<ConfigMap>(ConfigMap map) ->
                new Declared(
                        Definitions.parse(Optional.ofNullable(map.getData()).orElse(Map.of()), settings.defaults()),
                        Known.READ,
                        namespaces);
            case Read.Absent<ConfigMap> _ ->
                new Declared(Definitions.absent(settings.defaults()), Known.ABSENT, namespaces);
            case Read.Hidden<ConfigMap> _ ->
                new Declared(Definitions.absent(settings.defaults()), Known.HIDDEN, namespaces);
        };
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

    private Namespaces namespaces(String namespace, Keys keys) {
        String assumption =
                "assuming that namespaces have no annotations; a pod that names no network itself is not compared";
        if (namespace.isEmpty()) {
            Read<NamespaceList> all = read(
                    new Right("list", "namespaces", "", ""),
                    assumption,
                    () -> client.namespaces().list());
            return namespaces(all.found().map(NamespaceList::getItems), keys);
        }
        Read<Namespace> one = read(
                new Right("get", "namespaces", namespace, namespace),
                assumption,
                () -> client.namespaces().withName(namespace).get());
        return one instanceof Read.Absent<Namespace>
                ? new Namespaces(Map.of(), true)
                : namespaces(one.found().map(List::of), keys);
    }

    private static Namespaces namespaces(Optional<List<Namespace>> found, Keys keys) {
        Map<String, Map<String, String>> ours = new HashMap<>();
        for (Namespace each : found.orElse(List.of())) {
            Map<String, String> annotations =
                    Optional.ofNullable(each.getMetadata().getAnnotations()).orElse(Map.of()).entrySet().stream()
                            .filter(entry -> entry.getKey().startsWith(keys.prefix() + "/"))
                            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
            if (!annotations.isEmpty()) {
                ours.put(each.getMetadata().getName(), annotations);
            }
        }
        return new Namespaces(ours, found.isPresent());
    }

    /** An object: read, absent, or unreadable for the caller. */
    private sealed interface Read<T> {
        record There<T>(T object) implements Read<T> {}

        record Absent<T>() implements Read<T> {}

        record Hidden<T>() implements Read<T> {}

        default Optional<T> found() {
            return this instanceof There<T>(T object) ? Optional.of(object) : Optional.empty();
        }
    }

    /** If the caller may not read something or it is not there, a note says so. */
    private <T> Read<T> read(Right right, String assumption, Supplier<@Nullable T> get) {
        try {
            T found = get.get();
            if (found == null) {
                notes.add(absence(right, assumption));
                return new Read.Absent<>();
            }
            return new Read.There<>(found);
        } catch (KubernetesClientException e) {
            if (Right.isMissing(e)) {
                notes.add(right.failure(e).getMessage() + ": " + assumption);
                return new Read.Hidden<>();
            }
            throw right.failure(e);
        }
    }

    private static String absence(Right right, String assumption) {
        return right.resource().equals("namespaces")
                ? "namespace " + right.name() + " does not exist"
                : right.resource() + " " + right.name() + " is not in namespace " + right.namespace()
                        + " (see --release-namespace and --release): " + assumption;
    }
}
