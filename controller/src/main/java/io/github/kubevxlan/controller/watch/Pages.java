package io.github.kubevxlan.controller.watch;

import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.client.dsl.Listable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Pods listed in pages. No {@code resourceVersion} is asked for, so that they are as they are when they are asked for, and
 * not as a cache of the API server has them.
 */
final class Pages {
    /** How many pods come in one answer. */
    static final long LIMIT = 500;

    private Pages() {}

    static void each(Listable<PodList> pods, Consumer<Pod> action) {
        @Nullable String next = null;
        do {
            ListOptions options =
                    new ListOptionsBuilder().withLimit(LIMIT).withContinue(next).build();
            PodList page = pods.list(options);
            page.getItems().forEach(action);
            next = page.getMetadata().getContinue();
        } while (next != null && !next.isEmpty());
    }
}
