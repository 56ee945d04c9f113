package io.github.kubevxlan.controller.watch;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.common.util.Reason;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.reconcile.LabelledPodLister;
import io.github.kubevxlan.controller.reconcile.PodReadException;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.function.Consumer;

/** Pods with the label, asked for past the watch. Where we may not look, no watch shows any either, and there are none. */
public final class ApiLabelledPodLister implements LabelledPodLister {
    private final PodLookup lookup;
    private final List<Scope> scopes;
    private final Keys keys;
    private final PodMapper mapper;

    /** Takes whose pods are meant: those of chosen namespaces, or of all where none is chosen. */
    public ApiLabelledPodLister(KubernetesClient client, Keys keys, List<String> namespaces) {
        this.lookup = new PodLookup(client, keys);
        this.scopes = Scope.of(client, namespaces);
        this.keys = keys;
        this.mapper = new PodMapper(keys);
    }

    @Override
    public void each(Consumer<PodSnapshot> action) throws PodReadException {
        for (Scope scope : scopes) {
            try {
                Pages.each(
                        scope.pods().withLabel(keys.label(), Keys.LABELLED),
                        pod -> action.accept(mapper.snapshot(pod)));
            } catch (KubernetesClientException e) {
                if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
                    throw new PodReadException(Reason.of(e), e);
                }
            }
        }
    }

    @Override
    public boolean isThere(PodRef ref) throws PodReadException {
        return lookup.find(ref).filter(lookup::isLabelled).isPresent();
    }
}
