package io.github.kubevxlan.cli.kube;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.github.kubevxlan.cli.view.EventView;
import io.github.kubevxlan.controller.pod.PodRef;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The last Events on a pod. */
public final class PodEvents {
    private static final int MOST = 10;

    private PodEvents() {}

    /** Reads them, oldest first; one that says which right is missing, where it is. */
    public static List<EventView> of(KubernetesClient client, PodRef pod) {
        try {
            List<EventView> all = client
                    .v1()
                    .events()
                    .inNamespace(pod.namespace())
                    .withField("involvedObject.uid", pod.uid())
                    .list()
                    .getItems()
                    .stream()
                    .map(PodEvents::view)
                    .sorted(Comparator.comparing(EventView::time))
                    .toList();
            return all.subList(Math.max(0, all.size() - MOST), all.size());
        } catch (KubernetesClientException e) {
            Right right = new Right("list", "events", "", pod.namespace());
            return List.of(
                    new EventView("", "", "", String.valueOf(right.failure(e).getMessage())));
        }
    }

    private static EventView view(Event event) {
        return new EventView(time(event), text(event.getType()), text(event.getReason()), text(event.getMessage()));
    }

    /** When it was last seen (RFC 3339); empty if it does not tell. */
    static String time(Event event) {
        return Stream.of(
                        event.getLastTimestamp(),
                        event.getEventTime() == null
                                ? null
                                : event.getEventTime().getTime(),
                        event.getFirstTimestamp())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("");
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
