package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The API as service accounts see it. */
public final class Tokens {
    private static final long LIMIT_SECONDS = 30;

    private Tokens() {}

    /** A client with a service account's own token, to be closed by the caller. */
    public static KubernetesClient clientOf(String namespace, String account) {
        String token = Cluster.client()
                .serviceAccounts()
                .inNamespace(namespace)
                .withName(account)
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withExpirationSeconds(3600L)
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
        Config admin = Cluster.client().getConfiguration();
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(admin.getMasterUrl())
                .withCaCertFile(admin.getCaCertFile())
                .withCaCertData(admin.getCaCertData())
                .withOauthToken(token)
                .withRequestRetryBackoffLimit(0)
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    /**
     * Sends one strategic merge patch of a pod and nothing before it.
     *
     * @param subresource such as {@code status}; empty for the pod itself
     * @throws KubernetesClientException with the API server's words if it refuses
     */
    public static void patch(KubernetesClient client, Pod pod, String subresource, String json) {
        String path = "api/v1/namespaces/%s/pods/%s/%s"
                .formatted(pod.getMetadata().getNamespace(), pod.getMetadata().getName(), subresource);
        try {
            HttpResponse<String> response = client.getHttpClient()
                    .sendAsync(
                            client.getHttpClient()
                                    .newHttpRequestBuilder()
                                    .uri(client.getMasterUrl() + path.replaceAll("/$", ""))
                                    .method("PATCH", "application/strategic-merge-patch+json", json)
                                    .build(),
                            String.class)
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS);
            if (!response.isSuccessful()) {
                throw new KubernetesClientException(
                        client.getKubernetesSerialization().unmarshal(response.body(), Status.class));
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(path + " could not be patched", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
