package io.github.kubevxlan.controller.watch;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.github.kubevxlan.controller.address.NameKind;
import java.util.List;
import java.util.regex.Pattern;

/** What a pod's metadata tell of its name. */
final class PodNames {
    private static final String STATEFUL_SET = "StatefulSet";
    private static final Pattern NUMBER = Pattern.compile("-[0-9]{1,9}");

    private PodNames() {}

    /** A StatefulSet's pods have a generateName too, but are not named by it. */
    static NameKind kind(ObjectMeta pod) {
        if (owners(pod).stream().anyMatch(owner -> isStatefulSet(owner, pod.getName()))) {
            return NameKind.STATEFUL;
        }
        boolean isGenerated =
                pod.getGenerateName() != null && !pod.getGenerateName().isEmpty();
        return isGenerated || !owners(pod).isEmpty() ? NameKind.PASSING : NameKind.BARE;
    }

    /** Of its owners what {@link #kind} looks at. */
    static List<OwnerReference> kept(ObjectMeta pod) {
        return owners(pod).stream()
                .map(owner -> new OwnerReferenceBuilder()
                        .withKind(owner.getKind())
                        .withName(owner.getName())
                        .withController(owner.getController())
                        .build())
                .toList();
    }

    private static boolean isStatefulSet(OwnerReference owner, String pod) {
        return STATEFUL_SET.equals(owner.getKind())
                && Boolean.TRUE.equals(owner.getController())
                && owner.getName() != null
                && pod.startsWith(owner.getName())
                && NUMBER.matcher(pod.substring(owner.getName().length())).matches();
    }

    private static List<OwnerReference> owners(ObjectMeta pod) {
        return pod.getOwnerReferences() == null ? List.of() : pod.getOwnerReferences();
    }
}
