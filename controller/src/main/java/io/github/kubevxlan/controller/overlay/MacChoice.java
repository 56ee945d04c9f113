package io.github.kubevxlan.controller.overlay;

import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.net.Vni;
import io.github.kubevxlan.controller.address.NameKind;
import io.github.kubevxlan.controller.pod.PodRef;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Which MAC a pod may have in a segment.
 *
 * @param seed what its derived MACs follow from
 * @param derived the one that it has unless another is chosen, or another member has it
 * @param chosen the one that somebody chose for it
 * @param isHeld whether the pod has {@link #first} already, by what is written on it
 */
public record MacChoice(String seed, Mac derived, Optional<Mac> chosen, boolean isHeld) {
    /** Two members of a thousand have one choice with a probability of one in ten thousand. */
    private static final int ATTEMPTS = 3;

    /**
     * A pod whose name returns has a MAC that follows from namespace, name and network; any other has one that follows from
     * UID and VNI, as every pod had it in older versions. A pod that has one of the other kind keeps it: also one whose owner
     * let go of it, or that another owner took.
     *
     * @param network the network's name
     * @param written the MAC that is written on the pod; it counts only if it is one of the pod's own
     */
    public static MacChoice of(PodRef pod, String network, Vni vni, Optional<Mac> chosen, Optional<Mac> written) {
        String ofUid = pod.uid() + "/" + vni;
        String ofName = pod + "/" + network;
        String seed = pod.kind() == NameKind.PASSING ? ofUid : ofName;
        Optional<Mac> own = written.filter(mac -> isOf(ofName, mac) || isOf(ofUid, mac));
        Optional<Mac> held = chosen.isPresent() ? written.filter(chosen.get()::equals) : own;
        return new MacChoice(seed, own.orElseGet(() -> derive(seed, 0)), chosen, held.isPresent());
    }

    /** The one that it has if no other member has it. */
    public Mac first() {
        return chosen.orElse(derived);
    }

    /** Another one, if others have those of earlier attempts. */
    Mac derived(int attempt) {
        return derive(seed, attempt);
    }

    private static boolean isOf(String seed, Mac mac) {
        return Macs.isOurs(mac)
                && IntStream.range(0, ATTEMPTS)
                        .anyMatch(attempt -> derive(seed, attempt).equals(mac));
    }

    private static Mac derive(String seed, int attempt) {
        return Macs.derive(seed + "/" + attempt);
    }
}
