package io.github.kubevxlan.cli.kube;

import io.fabric8.kubernetes.api.model.Event;
import io.github.kubevxlan.cli.doctor.Facts;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Which of the Events about agents still count. Pure. */
final class AgentEvents {
    private static final String FAILED = "AgentFailed";
    private static final String RECOVERED = "AgentRecovered";

    /** The reasons of the Events to read. */
    static final List<String> REASONS = List.of(FAILED, "PeerFilterMissing", "PacketsRefused", RECOVERED);

    private AgentEvents() {}

    /**
     * Events on pods that are there now, so not on earlier ones of their names. A new leader says again which agents
     * fail, so what earlier ones said no longer counts, nor what was said before an agent recovered.
     *
     * @param names the pods' names by their UIDs
     * @param after Events of this time and earlier ones do not count
     * @param led when the leader took over
     */
    static List<Facts.Warning> warnings(List<Event> events, Map<String, String> names, Instant after, Instant led) {
        Map<String, Instant> recovered = events.stream()
                .filter(event -> event.getReason().equals(RECOVERED))
                .collect(Collectors.toMap(
                        AgentEvents::uid, AgentEvents::time, (one, other) -> one.isAfter(other) ? one : other));
        return events.stream()
                .filter(event -> !event.getReason().equals(RECOVERED))
                .filter(event -> names.containsKey(uid(event)))
                .filter(event -> time(event).isAfter(after))
                .filter(event -> !event.getReason().equals(FAILED)
                        || (time(event).isAfter(recovered.getOrDefault(uid(event), Instant.EPOCH))
                                && !time(event).isBefore(led.truncatedTo(ChronoUnit.SECONDS))))
                .map(event -> new Facts.Warning(
                        names.getOrDefault(uid(event), ""),
                        event.getReason(),
                        Objects.requireNonNullElse(event.getMessage(), "its Event has no message")))
                .distinct()
                .toList();
    }

    private static String uid(Event event) {
        return Objects.requireNonNullElse(event.getInvolvedObject().getUid(), "");
    }

    private static Instant time(Event event) {
        try {
            return Instant.parse(PodEvents.time(event));
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }
}
