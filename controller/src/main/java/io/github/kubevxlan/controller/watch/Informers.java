package io.github.kubevxlan.controller.watch;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.github.kubevxlan.common.spec.Defaults;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.controller.plan.PodSnapshot;
import io.github.kubevxlan.controller.reconcile.Loop;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The watches: labelled pods, namespaces, and the one ConfigMap. An event only says that something changed; what it is
 * now is read from the cache, so an event that comes late or twice does no harm.
 */
public final class Informers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Informers.class);

    private final Loop loop;
    private final Keys keys;
    private final Defaults defaults;
    private final PodMapper mapper;
    private final SharedIndexInformer<Pod> pods;
    private final SharedIndexInformer<Namespace> namespaces;
    private final SharedIndexInformer<ConfigMap> configMap;

    /** Takes where the definitions are: the ConfigMap's namespace and name. */
    public Informers(
            KubernetesClient client, Loop loop, Keys keys, Defaults defaults, String namespace, String configMapName) {
        this.loop = loop;
        this.keys = keys;
        this.defaults = defaults;
        this.mapper = new PodMapper(keys);
        this.pods = prepared(
                client.pods().inAnyNamespace().withLabel(keys.label(), "true").runnableInformer(0),
                mapper::stripped,
                this::podChanged,
                loop::listed);
        this.namespaces = prepared(
                client.namespaces().runnableInformer(0), this::strippedNamespace, this::namespaceChanged, () -> {});
        this.configMap = prepared(
                client.configMaps()
                        .inNamespace(namespace)
                        .withName(configMapName)
                        .runnableInformer(0),
                UnaryOperator.identity(),
                _ -> configMapChanged(),
                () -> {});
    }

    /** Lists everything; completes when the loop has the whole picture. */
    public CompletableFuture<Void> start() {
        return CompletableFuture.allOf(
                        configMap.start().toCompletableFuture(),
                        namespaces.start().toCompletableFuture(),
                        pods.start().toCompletableFuture())
                .thenRun(() -> {
                    configMapChanged();
                    namespaces.getStore().list().forEach(this::namespaceChanged);
                    pods.getStore().list().forEach(this::podChanged);
                    LOG.info("watching {} labelled pods", pods.getStore().list().size());
                });
    }

    @Override
    public void close() {
        List.of(pods, namespaces, configMap).forEach(SharedIndexInformer::stop);
    }

    /** A pod that lost its label leaves the watch like a deleted one, but was not on its way to deletion. */
    private void podChanged(Pod seen) {
        Optional<PodSnapshot> now = Optional.ofNullable(pods.getStore().getByKey(Cache.metaNamespaceKeyFunc(seen)))
                .map(mapper::snapshot);
        loop.changed(mapper.snapshot(seen), seen.getMetadata().getDeletionTimestamp() != null, now);
    }

    private void namespaceChanged(Namespace seen) {
        Namespace now = namespaces.getStore().getByKey(Cache.metaNamespaceKeyFunc(seen));
        Map<String, String> annotations = now == null ? null : now.getMetadata().getAnnotations();
        loop.annotate(seen.getMetadata().getName(), annotations == null ? Map.of() : annotations);
    }

    private void configMapChanged() {
        Map<String, String> data = configMap.getStore().list().stream()
                .map(ConfigMap::getData)
                .filter(entries -> entries != null)
                .findFirst()
                .orElse(Map.of());
        Definitions definitions = Definitions.parse(data, defaults);
        definitions.broken().values().forEach(broken -> broken.problems().forEach(problem -> LOG.warn("{}", problem)));
        loop.define(definitions);
    }

    private Namespace strippedNamespace(Namespace namespace) {
        return new NamespaceBuilder()
                .withNewMetadata()
                .withName(namespace.getMetadata().getName())
                .withUid(namespace.getMetadata().getUid())
                .withResourceVersion(namespace.getMetadata().getResourceVersion())
                .withAnnotations(PodMapper.ours(namespace.getMetadata().getAnnotations(), keys))
                .endMetadata()
                .build();
    }

    private static <T extends HasMetadata> SharedIndexInformer<T> prepared(
            SharedIndexInformer<T> informer, UnaryOperator<T> strip, Consumer<T> changed, Runnable listed) {
        return informer.itemStore(new BasicItemStore<T>(Cache::metaNamespaceKeyFunc) {
                    @Override
                    public T put(String key, T value) {
                        return super.put(key, strip.apply(value));
                    }
                })
                .exceptionHandler((_, failure) -> {
                    LOG.warn("a watch failed and is set up again: {}", failure.getMessage());
                    return true;
                })
                .addEventHandler(new ResourceEventHandler<>() {
                    @Override
                    public void onAdd(T now) {
                        changed.accept(now);
                    }

                    @Override
                    public void onUpdate(T before, T now) {
                        changed.accept(now);
                        if (!before.getMetadata()
                                .getUid()
                                .equals(now.getMetadata().getUid())) {
                            changed.accept(before);
                        }
                    }

                    @Override
                    public void onList(String resourceVersion, boolean remainedEmpty) {
                        listed.run();
                    }

                    @Override
                    public void onDelete(T last, boolean unknownFinalState) {
                        changed.accept(last);
                    }
                });
    }
}
