package io.github.kubevxlan.controller.watch;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.common.util.Reason;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.reconcile.PodReadException;
import io.github.kubevxlan.controller.reconcile.UnlabelledPodLister;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Pods without the label, which no watch shows: asked for one by one, or listed in pages. */
public final class ApiUnlabelledPodLister implements UnlabelledPodLister {
    private static final String PHASE = "status.phase";

    private final PodLookup lookup;
    private final List<Scope> scopes;
    private final Keys keys;
    private final PodMapper mapper;

    /** Takes whose pods are meant: those of chosen namespaces, or of all where none is chosen. */
    public ApiUnlabelledPodLister(KubernetesClient client, Keys keys, List<String> namespaces) {
        this.lookup = new PodLookup(client, keys);
        this.scopes = Scope.of(client, namespaces);
        this.keys = keys;
        this.mapper = new PodMapper(keys);
    }

    @Override
    public Optional<PodSnapshot> find(PodRef ref) throws PodReadException {
        return lookup.find(ref)
                .filter(pod -> !lookup.isLabelled(pod))
                .map(mapper::snapshot)
                .filter(PodSnapshot::reachable);
    }

    @Override
    public Optional<Place> page(Place from, Consumer<PodSnapshot> action) throws PodReadException {
        if (from.scope() >= scopes.size()) {
            return Optional.empty();
        }
        try {
            Optional<String> next = Pages.one(
                    scopes.get(from.scope())
                            .pods()
                            .withLabelNotIn(keys.label(), Keys.LABELLED)
                            .withoutField(PHASE, "Succeeded")
                            .withoutField(PHASE, "Failed"),
                    from.token(),
                    pod -> Optional.of(mapper.snapshot(pod))
                            .filter(PodSnapshot::reachable)
                            .ifPresent(action));
            return Optional.of(next.map(token -> new Place(from.scope(), token)).orElseGet(from::nextList));
        } catch (KubernetesClientException e) {
            throw new PodReadException(Reason.of(e), e);
        }
    }
}
