package io.github.kubevxlan.cli.render;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.kubevxlan.cli.manifest.KubeObject;
import io.github.kubevxlan.cli.manifest.MalformedManifestException;
import io.github.kubevxlan.common.util.CommonConfig;
import io.github.kubevxlan.common.util.ConfigException;
import io.github.kubevxlan.common.util.EnvConfig;
import io.github.kubevxlan.webhook.WebhookConfig;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The settings of the webhook: those of its Deployment if it is given, else what the chart sets by default. */
public final class WebhookSettings {
    /** What the chart sets by default and the webhook would not. */
    static final Map<String, String> CHART = Map.of(
            "KUBEVXLAN_AGENT_IMAGE", "kube-vxlan-controller-agent:1.0.0",
            "KUBEVXLAN_LEGACY_AGENT_IMAGES",
                    "openvnf/kube-vxlan-controller-agent,aialferov/kube-vxlan-controller-agent");

    /** The one setting that only the webhook has to have. */
    private static final String OF_THE_WEBHOOK = "KUBEVXLAN_AGENT_IMAGE";

    private WebhookSettings() {}

    /**
     * Reads them.
     *
     * @param objects among which the Deployment may be; the last one counts
     * @param chosen settings by name, which win
     * @throws ConfigException if one of those that are chosen is wrong
     */
    public static WebhookConfig read(Collection<KubeObject> objects, Map<String, String> chosen)
            throws MalformedManifestException {
        Map<String, String> variables = CHART;
        for (KubeObject object : objects) {
            Optional<Map<String, String>> found = environment(object);
            if (found.isPresent()) {
                variables = found.get();
                check(object, variables);
            }
        }
        Map<String, String> all = new HashMap<>(variables);
        all.putAll(chosen);
        return WebhookConfig.read(all);
    }

    /** Tells whether an object is the ConfigMap with the networks; in a file of the cluster's it may leave out where it is. */
    public static boolean isNetworks(KubeObject object, WebhookConfig config) {
        CommonConfig common = config.common();
        return object.isCore("ConfigMap")
                && object.name().equals(common.configMap())
                && (object.namespace().isEmpty() || object.namespace().equals(common.namespace()));
    }

    /** Tells whether an object is the webhook's Deployment. */
    static boolean isIn(KubeObject object) {
        return environment(object).isPresent();
    }

    private static void check(KubeObject object, Map<String, String> variables) throws MalformedManifestException {
        try {
            WebhookConfig.read(variables);
        } catch (ConfigException e) {
            throw new MalformedManifestException(object.title(), String.valueOf(e.getMessage()));
        }
    }

    private static Optional<Map<String, String>> environment(KubeObject object) {
        if (!object.group().equals("apps") || !object.kind().equals("Deployment")) {
            return Optional.empty();
        }
        for (JsonNode container : object.root().at("/spec/template/spec/containers")) {
            Map<String, String> variables = new HashMap<>();
            for (JsonNode variable : container.path("env")) {
                String name = variable.path("name").asText();
                if (name.startsWith(EnvConfig.PREFIX) && variable.path("value").isTextual()) {
                    variables.put(name, variable.path("value").asText());
                }
            }
            if (variables.containsKey(OF_THE_WEBHOOK)) {
                return Optional.of(variables);
            }
        }
        return Optional.empty();
    }
}
