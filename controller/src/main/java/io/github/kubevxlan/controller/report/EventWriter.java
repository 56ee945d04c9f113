package io.github.kubevxlan.controller.report;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.github.kubevxlan.common.util.Reason;
import io.github.kubevxlan.common.util.Ticker;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Writes Kubernetes Events. The same words on the same object are written once in a while. Events are bounded by object, by
 * namespace and over all ({@link EventBudgets}); what is left out for that, or could not be written, comes again if it
 * still holds.
 */
public final class EventWriter {
    static final String WARNING = "Warning";

    private static final Logger LOG = LoggerFactory.getLogger(EventWriter.class);
    private static final Duration QUIET = Duration.ofMinutes(10);
    private static final int REMEMBERED = 4096;
    private static final int AT_ONCE = 16;
    private static final int MOST_QUEUED = 1024;
    private static final int MOST_MESSAGE = 1000;

    private final KubernetesClient client;
    private final Clock clock;
    private final Executor executor;
    private final Semaphore queued = new Semaphore(MOST_QUEUED);
    private final Semaphore places = new Semaphore(AT_ONCE);
    private final Ticker ticker;
    private final EventBudgets budgets;
    private final LongAdder leftOut = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final Map<String, Duration> said = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Duration> eldest) {
            return size() > REMEMBERED;
        }
    };

    /**
     * The object that an Event is on, of the API group {@code v1}.
     *
     * @param kind as {@code Pod}
     */
    record Subject(String kind, String namespace, String name, String uid) {
        /** Its own budget. */
        Payer itself() {
            return new Payer(uid, namespace);
        }

        @Override
        public String toString() {
            return kind + " " + namespace + "/" + name;
        }
    }

    /**
     * Whose budget an Event is taken from.
     *
     * @param name of the budget: a UID, or one with something behind it
     */
    record Payer(String name, String namespace) {}

    /** What an Event says; messages with the same gist are the same words. */
    record Text(String type, String reason, String message, String gist) {}

    /** Takes the client, the time for Events and for pauses, and what runs the writes. */
    public EventWriter(KubernetesClient client, Clock clock, Ticker ticker, Executor executor) {
        this.client = client;
        this.clock = clock;
        this.executor = executor;
        this.ticker = ticker;
        this.budgets = new EventBudgets(ticker.elapsed());
    }

    /** How many Events were sent to the API server. */
    public long sent() {
        return sent.sum();
    }

    /** How many Events were left out because a budget was used up. */
    public long leftOut() {
        return leftOut.sum();
    }

    /**
     * Has an Event written, unless the same words were written lately or a budget is used up.
     *
     * @param gist messages with the same one are the same words
     * @param written is run before the Event is written; must not block
     */
    void say(Subject subject, String type, String reason, String message, String gist, Runnable written) {
        say(subject, subject.itself(), new Text(type, reason, message, gist), written);
    }

    /** The same at somebody else's expense. */
    void say(Subject subject, Payer payer, Text text, Runnable written) {
        String words = subject.uid() + " " + text.reason() + " " + text.gist();
        if (!mayBeSaid(payer, words, text.type())) {
            return;
        }
        written.run();
        executor.execute(() -> {
            try {
                places.acquire();
                try {
                    write(subject, event(subject, text), words);
                } finally {
                    places.release();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                queued.release();
            }
        });
    }

    /** What was said on an object for a reason may be said again at once. */
    void forget(String uid, String reason) {
        synchronized (said) {
            said.keySet().removeIf(words -> words.startsWith(uid + " " + reason + " "));
        }
    }

    private void write(Subject subject, Event event, String words) {
        try {
            client.v1()
                    .events()
                    .inNamespace(subject.namespace())
                    .resource(event)
                    .create();
        } catch (RuntimeException e) {
            Level level = e instanceof KubernetesClientException refused && isGoing(refused) ? Level.DEBUG : Level.WARN;
            LOG.atLevel(level)
                    .log("{}: the Event {} could not be written: {}", subject, event.getReason(), Reason.line(e));
            synchronized (said) {
                said.remove(words);
            }
        }
    }

    /** Whether an object's namespace is gone, or on its way to deletion, when nothing new may be made in it. */
    static boolean isGoing(KubernetesClientException e) {
        return e.getCode() == HttpURLConnection.HTTP_NOT_FOUND
                || Stream.ofNullable(e.getStatus())
                        .flatMap(status -> Stream.ofNullable(status.getDetails()))
                        .flatMap(details -> details.getCauses().stream())
                        .anyMatch(cause -> "NamespaceTerminating".equals(cause.getReason()));
    }

    private boolean mayBeSaid(Payer payer, String words, String type) {
        Duration now = ticker.elapsed();
        synchronized (said) {
            Duration last = said.get(words);
            if (last != null && last.plus(QUIET).compareTo(now) > 0) {
                return false;
            }
            if (!budgets.take(payer.name(), payer.namespace(), type.equals(WARNING), now) || !queued.tryAcquire()) {
                leftOut.increment();
                return false;
            }
            said.put(words, now);
            sent.increment();
            return true;
        }
    }

    private Event event(Subject subject, Text text) {
        String message = text.message();
        String now = clock.instant().toString();
        String name = subject.name();
        return new EventBuilder()
                .withNewMetadata()
                .withGenerateName(name.substring(0, Math.min(name.length(), 200)) + ".")
                .withNamespace(subject.namespace())
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion("v1")
                .withKind(subject.kind())
                .withName(name)
                .withNamespace(subject.namespace())
                .withUid(subject.uid())
                .endInvolvedObject()
                .withType(text.type())
                .withReason(text.reason())
                .withMessage(message.length() > MOST_MESSAGE ? message.substring(0, MOST_MESSAGE) + "…" : message)
                .withNewSource()
                .withComponent("kube-vxlan-controller")
                .endSource()
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withCount(1)
                .build();
    }
}
