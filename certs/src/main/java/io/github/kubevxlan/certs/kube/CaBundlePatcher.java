package io.github.kubevxlan.certs.kube;

import static java.net.HttpURLConnection.HTTP_CONFLICT;
import static java.net.HttpURLConnection.HTTP_NOT_FOUND;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.github.kubevxlan.certs.CaBundle;
import io.github.kubevxlan.certs.CertStore.Conflict;
import io.github.kubevxlan.certs.Snapshot.WebhookConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads and sets the {@code caBundle} of every webhook in one configuration, and nothing else in it. */
final class CaBundlePatcher {
    private static final String CERT_MANAGER = "cert-manager.io/inject-";

    /** The answer to a patch whose {@code test} does not hold. */
    private static final int UNPROCESSABLE = 422;

    private final KubernetesClient client;
    private final WebhookRef ref;

    CaBundlePatcher(KubernetesClient client, WebhookRef ref) {
        this.client = client;
        this.ref = ref;
    }

    WebhookRef ref() {
        return ref;
    }

    /** What the configuration trusts now; empty if there is no such configuration. */
    Optional<WebhookConfig> read() {
        try {
            return Optional.ofNullable(ref.in(client).get()).map(this::trusted);
        } catch (KubernetesClientException failure) {
            throw ApiErrors.read("read " + ref, failure);
        }
    }

    /** Sets {@code bundle} where it differs, all in one step (RFC 6902), if the configuration is as in {@code seen}. */
    void publish(WebhookConfig seen, CaBundle bundle) throws Conflict {
        byte[] pem = bundle.pem();
        List<Map<String, String>> operations = new ArrayList<>();
        operations.add(Map.of("op", "test", "path", "/metadata/resourceVersion", "value", seen.version()));
        for (int i = 0; i < seen.caBundles().size(); i++) {
            if (!Arrays.equals(seen.caBundles().get(i), pem)) {
                String path = "/webhooks/" + i + "/clientConfig/caBundle";
                operations.add(Map.of(
                        "op", "add", "path", path, "value", Base64.getEncoder().encodeToString(pem)));
            }
        }
        if (operations.size() == 1) {
            return;
        }
        try {
            String patch = client.getKubernetesSerialization().asJson(operations);
            ref.in(client).patch(PatchContext.of(PatchType.JSON), patch);
        } catch (KubernetesClientException failure) {
            throw ApiErrors.write("set caBundle of " + ref, failure, HTTP_CONFLICT, HTTP_NOT_FOUND, UNPROCESSABLE);
        }
    }

    private WebhookConfig trusted(HasMetadata config) {
        ApiErrors.refuseForeign(ref.toString(), config.getMetadata().getAnnotations(), CERT_MANAGER);
        List<byte[]> bundles =
                clients(config).stream().map(CaBundlePatcher::bundle).toList();
        return new WebhookConfig(ref.toString(), config.getMetadata().getResourceVersion(), bundles);
    }

    private static List<WebhookClientConfig> clients(HasMetadata config) {
        return switch (config) {
            case MutatingWebhookConfiguration mutating ->
                mutating.getWebhooks().stream()
                        .map(MutatingWebhook::getClientConfig)
                        .toList();
            case ValidatingWebhookConfiguration validating ->
                validating.getWebhooks().stream()
                        .map(ValidatingWebhook::getClientConfig)
                        .toList();
            default -> throw new IllegalStateException("no webhook configuration: " + config.getKind());
        };
    }

    private static byte[] bundle(WebhookClientConfig config) {
        return Optional.ofNullable(config.getCaBundle())
                .map(Base64.getDecoder()::decode)
                .orElseGet(() -> new byte[0]);
    }
}
