package io.github.kubevxlan.cli.doctor;

import io.github.kubevxlan.cli.state.ApiNames;
import io.github.kubevxlan.cli.state.PodFacts;
import io.github.kubevxlan.cli.state.PodFacts.Owner;
import io.github.kubevxlan.cli.state.Release;
import io.github.kubevxlan.common.spec.Keys;
import java.util.Set;

/** The kubectl commands that make a pod anew, as it was or changed. Nobody else makes a pod that has no owner. */
public final class PodCommands {
    private static final Set<String> TEMPLATED = Set.of("deployment", "statefulset", "daemonset", "replicaset");

    private final PodFacts pod;
    private final Release release;
    private final String kubectl;
    private final String name;

    /** Takes the pod, and the release that knows how to reach the cluster. */
    public PodCommands(PodFacts pod, Release release) {
        this.pod = pod;
        this.release = release;
        this.kubectl = release.kubectl(pod.snapshot().ref().namespace());
        this.name = pod.snapshot().ref().name();
    }

    /** Makes it anew from the same manifest. */
    public String recreate() {
        if (pod.manifest().owner().isPresent()) {
            return delete();
        }
        return pod.manifest().wasDebugged()
                ? replaced("{\"spec\":{\"ephemeralContainers\":null}}")
                : read() + replace();
    }

    /** Makes it anew with the capability that an agent needs in its agent container. */
    public String recreateWithCapability() {
        return changed(
                "",
                "{\"name\":\"" + Keys.AGENT_CONTAINER
                        + "\",\"securityContext\":{\"capabilities\":{\"add\":[\"NET_ADMIN\"]}}}");
    }

    /** Makes it anew without its own agent container, so that the webhook adds one. */
    public String recreateWithoutAgent(Keys keys) {
        return changed(
                "\"metadata\":{\"annotations\":{\"" + keys.inject() + "\":null}},",
                "{\"name\":\"" + Keys.AGENT_CONTAINER + "\",\"$patch\":\"delete\"}");
    }

    /** A patch merges lists of containers by the containers' names. */
    private String changed(String metadata, String container) {
        String patch = "{" + metadata + "\"spec\":{%s\"" + pod.manifest().agentField() + "\":[" + container + "]}}";
        return pod.manifest()
                .owner()
                .map(owner -> changed(owner, patch.formatted("")))
                .orElseGet(() ->
                        replaced(patch.formatted(pod.manifest().wasDebugged() ? "\"ephemeralContainers\":null," : "")));
    }

    private String replaced(String patch) {
        return read() + " | kubectl patch --local --filename - --output yaml --patch '" + patch + "'" + replace();
    }

    private String changed(Owner owner, String patch) {
        if (!ApiNames.isKind(owner.kind()) || !ApiNames.isName(owner.name())) {
            return kubectl + " describe pod " + name;
        }
        String target = owner.kind() + " " + owner.name();
        if (!TEMPLATED.contains(owner.kind())) {
            return kubectl + " edit " + target;
        }
        String patched = kubectl + " patch " + target + " --patch '{\"spec\":{\"template\":" + patch + "}}'";
        return owner.kind().equals("deployment") || owner.kind().equals("daemonset")
                ? patched
                : patched + " && " + delete();
    }

    private String delete() {
        return kubectl + " delete pod " + name;
    }

    private String read() {
        return kubectl + " get pod " + name + " --output yaml";
    }

    private String replace() {
        return " | " + release.kubectlAnywhere() + " replace --force --filename -";
    }
}
