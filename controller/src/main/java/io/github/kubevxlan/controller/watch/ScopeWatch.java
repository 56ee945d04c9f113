package io.github.kubevxlan.controller.watch;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.controller.names.NamesView;
import io.github.kubevxlan.controller.reconcile.Controller;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Watches the labelled pods of one scope, and what its namespaces say of them. It also watches pods without the label that
 * have not started yet: a copy of a member ({@code kubectl debug --copy-to}) has the agent that its app waits for, and
 * not the label.
 */
final class ScopeWatch implements AutoCloseable {
    private final Scope scope;
    private final Controller controller;
    private final Keys keys;
    private final PodMapper mapper;
    private final Watch<Pod> pods;
    private final Watch<Pod> pending;
    private final Watch<Namespace> namespaces;
    private final Optional<NamesWatch> names;
    private final CompletableFuture<Void> absent = new CompletableFuture<>();

    ScopeWatch(Scope scope, Controller controller, Keys keys, Optional<Runnable> namesChanged) {
        this.scope = scope;
        this.controller = controller;
        this.keys = keys;
        mapper = new PodMapper(keys);
        names = namesChanged.map(changed -> new NamesWatch(scope, keys, mapper, changed));
        pods = new Watch<>(scope.pods().withLabel(keys.label(), Keys.LABELLED), this::stripped, this::podChanged);
        pending = new Watch<>(
                scope.pods().withLabelNotIn(keys.label(), Keys.LABELLED).withField("status.phase", "Pending"),
                mapper::strippedUnlessOurs,
                this::pendingChanged);
        namespaces = new Watch<>(scope.namespaces(), this::strippedNamespace, this::namespaceChanged);
    }

    /**
     * Lists everything; completes when there is nothing more to know of this scope. That is so, too, where its namespace
     * is not there: its pods can't be listed then, as the rights to them went with it.
     */
    CompletableFuture<Void> start() {
        CompletableFuture<Void> listed = pods.start();
        var _ = pending.start();
        names.ifPresent(NamesWatch::start);
        return namespaces.start().thenCompose(_ -> {
            lookForNamespace();
            return CompletableFuture.anyOf(listed, absent).thenAccept(_ -> {});
        });
    }

    /** Tells again what the namespaces say. */
    void tellNamespaces() {
        namespaces.all().forEach(this::namespaceChanged);
    }

    /** Tells every pod again; gives how many there are. */
    int tellPods() {
        pods.all().forEach(this::podChanged);
        return pods.all().size();
    }

    @Override
    public void close() {
        pods.close();
        pending.close();
        namespaces.close();
        names.ifPresent(NamesWatch::close);
    }

    /** What names follow from in this scope; nothing before all of it was listed, and where nobody asks for names. */
    Optional<NamesView> names(Definitions definitions) {
        return names.filter(NamesWatch::isListed).map(watch -> watch.view(definitions, pods.all()));
    }

    private Pod stripped(Pod pod) {
        return names.map(watch -> watch.stripped(pod)).orElseGet(() -> mapper.stripped(pod));
    }

    /** A pod that lost its label leaves the watch like a deleted one, but was not on its way to deletion. */
    private void podChanged(Pod seen) {
        controller.changed(
                mapper.snapshot(seen),
                seen.getMetadata().getDeletionTimestamp() != null,
                () -> pods.now(seen).map(mapper::snapshot));
        names.ifPresent(NamesWatch::podChanged);
    }

    private void pendingChanged(Pod seen) {
        pending.now(seen).map(mapper::snapshot).ifPresent(controller::unlabelled);
    }

    private void namespaceChanged(Namespace seen) {
        controller.annotate(
                seen.getMetadata().getName(),
                () -> namespaces
                        .now(seen)
                        .map(namespace -> Optional.ofNullable(
                                        namespace.getMetadata().getAnnotations())
                                .orElse(Map.of())));
        lookForNamespace();
    }

    private void lookForNamespace() {
        if (scope.namespace().isPresent() && namespaces.all().isEmpty()) {
            absent.complete(null);
        }
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
}
