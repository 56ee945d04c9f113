package io.github.kubevxlan.controller.watch;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.github.kubevxlan.controller.names.PodNames;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Converts a pod of the API into what its names are made of. */
final class PodNamesMapper {
    private static final String READY = "Ready";

    private final PodMapper mapper;

    PodNamesMapper(PodMapper mapper) {
        this.mapper = mapper;
    }

    /** A pod that {@link #stripped} gave; empty for one that is over. */
    Optional<PodNames> names(Pod pod) {
        PodSnapshot snapshot = mapper.snapshot(pod);
        if (snapshot.finished()) {
            return Optional.empty();
        }
        return Optional.of(new PodNames(
                snapshot.ref(),
                new PodNames.Spec(
                        snapshot.node(),
                        Optional.ofNullable(pod.getSpec().getHostname()).orElse("")),
                Optional.ofNullable(pod.getMetadata().getLabels()).orElse(Map.of()),
                new PodNames.Conditions(
                        conditions(pod).anyMatch(condition -> "True".equals(condition.getStatus())),
                        pod.getMetadata().getDeletionTimestamp() != null),
                snapshot.observedStatus().status().networks()));
    }

    /** Keeps of a pod what a name takes, beside what {@link PodMapper#stripped} keeps. */
    Pod stripped(Pod pod) {
        Pod small = mapper.stripped(pod);
        PodBuilder more = new PodBuilder(small)
                .editMetadata()
                .withLabels(pod.getMetadata().getLabels())
                .endMetadata()
                .editSpec()
                .withHostname(pod.getSpec().getHostname())
                .endSpec();
        if (small.getStatus() != null) {
            List<PodCondition> kept = new ArrayList<>(small.getStatus().getConditions());
            conditions(pod)
                    .map(condition -> {
                        PodCondition ready = new PodCondition();
                        ready.setType(READY);
                        ready.setStatus(condition.getStatus());
                        return ready;
                    })
                    .forEach(kept::add);
            more.editStatus().withConditions(kept).endStatus();
        }
        return more.build();
    }

    private static Stream<PodCondition> conditions(Pod pod) {
        return Stream.ofNullable(pod.getStatus())
                .map(PodStatus::getConditions)
                .flatMap(List::stream)
                .filter(condition -> READY.equals(condition.getType()));
    }
}
