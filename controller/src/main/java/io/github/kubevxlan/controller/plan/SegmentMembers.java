package io.github.kubevxlan.controller.plan;

import io.github.kubevxlan.common.net.IpAddr;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who is in one segment now. The set of VTEPs is made anew only when it is asked for after a change. */
final class SegmentMembers {
    private final Map<String, IpAddr> vtepByUid = new HashMap<>();
    private List<IpAddr> outside = List.of();
    private @Nullable Vteps vteps;

    /** Takes a member and the segment's VTEPs outside the cluster; tells whether anything changed. */
    boolean put(String uid, IpAddr vtep, List<IpAddr> peers) {
        boolean same = vtep.equals(vtepByUid.put(uid, vtep)) && peers.equals(outside);
        outside = peers;
        if (!same) {
            vteps = null;
        }
        return !same;
    }

    void remove(String uid) {
        vtepByUid.remove(uid);
        vteps = null;
    }

    boolean isEmpty() {
        return vtepByUid.isEmpty();
    }

    Set<String> uids() {
        return vtepByUid.keySet();
    }

    Vteps vteps() {
        Vteps known = vteps;
        if (known == null) {
            List<IpAddr> all = new ArrayList<>(vtepByUid.values());
            all.addAll(outside);
            known = Vteps.of(all);
            vteps = known;
        }
        return known;
    }
}
