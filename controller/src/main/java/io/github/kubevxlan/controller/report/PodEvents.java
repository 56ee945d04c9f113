package io.github.kubevxlan.controller.report;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.github.kubevxlan.common.util.Ticker;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.reconcile.EventRecorder;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Kubernetes Events on pods, in plain words. The same words on the same pod are written once in a while. Events are
 * bounded by pod, by namespace and over all ({@link EventBudgets}); what is left out for that, or could not be written,
 * comes again if it still holds.
 */
public final class PodEvents implements EventRecorder {
    private static final Logger LOG = LoggerFactory.getLogger(PodEvents.class);
    private static final String WARNING = "Warning";
    private static final Duration QUIET = Duration.ofMinutes(10);
    private static final int REMEMBERED = 4096;
    private static final int AT_ONCE = 16;
    private static final int MOST_QUEUED = 1024;
    private static final int MOST_MESSAGE = 1000;

    /** Numbers differ from try to try; without them the words are the same. */
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");

    private final KubernetesClient client;
    private final Clock clock;
    private final Executor executor;
    private final Listener listener;
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

    /** Gets each Event that is about to be written, once for the same words in a while; must not block. */
    public interface Listener {
        void written(PodRef pod, String reason, String message);
    }

    /** Takes the client, the time for Events and for pauses, what runs the writes, and who else gets the Events. */
    public PodEvents(KubernetesClient client, Clock clock, Ticker ticker, Executor executor, Listener listener) {
        this.client = client;
        this.clock = clock;
        this.executor = executor;
        this.listener = listener;
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

    @Override
    public void ready(PodRef pod) {
        say(pod, "Normal", "NetworksReady", "all VXLAN networks are set up");
    }

    @Override
    public void problems(PodRef pod, List<String> problems) {
        say(pod, WARNING, "NetworkUnavailable", String.join("; ", problems));
    }

    @Override
    public void recreated(PodRef pod, List<String> interfaces) {
        say(pod, "Normal", "LinkRecreated", String.join("; ", interfaces));
    }

    @Override
    public void unfiltered(PodRef pod) {
        say(
                pod,
                WARNING,
                "PeerFilterMissing",
                "the pod accepts VXLAN packets from addresses that are no peers, and router advertisements, because"
                        + " its agent has no nft or its node's kernel has no nftables");
    }

    @Override
    public void unsecured(PodRef pod) {
        say(
                pod,
                WARNING,
                "PortSecurityMissing",
                "the pod takes packets that their sender must not send, because its agent or the agent's nft is too old"
                        + " for port security");
    }

    @Override
    public void failing(PodRef pod, String sentence) {
        say(pod, WARNING, "AgentFailed", sentence, NUMBER.matcher(sentence).replaceAll("#"));
    }

    @Override
    public void unwritten(PodRef pod, String reason) {
        say(
                pod,
                WARNING,
                "StatusNotWritten",
                "the controller can't write the pod's status annotation and condition, and gives the pod no address"
                        + " until it can: the API server says: " + reason);
    }

    @Override
    public void noAgent(PodRef pod) {
        say(
                pod,
                WARNING,
                "NoAgent",
                "the pod is labelled for VXLAN networks but has no agent container, which the webhook adds when"
                        + " a pod is created: recreate the pod");
    }

    @Override
    public void hostNetwork(PodRef pod) {
        say(
                pod,
                WARNING,
                "HostNetwork",
                "the pod is labelled for VXLAN networks but uses its node's network, which the controller never"
                        + " touches: set hostNetwork to false or remove the label");
    }

    @Override
    public void windows(PodRef pod) {
        say(
                pod,
                WARNING,
                "Windows",
                "the pod is labelled for VXLAN networks but is for Windows, where the controller sets up no networks:"
                        + " remove the label");
    }

    @Override
    public void staticPod(PodRef pod) {
        say(
                pod,
                WARNING,
                "StaticPod",
                "the pod is labelled for VXLAN networks but is a static pod, which the kubelet runs unchanged from a"
                        + " file, so it can't be a member: remove the label from that file");
    }

    private void say(PodRef pod, String type, String reason, String message) {
        say(pod, type, reason, message, message);
    }

    /** Messages with the same gist are the same words. */
    private void say(PodRef pod, String type, String reason, String message, String gist) {
        String words = pod.uid() + " " + reason + " " + gist;
        if (!mayBeSaid(pod, words, type)) {
            return;
        }
        listener.written(pod, reason, message);
        executor.execute(() -> {
            try {
                places.acquire();
                try {
                    write(pod, event(pod, type, reason, message), words);
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

    private boolean mayBeSaid(PodRef pod, String words, String type) {
        Duration now = ticker.elapsed();
        synchronized (said) {
            Duration last = said.get(words);
            if (last != null && last.plus(QUIET).compareTo(now) > 0) {
                return false;
            }
            if (!budgets.take(pod.uid(), pod.namespace(), type.equals(WARNING), now) || !queued.tryAcquire()) {
                leftOut.increment();
                return false;
            }
            said.put(words, now);
            sent.increment();
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
