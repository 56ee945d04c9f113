package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

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

    private static void patch(Map<String, @org.jspecify.annotations.Nullable String> entries) {
        String patch = Cluster.client().getKubernetesSerialization().asJson(Map.of("data", new HashMap<>(entries)));
        configMap().patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }

    private static Resource<ConfigMap> configMap() {
        return Cluster.client().configMaps().inNamespace(Cluster.SYSTEM).withName(Cluster.CONFIG_MAP);
    }
}
