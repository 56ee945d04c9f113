package io.github.kubevxlan.controller.watch;

import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.client.dsl.Listable;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Pods listed in pages. No {@code resourceVersion} is asked for, so that they are as they are when they are asked for, and
 * not as a cache of the API server has them.
 */
final class Pages {
    /** How many pods come in one answer. */
    static final long LIMIT = 500;

    private Pages() {}

    static void each(Listable<PodList> pods, Consumer<Pod> action) {
        Optional<String> next = Optional.of("");
        while (next.isPresent()) {
            next = one(pods, next.get(), action);
        }
    }

    /** Gives the pods of one page, the first where the token is empty; tells the token of the next one, if there is one. */
    static Optional<String> one(Listable<PodList> pods, String token, Consumer<Pod> action) {
        ListOptions options = new ListOptionsBuilder()
                .withLimit(LIMIT)
                .withContinue(token.isEmpty() ? null : token)
                .build();
        PodList page = pods.list(options);
        page.getItems().forEach(action);
        return Optional.ofNullable(page.getMetadata().getContinue()).filter(next -> !next.isEmpty());
    }
}
