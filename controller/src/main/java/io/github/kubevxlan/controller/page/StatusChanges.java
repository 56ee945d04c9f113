package io.github.kubevxlan.controller.page;

import io.github.kubevxlan.controller.page.PageChange.Kind;
import io.github.kubevxlan.controller.page.PageMembers.Judgement;
import io.github.kubevxlan.controller.pod.NetworkStatus;
import io.github.kubevxlan.controller.pod.ObservedStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What happened to a pod's networks between two states of what is written on it. Pure. */
final class StatusChanges {
    private StatusChanges() {}

    /** One change; about no pod yet. */
    record Found(Kind kind, String network, String text) {}

    static List<Found> between(ObservedStatus before, ObservedStatus after) {
        if (before.status().equals(after.status())) {
            return List.of();
        }
        Map<String, NetworkStatus> last = before.status().byName();
        Map<String, NetworkStatus> now = after.status().byName();
        return Stream.concat(
                        last.keySet().stream()
                                .filter(name -> !now.containsKey(name))
                                .map(name -> new Found(Kind.LEFT, name, "")),
                        after.status().networks().stream()
                                .flatMap(status -> found(
                                        Optional.ofNullable(last.get(status.name()))
                                                .map(was -> Judgement.of(was, before)),
                                        status.name(),
                                        Judgement.of(status, after))
                                        .stream()))
                .toList();
    }

    private static Optional<Found> found(Optional<Judgement> before, String network, Judgement now) {
        if (before.isEmpty()) {
            Kind kind = now.state() == PageState.FAILED ? Kind.FAILED : Kind.JOINED;
            return Optional.of(new Found(kind, network, now.reason()));
        }
        if (before.get().state() == now.state()) {
            return Optional.empty();
        }
        Kind kind = switch (now.state()) {
            case READY -> before.get().state() == PageState.WAITING ? Kind.READY : Kind.REPAIRED;
            case WAITING -> Kind.WAITING;
            case DEGRADED -> Kind.DEGRADED;
            case FAILED -> Kind.FAILED;
        };
        return Optional.of(new Found(kind, network, now.reason()));
    }
}
