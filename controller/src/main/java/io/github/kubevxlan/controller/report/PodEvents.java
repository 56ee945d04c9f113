package io.github.kubevxlan.controller.report;

import io.github.kubevxlan.common.spec.Security;
import io.github.kubevxlan.controller.overlay.Refusal;
import io.github.kubevxlan.controller.pod.PodRef;
import io.github.kubevxlan.controller.reconcile.EventRecorder;
import io.github.kubevxlan.controller.reconcile.RefusedPackets;
import java.util.List;
import java.util.regex.Pattern;

/** Kubernetes Events on pods, in plain words. */
public final class PodEvents implements EventRecorder {
    private static final String WARNING = EventWriter.WARNING;
    private static final String FAILED = "AgentFailed";
    private static final String RECOVERED = "AgentRecovered";

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
    public void pathsBroken(PodRef pod, List<String> paths) {
        say(pod, WARNING, "PathBroken", String.join("; ", paths));
    }

    @Override
    public void pathsMended(PodRef pod, List<String> paths) {
        say(pod, "Normal", "PathMended", String.join("; ", paths));
    }

    @Override
    public void unfiltered(PodRef pod) {
        say(
                pod,
                WARNING,
                "PeerFilterMissing",
                "the pod accepts VXLAN packets from addresses that are no peers, and router advertisements and"
                        + " redirects, because its agent has no nft or its node's kernel has no nftables");
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

    /** The receiver pays: what its agent tells may be wrong, and costs no other pod an Event. */
    @Override
    public void refused(PodRef sender, RefusedPackets packets) {
        PodRef receiver = packets.receiver();
        boolean drops = packets.mode() == Security.ON;
        String gist = packets.network() + " " + packets.mode() + " " + packets.reason();
        String message = "network " + packets.network() + ": pod " + receiver
                + (drops ? " drops packets" : " gets packets, and would drop them with security=on,")
                + " that this pod must not send: " + words(packets.reason()) + " (" + packets.reason()
                + "). If the pod has to send them, except it with security-exempt in the network's definition;"
                + " otherwise find out what in it does: vxlan capture pod " + sender.name() + " --namespace "
                + sender.namespace() + " --network " + packets.network() + " -w FILE";
        events.say(
                subject(sender),
                new EventWriter.Payer(receiver.uid() + " receives", receiver.namespace()),
                new EventWriter.Text(WARNING, "PacketsRefused", message, gist),
                () -> listener.written(sender, "PacketsRefused", message));
    }

    private static String words(Refusal reason) {
        return switch (reason) {
            case MAC -> "frames with another source MAC than that of its interface";
            case ADDRESS -> "packets with a source address that is none of its own in the network";
            case ARP -> "ARP that says a MAC or an address which is not its own";
            case ND -> "neighbour discovery about an address that is not its own";
            case ROUTER -> "router advertisements or redirects";
            case DHCP -> "what a DHCP server sends";
            case HIDDEN ->
                "frames with a VLAN tag, or packets whose extension header or fragment hides what is checked";
        };
    }

    @Override
    public void failing(PodRef pod, String sentence) {
        events.forget(pod.uid(), RECOVERED);
        say(pod, WARNING, FAILED, sentence, NUMBER.matcher(sentence).replaceAll("#"));
    }

    /** What is said of a later failure is said anew, however soon it comes. */
    @Override
    public void recovered(PodRef pod) {
        events.forget(pod.uid(), FAILED);
        say(pod, "Normal", RECOVERED, "the agent works again, and the pod follows changes");
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
        events.say(subject(pod), type, reason, message, gist, () -> listener.written(pod, reason, message));
    }

    private static EventWriter.Subject subject(PodRef pod) {
        return new EventWriter.Subject("Pod", pod.namespace(), pod.name(), pod.uid());
    }
}
