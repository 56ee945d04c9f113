package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The definitions, edited while everything runs, as with {@code kubectl edit configmap}. */
public final class Networks {
    private Networks() {}

    /** All definitions, by name. */
    public static Map<String, String> all() {
        return Optional.ofNullable(configMap().get()).map(ConfigMap::getData).orElse(Map.of());
    }

    /** Makes or changes one definition. */
    public static void define(String name, String definition) {
        patch(Map.of(name, definition));
    }

    /** Takes one definition away. */
    public static void remove(String name) {
        patch(Collections.singletonMap(name, null));
    }

    /** Asks whether the ConfigMap may be deleted; throws KubernetesClientException if not. */
    public static void tryToDelete() {
        configMap().dryRun(true).delete();
    }

    /** Deletes the ConfigMap. */
    public static void delete() {
        configMap().delete();
    }

    /** Sets or, with null, takes away an annotation of the ConfigMap. */
    public static void annotate(String key, @Nullable String value) {
        String patch = Cluster.client()
                .getKubernetesSerialization()
                .asJson(Map.of(
                        "metadata",
                        Map.of("annotations", Collections.singletonMap(Cluster.PREFIX + "/" + key, value))));
        configMap().patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }

    /** Makes the ConfigMap anew. */
    public static void restore(Map<String, String> definitions) {
        Cluster.client()
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace(Cluster.SYSTEM)
                        .withName(Cluster.CONFIG_MAP)
                        .endMetadata()
                        .withData(definitions)
                        .build())
                .create();
    }

    /**
     * Deletes the whole ConfigMap with {@code kubectl delete}, past the webhook's protection of a map that has members.
     *
     * @return what {@link #restore(ConfigMap)} takes
     */
    public static ConfigMap deleteMap() {
        ConfigMap before = configMap().require();
        annotate("allow-delete", "true");
        delete();
        return before;
    }

    /** Creates the ConfigMap again as it was, or replaces the one that is there. */
    public static void restore(ConfigMap before) {
        Cluster.client()
                .resource(new ConfigMapBuilder(before)
                        .editMetadata()
                        .withResourceVersion(null)
                        .withUid(null)
                        .withManagedFields()
                        .endMetadata()
                        .build())
                .createOr(NonDeletingOperation::update);
    }

    private static void patch(Map<String, @Nullable String> entries) {
        String patch = Cluster.client().getKubernetesSerialization().asJson(Map.of("data", new HashMap<>(entries)));
        configMap().patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }

    private static Resource<ConfigMap> configMap() {
        return Cluster.client().configMaps().inNamespace(Cluster.SYSTEM).withName(Cluster.CONFIG_MAP);
    }
}
