package io.github.kubevxlan.controller.report;

import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.reconcile.EventRecorder;
import java.util.List;
import java.util.regex.Pattern;

/** Kubernetes Events on pods, in plain words. */
public final class PodEvents implements EventRecorder {
    private static final String WARNING = EventWriter.WARNING;

    /** Numbers differ from try to try; without them the words are the same. */
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");

    private final EventWriter events;
    private final Listener listener;

    /** Gets each Event that is about to be written, once for the same words in a while; must not block. */
    public interface Listener {
        void written(PodRef pod, String reason, String message);
    }

    /** Takes what writes Events, and who else gets them. */
    public PodEvents(EventWriter events, Listener listener) {
        this.events = events;
        this.listener = listener;
    }

    @Override
    public void ready(PodRef pod) {
        say(pod, "Normal", "NetworksReady", "all VXLAN networks are set up");
    }

    @Override
    public void problems(PodRef pod, List<String> problems) {
        say(pod, WARNING, "NetworkUnavailable", String.join("; ", problems));
    }

    @Override
    public void recreated(PodRef pod, List<String> interfaces) {
        say(pod, "Normal", "LinkRecreated", String.join("; ", interfaces));
    }

    @Override
    public void unfiltered(PodRef pod) {
        say(
                pod,
                WARNING,
                "PeerFilterMissing",
                "the pod accepts VXLAN packets from addresses that are no peers, and router advertisements, because"
                        + " its agent has no nft or its node's kernel has no nftables");
    }

    @Override
    public void unsecured(PodRef pod) {
        say(
                pod,
                WARNING,
                "PortSecurityMissing",
                "the pod takes packets that their sender must not send, because its agent or the agent's nft is too old"
                        + " for port security");
    }

    @Override
    public void failing(PodRef pod, String sentence) {
        say(pod, WARNING, "AgentFailed", sentence, NUMBER.matcher(sentence).replaceAll("#"));
    }

    @Override
    public void unwritten(PodRef pod, String reason) {
        say(
                pod,
                WARNING,
                "StatusNotWritten",
                "the controller can't write the pod's status annotation and condition, and gives the pod no address"
                        + " until it can: the API server says: " + reason);
    }

    @Override
    public void noAgent(PodRef pod) {
        say(
                pod,
                WARNING,
                "NoAgent",
                "the pod is labelled for VXLAN networks but has no agent container, which the webhook adds when"
                        + " a pod is created: recreate the pod");
    }

    @Override
    public void hostNetwork(PodRef pod) {
        say(
                pod,
                WARNING,
                "HostNetwork",
                "the pod is labelled for VXLAN networks but uses its node's network, which the controller never"
                        + " touches: set hostNetwork to false or remove the label");
    }

    @Override
    public void windows(PodRef pod) {
        say(
                pod,
                WARNING,
                "Windows",
                "the pod is labelled for VXLAN networks but is for Windows, where the controller sets up no networks:"
                        + " remove the label");
    }

    @Override
    public void staticPod(PodRef pod) {
        say(
                pod,
                WARNING,
                "StaticPod",
                "the pod is labelled for VXLAN networks but is a static pod, which the kubelet runs unchanged from a"
                        + " file, so it can't be a member: remove the label from that file");
    }

    private void say(PodRef pod, String type, String reason, String message) {
        say(pod, type, reason, message, message);
    }

    /** Messages with the same gist are the same words. */
    private void say(PodRef pod, String type, String reason, String message, String gist) {
        EventWriter.Subject subject = new EventWriter.Subject("Pod", pod.namespace(), pod.name(), pod.uid());
        events.say(subject, type, reason, message, gist, () -> listener.written(pod, reason, message));
    }
}
