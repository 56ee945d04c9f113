package io.github.kubevxlan.certs.kube;

import static java.net.HttpURLConnection.HTTP_CONFLICT;
import static java.net.HttpURLConnection.HTTP_NOT_FOUND;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.github.kubevxlan.certs.CertStore.Conflict;
import io.github.kubevxlan.certs.SecretData;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads and writes one Secret; a write is refused if the Secret is not as it was read. */
final class SecretStore {
    private static final String CERT_MANAGER = "cert-manager.io/certificate-name";

    private final KubernetesClient client;
    private final String namespace;
    private final String name;
    private final String type;

    /** @param type of the Secret when it is created; an existing one keeps its own */
    SecretStore(KubernetesClient client, String namespace, String name, String type) {
        this.client = client;
        this.namespace = namespace;
        this.name = name;
        this.type = type;
    }

    /** The latest content. */
    SecretData read() {
        return get().map(SecretStore::content).orElse(SecretData.ABSENT);
    }

    /** Replaces the content of the Secret by {@code data}; an existing Secret keeps labels, annotations and type. */
    void write(SecretData seen, Map<String, byte[]> data) throws Conflict {
        Map<String, String> encoded = new HashMap<>();
        data.forEach((key, value) -> encoded.put(key, Base64.getEncoder().encodeToString(value)));
        Optional<Secret> present = get();
        if (!present.map(secret -> secret.getMetadata().getResourceVersion()).equals(seen.version())) {
            throw new Conflict(this + " has changed since it was read");
        }
        if (present.isPresent()) {
            update(new SecretBuilder(present.get()).withData(encoded).build());
        } else {
            create(newSecret(encoded));
        }
    }

    private void update(Secret secret) throws Conflict {
        try {
            resource(secret).update();
        } catch (KubernetesClientException failure) {
            throw ApiErrors.write("update " + this, failure, HTTP_CONFLICT, HTTP_NOT_FOUND);
        }
    }

    private void create(Secret secret) throws Conflict {
        try {
            resource(secret).create();
        } catch (KubernetesClientException failure) {
            throw ApiErrors.write("create " + this, failure, HTTP_CONFLICT);
        }
    }

    private Optional<Secret> get() {
        try {
            Optional<Secret> secret = Optional.ofNullable(
                    client.secrets().inNamespace(namespace).withName(name).get());
            secret.ifPresent(found ->
                    ApiErrors.refuseForeign(toString(), found.getMetadata().getAnnotations(), CERT_MANAGER));
            return secret;
        } catch (KubernetesClientException failure) {
            throw ApiErrors.read("read " + this, failure);
        }
    }

    private Resource<Secret> resource(Secret secret) {
        return client.secrets().inNamespace(namespace).resource(secret);
    }

    private Secret newSecret(Map<String, String> encoded) {
        return new SecretBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .addToLabels("app.kubernetes.io/managed-by", "kube-vxlan-controller")
                .endMetadata()
                .withType(type)
                .withData(encoded)
                .build();
    }

    private static SecretData content(Secret secret) {
        Map<String, byte[]> data = new HashMap<>();
        secret.getData()
                .forEach((key, value) -> data.put(key, Base64.getDecoder().decode(value)));
        return new SecretData(Optional.of(secret.getMetadata().getResourceVersion()), data);
    }

    @Override
    public String toString() {
        return "Secret " + namespace + "/" + name;
    }
}
