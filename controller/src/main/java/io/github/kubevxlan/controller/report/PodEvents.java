package io.github.kubevxlan.controller.report;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.github.kubevxlan.controller.plan.PodRef;
import io.github.kubevxlan.controller.reconcile.PodNews;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Kubernetes Events on pods, in plain words. The same words on the same pod are said once in a while. Warnings are
 * bounded over all pods, so that an outage of many does not flood the API server; what is left out for that, or could
 * not be written, comes again if it still holds.
 */
public final class PodEvents implements PodNews {
    private static final Logger LOG = LoggerFactory.getLogger(PodEvents.class);
    private static final String WARNING = "Warning";
    private static final Duration QUIET = Duration.ofMinutes(10);
    private static final int REMEMBERED = 4096;
    private static final int AT_ONCE = 16;
    private static final int MOST_QUEUED = 1024;
    private static final int MOST_WARNINGS = 100;
    private static final Duration WARNING_EVERY = Duration.ofMillis(200);
    private static final int MOST_MESSAGE = 1000;

    private final KubernetesClient client;
    private final Clock clock;
    private final Executor executor;
    private final Semaphore queued = new Semaphore(MOST_QUEUED);
    private final Semaphore room = new Semaphore(AT_ONCE);
    private final Budget warnings;
    private final LongAdder leftOut = new LongAdder();
    private final Map<String, Instant> said = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** Takes the client, the time, and what runs the writes. */
    public PodEvents(KubernetesClient client, Clock clock, Executor executor) {
        this.client = client;
        this.clock = clock;
        this.executor = executor;
        this.warnings = new Budget(MOST_WARNINGS, WARNING_EVERY, clock.instant());
    }

    /** How many Events were left out so as not to flood the API server. */
    public long leftOut() {
        return leftOut.sum();
    }

    @Override
    public void ready(PodRef pod) {
        say(pod, "Normal", "NetworksReady", "all VXLAN networks are set up");
    }

    @Override
    public void problems(PodRef pod, List<String> problems) {
        say(pod, WARNING, "NetworkUnavailable", String.join("; ", problems));
    }

    @Override
    public void unfiltered(PodRef pod) {
        say(
                pod,
                WARNING,
                "PeerFilterMissing",
                "VXLAN packets from addresses of no peer are not dropped, since the pod's agent has no nft or its"
                        + " node's kernel no nftables");
    }

    @Override
    public void failing(PodRef pod, String sentence) {
        say(pod, WARNING, "AgentFailed", sentence);
    }

    @Override
    public void noAgent(PodRef pod) {
        say(
                pod,
                WARNING,
                "NoAgent",
                "the pod is labelled for VXLAN networks but has no agent container, which is put in when a pod is"
                        + " created: recreate the pod");
    }

    @Override
    public void hostNetwork(PodRef pod) {
        say(
                pod,
                WARNING,
                "HostNetwork",
                "the pod is labelled for VXLAN networks but uses its node's network, which is never touched: set"
                        + " hostNetwork to false or remove the label");
    }

    @Override
    public void windows(PodRef pod) {
        say(
                pod,
                WARNING,
                "Windows",
                "the pod is labelled for VXLAN networks but is for Windows, which has none of ours: remove the label");
    }

    private void say(PodRef pod, String type, String reason, String message) {
        String words = pod.uid() + " " + reason + " " + message;
        if (!mayBeSaid(words, type)) {
            return;
        }
        executor.execute(() -> {
            try {
                room.acquire();
                try {
                    write(pod, event(pod, type, reason, message), words);
                } finally {
                    room.release();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                queued.release();
            }
        });
    }

    private void write(PodRef pod, Event event, String words) {
        try {
            client.v1().events().inNamespace(pod.namespace()).resource(event).create();
        } catch (KubernetesClientException e) {
            Level level = isGoing(e) ? Level.DEBUG : Level.WARN;
            LOG.atLevel(level)
                    .log("pod {}: the Event {} could not be written: {}", pod, event.getReason(), e.getMessage());
            synchronized (said) {
                said.remove(words);
            }
        }
    }

    /** Whether the pod's namespace is gone, or on its way to deletion, when nothing new may be made in it. */
    private static boolean isGoing(KubernetesClientException e) {
        return e.getCode() == HttpURLConnection.HTTP_NOT_FOUND
                || Stream.ofNullable(e.getStatus())
                        .flatMap(status -> Stream.ofNullable(status.getDetails()))
                        .flatMap(details -> details.getCauses().stream())
                        .anyMatch(cause -> "NamespaceTerminating".equals(cause.getReason()));
    }

    private boolean mayBeSaid(String words, String type) {
        Instant now = clock.instant();
        synchronized (said) {
            Instant last = said.get(words);
            if (last != null && last.plus(QUIET).isAfter(now)) {
                return false;
            }
            if ((type.equals(WARNING) && !warnings.take(now)) || !queued.tryAcquire()) {
                leftOut.increment();
                return false;
            }
            said.put(words, now);
            return true;
        }
    }

    private Event event(PodRef pod, String type, String reason, String message) {
        String now = clock.instant().toString();
        return new EventBuilder()
                .withNewMetadata()
                .withGenerateName(pod.name().substring(0, Math.min(pod.name().length(), 200)) + ".")
                .withNamespace(pod.namespace())
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion("v1")
                .withKind("Pod")
                .withName(pod.name())
                .withNamespace(pod.namespace())
                .withUid(pod.uid())
                .endInvolvedObject()
                .withType(type)
                .withReason(reason)
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
