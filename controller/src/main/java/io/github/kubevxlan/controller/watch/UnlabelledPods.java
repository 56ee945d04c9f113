package io.github.kubevxlan.controller.watch;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.common.util.Reason;
import io.github.kubevxlan.controller.agent.AgentException;
import io.github.kubevxlan.controller.plan.PodRef;
import io.github.kubevxlan.controller.plan.PodSnapshot;
import io.github.kubevxlan.controller.reconcile.Unlabelled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Pods without the label, which no watch shows: asked for one by one, or listed in pages. */
public final class UnlabelledPods implements Unlabelled {
    private final PodLookup lookup;
    private final List<Scope> scopes;
    private final Keys keys;
    private final PodMapper mapper;

    /** Takes whose pods are meant: those of chosen namespaces, or of all where none is chosen. */
    public UnlabelledPods(KubernetesClient client, Keys keys, List<String> namespaces) {
        this.lookup = new PodLookup(client, keys);
        this.scopes = Scope.of(client, namespaces);
        this.keys = keys;
        this.mapper = new PodMapper(keys);
    }

    @Override
    public Optional<PodSnapshot> find(PodRef ref) throws AgentException {
        return lookup.find(ref)
                .filter(pod -> !lookup.isLabelled(pod))
                .map(mapper::snapshot)
                .filter(PodSnapshot::reachable);
    }

    /** One namespace that can't be listed keeps nobody from looking at the others. */
    @Override
    public void each(Consumer<PodSnapshot> action) throws AgentException {
        List<KubernetesClientException> failures = new ArrayList<>();
        for (Scope scope : scopes) {
            try {
                Pages.each(
                        scope.pods().withLabelNotIn(keys.label(), Keys.LABELLED),
                        pod -> Optional.of(mapper.snapshot(pod))
                                .filter(PodSnapshot::reachable)
                                .ifPresent(action));
            } catch (KubernetesClientException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            throw new AgentException(Reason.of(failures.getFirst()), failures.getFirst());
        }
    }
}
