package io.github.kubevxlan.controller.registry;

import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.controller.overlay.Macs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The link-local addresses that members declare and that others have, since the kernel makes them of their MACs.
 *
 * @param holders the UID of the member that has each
 */
record LinkLocals(Map<IpAddr, String> holders) {
    static final LinkLocals NONE = new LinkLocals(Map.of());

    LinkLocals {
        holders = Map.copyOf(holders);
    }

    /** Finds them among what members declare. */
    static LinkLocals of(Set<IpAddr> declared, Map<String, Mac> macs) {
        if (declared.isEmpty()) {
            return NONE;
        }
        Map<IpAddr, String> holders = new HashMap<>();
        macs.forEach((uid, mac) -> {
            IpAddr address = Macs.linkLocal(mac);
            if (declared.contains(address)) {
                holders.put(address, uid);
            }
        });
        return new LinkLocals(holders);
    }

    /** Those of what a member declares that another has, with the UID of that one. */
    Map<IpAddr, String> ofOthers(String uid, List<IpAddr> declared) {
        return holders.isEmpty()
                ? Map.of()
                : declared.stream()
                        .filter(address -> Optional.ofNullable(holders.get(address))
                                .filter(holder -> !holder.equals(uid))
                                .isPresent())
                        .collect(Collectors.toMap(address -> address, holders::get));
    }
}
