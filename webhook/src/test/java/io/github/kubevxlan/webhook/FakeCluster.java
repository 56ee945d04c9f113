package io.github.kubevxlan.webhook;

import io.github.kubevxlan.common.spec.Definitions;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A cluster with the one namespace {@code default}. */
final class FakeCluster implements ClusterView {
    volatile boolean synced = true;

    /** A request has come as far as here, and goes on when it may. */
    final CountDownLatch asked = new CountDownLatch(1);

    volatile CountDownLatch mayGoOn = new CountDownLatch(0);

    private final AtomicInteger waiting = new AtomicInteger();

    /** How many requests have come as far as here and may not go on yet. */
    int waiting() {
        return waiting.get();
    }

    @Override
    public boolean isSynced() {
        return synced;
    }

    @Override
    public Definitions definitions() {
        return TestAdmission.DEFINITIONS;
    }

    @Override
    public Optional<NamespaceFacts> namespace(String namespace) throws InterruptedException {
        asked.countDown();
        waiting.incrementAndGet();
        mayGoOn.await();
        waiting.decrementAndGet();
        if (namespace.equals("failing")) {
            throw new IllegalStateException("as the test wants");
        }
        return namespace.equals("default") ? Optional.of(TestAdmission.facts(Map.of())) : Optional.empty();
    }
}
