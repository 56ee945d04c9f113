package io.github.kubevxlan.webhook.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.function.Consumer;

/** Follows objects as long as the program runs; repeats what fails, with growing pauses. */
final class ObjectWatch<T extends HasMetadata> implements AutoCloseable {
    private final SharedIndexInformer<T> informer;
    private volatile boolean synced;

    private ObjectWatch(SharedIndexInformer<T> informer) {
        this.informer = informer;
    }

    /**
     * Begins to follow; returns at once.
     *
     * @param present receives each object that exists or has changed; one call at a time
     * @param absent receives each object that is gone, perhaps in an older state
     */
    static <T extends HasMetadata> ObjectWatch<T> start(
            Informable<T> objects, Consumer<T> present, Consumer<T> absent) {
        SharedIndexInformer<T> informer = objects.runnableInformer(0);
        ObjectWatch<T> watch = new ObjectWatch<>(informer);
        informer.addEventHandler(watch.handler(present, absent));
        // By default a failed first list, or a broken watch, would end the informer permanently.
        informer.exceptionHandler((isStarted, failure) -> true);
        informer.start();
        return watch;
    }

    /** Tells whether a whole list has been handed on. */
    boolean isSynced() {
        return synced;
    }

    @Override
    public void close() {
        informer.stop();
    }

    private ResourceEventHandler<T> handler(Consumer<T> present, Consumer<T> absent) {
        return new ResourceEventHandler<>() {
            @Override
            public void onAdd(T object) {
                present.accept(object);
            }

            @Override
            public void onUpdate(T before, T now) {
                present.accept(now);
            }

            @Override
            public void onDelete(T last, boolean isStale) {
                absent.accept(last);
            }

            @Override
            public void onList(String version, boolean remainedEmpty) {
                synced = true;
            }
        };
    }
}
