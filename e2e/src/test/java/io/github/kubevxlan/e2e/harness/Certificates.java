package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Where the webhook's certificate and the trust in it are kept. */
public final class Certificates {
    /** Of the controller's CA, in TLS mode self. */
    public static final String CA_SECRET = "kube-vxlan-controller-ca";

    /** Of the certificate that the webhook serves, in TLS mode self. */
    public static final String TLS_SECRET = "kube-vxlan-controller-webhook-tls";

    private Certificates() {}

    /** A Secret of the product's namespace, there or not. */
    public static Resource<Secret> secret(String name) {
        return client().secrets().inNamespace(Cluster.SYSTEM).withName(name);
    }

    /** One entry of a Secret, decoded; empty if there is none. */
    public static Optional<String> entry(String secret, String key) {
        return Optional.ofNullable(secret(secret).get()).flatMap(found -> entry(found, key));
    }

    /** One entry of a Secret as it was, decoded; empty if there is none. */
    public static Optional<String> entry(Secret secret, String key) {
        return Optional.ofNullable(secret.getData())
                .flatMap(data -> Optional.ofNullable(data.get(key)))
                .map(Certificates::decoded);
    }

    /** The trust in PEM of each webhook of both configurations; empty text where there is none. */
    public static List<String> caBundles() {
        return Stream.concat(
                        mutating().get().getWebhooks().stream().map(MutatingWebhook::getClientConfig),
                        validating().get().getWebhooks().stream().map(ValidatingWebhook::getClientConfig))
                .map(config -> Optional.ofNullable(config.getCaBundle())
                        .map(Certificates::decoded)
                        .orElse(""))
                .toList();
    }

    /** Writes the trust of each webhook of both configurations, in PEM. */
    public static void setCaBundles(String pem) {
        Consumer<WebhookClientConfig> set = config -> config.setCaBundle(encoded(pem));
        Cluster.edit(mutating(), one -> {
            one.getWebhooks().stream().map(MutatingWebhook::getClientConfig).forEach(set);
            return one;
        });
        Cluster.edit(validating(), one -> {
            one.getWebhooks().stream().map(ValidatingWebhook::getClientConfig).forEach(set);
            return one;
        });
    }

    /** Puts others in place of all entries of a Secret. */
    public static void overwrite(String secret, Map<String, String> entries) {
        Cluster.edit(secret(secret), one -> {
            one.setData(entries);
            return one;
        });
    }

    /** As a Secret or a {@code caBundle} has it. */
    public static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII);
    }

    private static Resource<MutatingWebhookConfiguration> mutating() {
        return client().admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .withName(Cluster.CONTROLLER);
    }

    private static Resource<ValidatingWebhookConfiguration> validating() {
        return client().admissionRegistration()
                .v1()
                .validatingWebhookConfigurations()
                .withName(Cluster.CONTROLLER);
    }

    private static KubernetesClient client() {
        return Cluster.client();
    }
}
