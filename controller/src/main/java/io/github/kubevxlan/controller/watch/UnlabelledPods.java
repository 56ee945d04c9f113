package io.github.kubevxlan.controller.watch;

import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.controller.agent.AgentException;
import io.github.kubevxlan.controller.plan.PodRef;
import io.github.kubevxlan.controller.plan.PodSnapshot;
import io.github.kubevxlan.controller.reconcile.Unlabelled;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Pods without the label, which no watch shows: asked for one by one, or listed in pages. */
public final class UnlabelledPods implements Unlabelled {
    private static final String LABELLED = "true";
    private static final long PAGE = 500;

    private final KubernetesClient client;
    private final Keys keys;
    private final PodMapper mapper;

    public UnlabelledPods(KubernetesClient client, Keys keys) {
        this.client = client;
        this.keys = keys;
        this.mapper = new PodMapper(keys);
    }

    @Override
    public Optional<PodSnapshot> find(PodRef ref) throws AgentException {
        try {
            return Optional.ofNullable(client.pods()
                            .inNamespace(ref.namespace())
                            .withName(ref.name())
                            .get())
                    .filter(pod ->
                            !LABELLED.equals(pod.getMetadata().getLabels().get(keys.label())))
                    .map(mapper::snapshot)
                    .filter(pod -> pod.ref().equals(ref) && pod.reachable());
        } catch (KubernetesClientException e) {
            throw new AgentException("the pod can't be read: " + AgentException.reason(e), e);
        }
    }

    @Override
    public void each(Consumer<PodSnapshot> action) throws AgentException {
        @Nullable String next = null;
        do {
            PodList page = page(next);
            page.getItems().stream()
                    .map(mapper::snapshot)
                    .filter(PodSnapshot::reachable)
                    .forEach(action);
            next = page.getMetadata().getContinue();
        } while (next != null && !next.isEmpty());
    }

    private PodList page(@Nullable String from) throws AgentException {
        ListOptions options =
                new ListOptionsBuilder().withLimit(PAGE).withContinue(from).build();
        try {
            return client.pods()
                    .inAnyNamespace()
                    .withLabelNotIn(keys.label(), LABELLED)
                    .list(options);
        } catch (KubernetesClientException e) {
            throw new AgentException(AgentException.reason(e), e);
        }
    }
}
