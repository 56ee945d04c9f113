package io.github.kubevxlan.controller.watch;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.util.CommonConfig;
import io.github.kubevxlan.controller.names.NamesView;
import io.github.kubevxlan.controller.reconcile.Controller;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The watches: labelled pods and namespaces, and the one ConfigMap. An event only says that something changed; what it is
 * now is read from the cache, so an event that comes late or twice does no harm.
 */
public final class Informers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Informers.class);

    private final Controller controller;
    private final CommonConfig config;
    private final List<ScopeWatch> scopes;
    private final Watch<ConfigMap> configMap;
    private final Optional<Runnable> namesChanged;
    private volatile Definitions last;

    /** Takes the listener, the scope of pods, and the name of the definitions. */
    public Informers(KubernetesClient client, Controller controller, CommonConfig config) {
        this(client, controller, config, Optional.empty());
    }

    /** Watches what names follow from, too, where somebody is to be told of its changes. */
    public Informers(
            KubernetesClient client, Controller controller, CommonConfig config, Optional<Runnable> namesChanged) {
        this.namesChanged = namesChanged;
        this.controller = controller;
        this.config = config;
        this.last = Definitions.absent(config.defaults());
        this.scopes = Scope.of(client, config.watchNamespaces()).stream()
                .map(scope -> new ScopeWatch(scope, controller, config.keys(), namesChanged))
                .toList();
        this.configMap = new Watch<>(
                client.configMaps().inNamespace(config.namespace()).withName(config.configMap()),
                UnaryOperator.identity(),
                _ -> configMapChanged());
    }

    /** Lists everything; completes when the controller has the whole picture. */
    public CompletableFuture<Void> start() {
        CompletableFuture<?>[] all = Stream.concat(
                        Stream.of(configMap.start()), scopes.stream().map(ScopeWatch::start))
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(all).thenRun(() -> {
            configMapChanged();
            scopes.forEach(ScopeWatch::tellNamespaces);
            int pods = scopes.stream().mapToInt(ScopeWatch::tellPods).sum();
            LOG.info(
                    "watching {} labelled pods of {}",
                    pods,
                    config.watchNamespaces().isEmpty() ? "all namespaces" : config.watchNamespaces());
        });
    }

    @Override
    public void close() {
        scopes.forEach(ScopeWatch::close);
        configMap.close();
    }

    /** Whether the ConfigMap with the definitions is there, as far as the watch has shown. */
    public boolean hasDefinitions() {
        return !configMap.all().isEmpty();
    }

    /** What names follow from, as the watches show it. */
    public NamesView names() {
        Definitions definitions = last;
        List<NamesView> views = scopes.stream()
                .flatMap(scope -> scope.names(definitions).stream())
                .toList();
        return new NamesView(
                definitions,
                views.stream().flatMap(view -> view.services().stream()).toList(),
                views.stream().flatMap(view -> view.pods().stream()).toList(),
                views.stream().flatMap(view -> view.slices().stream()).toList());
    }

    /**
     * A ConfigMap that is gone says nothing about networks, so everything stays as the last one had it. A controller that
     * starts without one knows of none, and leaves what members have as it is.
     */
    private synchronized void configMapChanged() {
        Optional<ConfigMap> now = configMap.all().stream().findFirst();
        if (now.isEmpty()) {
            return;
        }
        Map<String, String> data = Optional.ofNullable(now.get().getData()).orElse(Map.of());
        Definitions definitions = Definitions.parse(data, config.defaults());
        definitions.problemsNewSince(last).forEach(problem -> LOG.warn("{}", problem));
        last = definitions;
        controller.define(definitions);
        namesChanged.ifPresent(Runnable::run);
    }
}
