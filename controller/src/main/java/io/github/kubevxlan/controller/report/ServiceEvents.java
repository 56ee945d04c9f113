package io.github.kubevxlan.controller.report;

import io.github.kubevxlan.common.spec.Problem;
import io.github.kubevxlan.controller.names.NamesEvents;
import io.github.kubevxlan.controller.names.ServiceRef;
import java.util.List;
import java.util.stream.Collectors;

/** Kubernetes Events on Services, in plain words. */
public final class ServiceEvents implements NamesEvents {
    private final EventWriter events;

    /** Takes what writes Events. */
    public ServiceEvents(EventWriter events) {
        this.events = events;
    }

    @Override
    public void refused(ServiceRef service, List<Problem> problems) {
        say(
                service,
                "NamesUnavailable",
                problems.stream()
                        .map(Problem::toString)
                        .collect(Collectors.joining("; ", "the Service gets no overlay addresses: ", "")));
    }

    @Override
    public void unwritten(ServiceRef service, String reason) {
        say(
                service,
                "SlicesNotWritten",
                "the controller can't write the Service's EndpointSlices: the API server says: " + reason);
    }

    private void say(ServiceRef service, String reason, String message) {
        EventWriter.Subject subject =
                new EventWriter.Subject("Service", service.namespace(), service.name(), service.uid());
        events.say(subject, EventWriter.WARNING, reason, message, message, () -> {});
    }
}
