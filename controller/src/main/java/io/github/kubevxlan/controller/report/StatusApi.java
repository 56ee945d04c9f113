package io.github.kubevxlan.controller.report;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.github.kubevxlan.common.cluster.Refusal;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.controller.pod.ObservedStatus;
import io.github.kubevxlan.controller.pod.OverlayStatus;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.watch.PodMapper;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;

/**
 * The subresource {@code pods/status} of the API server: one PATCH for annotation and condition, and none where the pod
 * has them. A pod that changed since it was read is read again, so that what is decided on is what is there.
 */
public final class StatusApi {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int MOST_CONFLICTS = 5;
    private static final int HTTP_UNPROCESSABLE = 422;

    /** Answers to a patch that names another resourceVersion, or the UID of another pod. */
    private static final Set<Integer> CHANGED =
            Set.of(HttpURLConnection.HTTP_CONFLICT, HttpURLConnection.HTTP_NOT_FOUND, HTTP_UNPROCESSABLE);

    private final KubernetesClient client;
    private final KubernetesSerialization json;
    private final StatusPatch patches;
    private final PodMapper mapper;
    private final LongAdder sent = new LongAdder();

    /** Takes the client, the keys of annotation and condition, and the clock for the time of a condition's change. */
    public StatusApi(KubernetesClient client, Keys keys, Clock clock) {
        this.client = client;
        this.json = client.getKubernetesSerialization();
        this.patches = new StatusPatch(keys, json, clock);
        this.mapper = new PodMapper(keys);
    }

    /** The pod is not there any more, or another one is under its name. */
    static final class GoneException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** The API server takes the condition and does not take the annotation. */
    static final class AnnotationRefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        AnnotationRefusedException(KubernetesClientException refusal) {
            super(refusal.getMessage(), refusal);
        }
    }

    /**
     * Compares and writes until the pod has it. Where the API server refuses the annotation, the condition is written
     * alone.
     *
     * @param known what the pod had when it was last seen; empty to ask
     * @param sending is called before the first write; repeating one that met a change of the pod is nobody's doing
     * @return the pod's version then
     * @throws KubernetesClientException if the API server does not take it, or the pod changes all the time
     */
    long bring(PodRef pod, Optional<ObservedStatus> known, OverlayStatus want, Runnable sending)
            throws GoneException, AnnotationRefusedException, InterruptedException {
        ObservedStatus observedStatus = known.isPresent() ? known.get() : read(pod);
        for (int conflicts = 0; ; conflicts++) {
            if (observedStatus.status().covers(want)) {
                return observedStatus.version();
            }
            try {
                if (conflicts == 0) {
                    sending.run();
                }
                sent.increment();
                return patch(pod, patches.print(pod, observedStatus, want));
            } catch (KubernetesClientException e) {
                if (!CHANGED.contains(e.getCode()) || conflicts == MOST_CONFLICTS) {
                    throw e;
                }
                ObservedStatus now = read(pod);
                if (e.getCode() == HTTP_UNPROCESSABLE && now.version() == observedStatus.version()) {
                    throw refused(pod, now, want, e);
                }
                observedStatus = now;
            }
        }
    }

    /** The pod is what it was, so the refusal is not for what changed: its annotations may be too long together. */
    private AnnotationRefusedException refused(
            PodRef pod, ObservedStatus now, OverlayStatus want, KubernetesClientException refusal)
            throws InterruptedException {
        OverlayStatus condition = new OverlayStatus(now.status().networks(), want.ready());
        if (now.status().networks().equals(want.networks())) {
            throw refusal;
        }
        if (!now.status().covers(condition)) {
            sent.increment();
            patch(pod, patches.print(pod, now, condition));
        }
        return new AnnotationRefusedException(refusal);
    }

    /** How many writes were sent. */
    long sent() {
        return sent.sum();
    }

    /** One request: the client's own patch of a text reads the object first. Gives the pod's version. */
    private long patch(PodRef pod, String body) throws InterruptedException {
        HttpRequest request = client.getHttpClient()
                .newHttpRequestBuilder()
                .uri("%sapi/v1/namespaces/%s/pods/%s/status"
                        .formatted(client.getMasterUrl(), pod.namespace(), pod.name()))
                .method("PATCH", StatusPatch.TYPE, body)
                .timeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .build();
        try {
            HttpResponse<String> response = client.getHttpClient()
                    .sendAsync(request, String.class)
                    .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            if (!response.isSuccessful()) {
                throw new KubernetesClientException(reason(response), response.code(), null);
            }
            return PodMapper.version(json.unmarshal(response.body(), Pod.class));
        } catch (ExecutionException | TimeoutException e) {
            throw new KubernetesClientException("no answer: " + e, e);
        }
    }

    private String reason(HttpResponse<String> response) {
        return Refusal.words(json, response.body()).orElse("HTTP " + response.code());
    }

    private ObservedStatus read(PodRef ref) throws GoneException {
        Pod pod = resource(ref).get();
        if (pod == null || !ref.uid().equals(pod.getMetadata().getUid())) {
            throw new GoneException();
        }
        return mapper.observedStatus(pod);
    }

    private PodResource resource(PodRef ref) {
        return client.pods().inNamespace(ref.namespace()).withName(ref.name());
    }
}
