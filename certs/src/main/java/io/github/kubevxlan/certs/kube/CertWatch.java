package io.github.kubevxlan.certs.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.github.kubevxlan.certs.kube.KubeCertStore.Objects;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reports each change of the objects that store certificates, so that the keeper repairs deleted or damaged ones at
 * once. It reports only that there is a change: the listener reads the objects again.
 */
public final class CertWatch implements AutoCloseable {
    private final Objects objects;
    private final List<? extends SharedIndexInformer<?>> informers;

    private CertWatch(Objects objects, List<? extends SharedIndexInformer<?>> informers) {
        this.objects = objects;
        this.informers = informers;
    }

    /**
     * Begins to watch; returns at once. It opens a failed watch again, with growing pauses.
     *
     * @param changed is called after each change, our own ones included, from several threads; returns fast
     */
    public static CertWatch start(KubernetesClient client, Objects objects, Runnable changed) {
        var secrets = client.secrets().inNamespace(objects.namespace());
        Stream<Informable<? extends HasMetadata>> watched = Stream.concat(
                Stream.of(objects.caSecret(), objects.tlsSecret()).map(secrets::withName),
                objects.webhooks().stream().map(ref -> ref.in(client)));
        return new CertWatch(
                objects, watched.map(object -> informer(object, changed)).toList());
    }

    @Override
    public void close() {
        informers.forEach(SharedIndexInformer::stop);
    }

    /** What is watched, for the log. */
    @Override
    public String toString() {
        return "Secrets " + objects.caSecret() + " and " + objects.tlsSecret() + " in " + objects.namespace()
                + ", caBundle of " + objects.webhooks();
    }

    private static <T extends HasMetadata> SharedIndexInformer<T> informer(Informable<T> object, Runnable changed) {
        SharedIndexInformer<T> informer = object.runnableInformer(0);
        informer.addEventHandler(new ResourceEventHandler<>() {
            @Override
            public void onAdd(T now) {
                changed.run();
            }

            @Override
            public void onUpdate(T before, T now) {
                changed.run();
            }

            @Override
            public void onDelete(T last, boolean isStale) {
                changed.run();
            }
        });
        informer.exceptionHandler((isStarted, failure) -> true);
        informer.start();
        return informer;
    }
}
