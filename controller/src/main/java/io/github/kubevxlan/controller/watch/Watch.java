package io.github.kubevxlan.controller.watch;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows objects as long as the program runs; repeats what fails, with growing pauses. */
final class Watch<T extends HasMetadata> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

    private final SharedIndexInformer<T> informer;

    /**
     * Prepares it; nothing is asked for before {@link #start}. What is listed comes in pages, so that no more than one
     * of them is ever held as it came, before it is stripped.
     *
     * @param strip drops of an object on arrival what nobody looks at
     * @param changed receives each object that was added, changed or removed, as last seen
     */
    Watch(Informable<T> objects, UnaryOperator<T> strip, Consumer<T> changed) {
        informer = objects.withLimit(Pages.LIMIT)
                .runnableInformer(0)
                .itemStore(new BasicItemStore<T>(Cache::metaNamespaceKeyFunc) {
                    @Override
                    public T put(String key, T value) {
                        return super.put(key, strip.apply(value));
                    }
                })
                .exceptionHandler((_, failure) -> {
                    LOG.warn("a watch failed; opening it again: {}", failure.getMessage());
                    return true;
                })
                .addEventHandler(handler(changed));
    }

    /** Lists; completes when all that is there has been seen. */
    CompletableFuture<Void> start() {
        return informer.start().toCompletableFuture();
    }

    /** What is there, as last seen. */
    List<T> all() {
        return informer.getStore().list();
    }

    /** What an object is now, if it is there. */
    Optional<T> now(T seen) {
        return Optional.ofNullable(informer.getStore().getByKey(Cache.metaNamespaceKeyFunc(seen)));
    }

    @Override
    public void close() {
        informer.stop();
    }

    private static <T extends HasMetadata> ResourceEventHandler<T> handler(Consumer<T> changed) {
        return new ResourceEventHandler<>() {
            @Override
            public void onAdd(T now) {
                changed.accept(now);
            }

            @Override
            public void onUpdate(T before, T now) {
                if (!before.getMetadata().getUid().equals(now.getMetadata().getUid())) {
                    changed.accept(before);
                }
                changed.accept(now);
            }

            @Override
            public void onDelete(T last, boolean unknownFinalState) {
                changed.accept(last);
            }
        };
    }
}
