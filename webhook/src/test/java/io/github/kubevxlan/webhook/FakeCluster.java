package io.github.kubevxlan.webhook;

import io.github.kubevxlan.common.spec.Definitions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A cluster with the one namespace {@code default}. */
final class FakeCluster implements ClusterView {
    volatile boolean synced = true;
    volatile Duration age = Duration.ZERO;

    /** A request has come as far as here, and goes on when it may. */
    final CountDownLatch asked = new CountDownLatch(1);

    volatile CountDownLatch mayGoOn = new CountDownLatch(0);

    /** Until then requests wait that name a namespace which isn't known. */
    volatile CountDownLatch mayBeKnown = new CountDownLatch(0);

    /** Until then requests compute that name the namespace {@code busy}. */
    volatile CountDownLatch mayRest = new CountDownLatch(0);

    private final AtomicInteger computing = new AtomicInteger();
    private final AtomicInteger aside = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();

    /** How many requests have come as far as here and may not go on yet. */
    int waiting() {
        return waiting.get();
    }

    /** How many requests have begun to compute. */
    int computing() {
        return computing.get();
    }

    @Override
    public boolean isSynced() {
        return synced;
    }

    @Override
    public Definitions definitions() {
        return TestAdmission.DEFINITIONS;
    }

    /** How many requests wait for a namespace that isn't known. */
    int aside() {
        return aside.get();
    }

    @Override
    public Optional<NamespaceFacts> namespace(String namespace) {
        asked.countDown();
        waiting.incrementAndGet();
        try {
            mayGoOn.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        waiting.decrementAndGet();
        if (namespace.equals("busy")) {
            computing.incrementAndGet();
            while (mayRest.getCount() > 0) {
                Thread.onSpinWait();
            }
        }
        if (namespace.equals("failing")) {
            throw new IllegalStateException("as the test wants");
        }
        return namespace.equals("default") ? Optional.of(TestAdmission.facts(Map.of())) : Optional.empty();
    }

    @Override
    public void awaitNamespace(String namespace) throws InterruptedException {
        aside.incrementAndGet();
        mayBeKnown.await();
        aside.decrementAndGet();
    }

    @Override
    public Map<String, Duration> ages() {
        return Map.of("namespaces", age);
    }

    @Override
    public boolean hasMembers() {
        return true;
    }
}
