package io.github.kubevxlan.controller.agent;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import java.io.ByteArrayInputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** Requests to the API server about one pod; none is tried again when it fails. */
final class PodRequests {
    private static final String METADATA_ALONE = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

    /** The connection is that of other requests too, and takes a hundred (SETTINGS_MAX_CONCURRENT_STREAMS of an API server). */
    private static final int MOST_AT_ONCE = 16;

    private final Semaphore atOnce = new Semaphore(MOST_AT_ONCE);
    private final HttpClient http;
    private final String server;
    private final KubernetesSerialization json;

    PodRequests(KubernetesClient client) {
        http = client.getHttpClient()
                .newBuilder()
                .tag(new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
        server = client.getMasterUrl().toString().replaceFirst("/$", "");
        json = client.getKubernetesSerialization();
    }

    HttpClient http() {
        return http;
    }

    /** Where a program is started in the pod's agent, its input and output kept open. */
    URI exec(PodSnapshot pod, List<String> command) {
        String words = command.stream()
                .map(word -> "command=" + URLEncoder.encode(word, StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return URI.create(uri(pod) + "/exec?" + words + "&container=" + pod.agentContainer()
                + "&stdin=true&stdout=true&stderr=false");
    }

    private String uri(PodSnapshot pod) {
        return server + "/api/v1/namespaces/" + pod.ref().namespace() + "/pods/"
                + pod.ref().name();
    }

    /**
     * Whether the pod is there and not being deleted; true as well if the API server does not say within the deadline, or too
     * many are asked for at once.
     */
    boolean isStaying(PodSnapshot pod, Duration deadline) throws InterruptedException {
        if (!atOnce.tryAcquire()) {
            return true;
        }
        try {
            long millis = Math.max(1, deadline.toMillis());
            HttpResponse<byte[]> answer = http.sendAsync(
                            http.newHttpRequestBuilder()
                                    .uri(URI.create(uri(pod)))
                                    .header("Accept", METADATA_ALONE)
                                    .timeout(millis, TimeUnit.MILLISECONDS)
                                    .build(),
                            byte[].class)
                    .get(millis, TimeUnit.MILLISECONDS);
            return switch (answer.code()) {
                case HttpURLConnection.HTTP_OK -> isStaying(pod, answer.body());
                case HttpURLConnection.HTTP_NOT_FOUND -> false;
                default -> true;
            };
        } catch (ExecutionException | TimeoutException | RuntimeException e) { // the last: what came back is no object
            return true;
        } finally {
            atOnce.release();
        }
    }

    private boolean isStaying(PodSnapshot pod, byte[] body) {
        return Optional.ofNullable(json.unmarshal(new ByteArrayInputStream(body), Pod.class))
                .map(Pod::getMetadata)
                .filter(now -> now.getUid() != null)
                .map(now -> pod.ref().uid().equals(now.getUid()) && now.getDeletionTimestamp() == null)
                .orElse(true);
    }
}
