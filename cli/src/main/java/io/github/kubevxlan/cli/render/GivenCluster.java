package io.github.kubevxlan.cli.render;

import com.fasterxml.jackson.core.JsonPointer;
import io.github.kubevxlan.cli.manifest.KubeObject;
import io.github.kubevxlan.cli.manifest.MalformedManifestException;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.webhook.NamespaceFacts;
import io.github.kubevxlan.webhook.WebhookConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A cluster from manifests: the facts by which a webhook in it would decide.
 *
 * @param config the webhook's settings
 * @param networks the ConfigMap with the definitions; empty where none is given
 * @param namespaces what those that are given say, by name
 */
record GivenCluster(WebhookConfig config, Optional<KubeObject> networks, Map<String, NamespaceFacts> namespaces) {
    /** The networks that the chart starts with. */
    static final Map<String, String> INITIAL =
            Map.of("vxeth0", "100", "vxeth1", "101", "vxeth2", "102", "vxeth3", "103");

    private static final JsonPointer DATA = JsonPointer.compile("/data");
    private static final JsonPointer LABELS = JsonPointer.compile("/metadata/labels");
    private static final JsonPointer ANNOTATIONS = JsonPointer.compile("/metadata/annotations");

    GivenCluster {
        namespaces = Map.copyOf(namespaces);
    }

    /** Of several objects of one name the last counts; {@code chosen} are settings of the webhook by name. */
    static GivenCluster of(List<KubeObject> objects, Map<String, String> chosen) throws MalformedManifestException {
        WebhookConfig config = WebhookSettings.read(objects, chosen);
        Map<String, NamespaceFacts> namespaces = new HashMap<>();
        Optional<KubeObject> networks = Optional.empty();
        for (KubeObject object : objects) {
            if (object.isCore("Namespace")) {
                namespaces.put(
                        object.name(),
                        NamespaceFacts.of(config.common().keys(), object.strings(LABELS), object.strings(ANNOTATIONS)));
            } else if (WebhookSettings.isNetworks(object, config)) {
                networks = Optional.of(object);
            }
        }
        return new GivenCluster(config, networks, namespaces);
    }

    /** Tells whether an object is the ConfigMap with the definitions. */
    boolean isNetworks(KubeObject object) {
        return WebhookSettings.isNetworks(object, config);
    }

    Definitions definitions() throws MalformedManifestException {
        return Definitions.parse(
                networks.isPresent() ? data(networks.get()) : INITIAL,
                config.common().defaults());
    }

    static Map<String, String> data(KubeObject configMap) throws MalformedManifestException {
        return configMap.strings(DATA);
    }

    NamespaceFacts facts(String namespace) {
        return namespaces.getOrDefault(namespace, NamespaceFacts.NONE);
    }

    /** Tells whether the webhook is asked about pods of a namespace. */
    boolean watches(String namespace) {
        List<String> chosen = config.common().watchNamespaces();
        return chosen.isEmpty() || chosen.contains(namespace);
    }
}
