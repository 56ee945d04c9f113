package io.github.kubevxlan.webhook;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.kubevxlan.common.spec.Keys;

/**
 * The agent container as it is put into a pod, and the volume that it mounts.
 *
 * <p>It is a native sidecar (Kubernetes 1.29): as the first init container it is started before all others, which
 * follow once its startup probe has succeeded. The probe waits inside one call for the pod's networks to be complete,
 * so the kubelet polls nothing; were its failures ever to be counted out, the kubelet would restart the agent.
 *
 * @param container a core/v1 Container
 * @param volume a core/v1 Volume
 */
record AgentTemplate(ObjectNode container, ObjectNode volume) {
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
    static AgentTemplate of(AgentSettings settings, boolean holdsBack, PodTree pod) {
        ObjectNode container = JsonNodeFactory.instance.objectNode();
        container
                .put("name", Keys.AGENT_CONTAINER)
                .put("image", settings.image())
                .put("imagePullPolicy", settings.pullPolicy())
                .put("restartPolicy", "Always");
        if (holdsBack) {
            container.set("startupProbe", startupProbe());
        }
        AgentResources.of(pod).ifPresent(resources -> container.set("resources", resources));
        container.set("securityContext", securityContext());
        container
                .putArray("volumeMounts")
                .addObject()
                .put("name", NO_TOKEN)
                .put("mountPath", TOKEN_PATH)
                .put("readOnly", true);
        return new AgentTemplate(container, noToken());
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
