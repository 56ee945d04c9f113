package io.github.kubevxlan.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.kubevxlan.common.spec.Keys;
import java.util.List;
import java.util.Optional;

/**
 * The agent container as the webhook adds it to a pod.
 *
 * <p>In native mode it is one init container that stays: it is started before those behind it, which follow once its
 * startup probe has succeeded. The probe waits inside one call for the pod's networks to be complete, so the kubelet
 * polls nothing; were its failures ever to be counted out, the kubelet would restart the agent. In classic mode the
 * probe's program is an init container of its own, which ends when the networks are complete.
 *
 * @param init a core/v1 Container for the init containers
 * @param sidecar a core/v1 Container for the containers
 * @param volume a core/v1 Volume that both mount
 * @param pullSecrets names of Secrets by which the image is pulled
 */
record AgentTemplate(
        Optional<ObjectNode> init, Optional<ObjectNode> sidecar, ObjectNode volume, List<String> pullSecrets) {
    private static final String PROBE = "/bin/networks-ready";
    private static final int PROBE_TIMEOUT_SECONDS = 3600;
    private static final int PROBE_FAILURES = 7 * 24 * 3600;
    private static final String TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
    private static final String NO_TOKEN = "vxlan-controller-no-token";

    /**
     * Makes the agent for a pod.
     *
     * @param holdsBack whether the pod's other containers wait for its networks
     */
    static AgentTemplate of(AgentSettings settings, AgentMode mode, boolean holdsBack, AgentResources resources) {
        ObjectNode agent = container(settings, resources, Keys.AGENT_CONTAINER);
        List<String> secrets = settings.image().pullSecrets();
        return switch (mode) {
            case NATIVE -> {
                agent.put("restartPolicy", "Always");
                if (holdsBack) {
                    agent.set("startupProbe", startupProbe());
                }
                yield new AgentTemplate(Optional.of(agent), Optional.empty(), noToken(), secrets);
            }
            case CLASSIC -> {
                ObjectNode init = container(settings, resources, Keys.AGENT_INIT_CONTAINER);
                init.putArray("command").add(PROBE);
                yield new AgentTemplate(
                        holdsBack ? Optional.of(init) : Optional.empty(), Optional.of(agent), noToken(), secrets);
            }
        };
    }

    /** Tells whether a volume of a pod is the one that agents have, by its name. */
    static boolean isVolume(JsonNode volume) {
        return volume.path("name").asText().equals(NO_TOKEN);
    }

    private static ObjectNode container(AgentSettings settings, AgentResources resources, String name) {
        ObjectNode container = JsonNodeFactory.instance.objectNode();
        container
                .put("name", name)
                .put("image", settings.image().name())
                .put("imagePullPolicy", settings.image().pullPolicy());
        resources.toJson().ifPresent(asked -> container.set("resources", asked));
        container.set("securityContext", securityContext());
        container
                .putArray("volumeMounts")
                .addObject()
                .put("name", NO_TOKEN)
                .put("mountPath", TOKEN_PATH)
                .put("readOnly", true);
        return container;
    }

    private static ObjectNode startupProbe() {
        ObjectNode probe = JsonNodeFactory.instance.objectNode();
        probe.putObject("exec").putArray("command").add(PROBE);
        return probe.put("periodSeconds", 1)
                .put("timeoutSeconds", PROBE_TIMEOUT_SECONDS)
                .put("failureThreshold", PROBE_FAILURES);
    }

    /** Root in the container, as NET_ADMIN becomes effective for no other user; nothing else that root may do. */
    private static ObjectNode securityContext() {
        ObjectNode context = JsonNodeFactory.instance.objectNode();
        context.put("runAsUser", 0)
                .put("runAsNonRoot", false)
                .put("allowPrivilegeEscalation", false)
                .put("readOnlyRootFilesystem", true);
        ObjectNode capabilities = context.putObject("capabilities");
        capabilities.putArray("drop").add("ALL");
        capabilities.putArray("add").add("NET_ADMIN");
        context.putObject("seccompProfile").put("type", "RuntimeDefault");
        return context;
    }

    /**
     * A volume without a file, mounted where the API server would mount the service account's token. Not an emptyDir:
     * {@code kubectl drain} and the cluster autoscaler take that for data to be kept.
     */
    private static ObjectNode noToken() {
        ObjectNode volume = JsonNodeFactory.instance.objectNode();
        volume.put("name", NO_TOKEN).putObject("downwardAPI");
        return volume;
    }
}
