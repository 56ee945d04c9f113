package io.github.kubevxlan.cli.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.github.kubevxlan.cli.doctor.Facts.Warning;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgentEventsTest {
    private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");
    private static final Instant LONG_AGO = NOON.minusSeconds(1000);
    private static final Map<String, String> PODS = Map.of("u1", "lab/one", "u2", "lab/two");
    private static final Warning FAILED = new Warning("lab/one", "AgentFailed", "it failed");
    private static final Warning UNFILTERED = new Warning("lab/two", "PeerFilterMissing", "it failed");

    @Test
    void anEventOnAPodThatIsThereCountsOnce() {
        assertEquals(
                List.of(FAILED, UNFILTERED),
                warnings(
                        LONG_AGO,
                        event("AgentFailed", "u1", NOON),
                        event("AgentFailed", "u1", NOON.plusSeconds(5)),
                        event("PeerFilterMissing", "u2", NOON)));
    }

    @Test
    void anEventOnAnEarlierPodOfTheNameDoesNot() {
        assertEquals(List.of(), warnings(LONG_AGO, event("AgentFailed", "u0", NOON)));
    }

    @Test
    void anEventOfLongAgoOrWithoutATimeDoesNot() {
        Event timeless = new EventBuilder(event("AgentFailed", "u1", NOON))
                .withLastTimestamp(null)
                .build();

        assertEquals(List.of(), warnings(LONG_AGO, event("AgentFailed", "u1", LONG_AGO), timeless));
    }

    @Test
    void anEventWithoutAMessageCounts() {
        Event silent = new EventBuilder(event("AgentFailed", "u1", NOON))
                .withMessage(null)
                .build();

        assertEquals(
                List.of(new Warning("lab/one", "AgentFailed", "its Event has no message")), warnings(LONG_AGO, silent));
    }

    @Test
    void aFailureBeforeARecoveryDoesNotAndOneAfterTheLastDoes() {
        Event first = event("AgentFailed", "u1", NOON);
        Event early = event("AgentRecovered", "u1", NOON.plusSeconds(1));
        Event late = event("AgentRecovered", "u1", NOON.plusSeconds(3));

        assertEquals(List.of(), warnings(LONG_AGO, first, late, early));
        assertEquals(
                List.of(), warnings(LONG_AGO, first, late, early, event("AgentFailed", "u1", NOON.plusSeconds(2))));
        assertEquals(
                List.of(FAILED),
                warnings(LONG_AGO, first, late, early, event("AgentFailed", "u1", NOON.plusSeconds(4))));
    }

    @Test
    void theRecoveryOfAnotherPodChangesNothing() {
        assertEquals(
                List.of(FAILED),
                warnings(
                        LONG_AGO,
                        event("AgentFailed", "u1", NOON),
                        event("AgentRecovered", "u2", NOON.plusSeconds(1))));
    }

    @Test
    void whatAnEarlierLeaderSaidOfFailuresDoesNotCountAndEventsHaveWholeSeconds() {
        Instant led = NOON.plusMillis(700);

        assertEquals(List.of(FAILED), warnings(led, event("AgentFailed", "u1", NOON)));
        assertEquals(List.of(), warnings(led, event("AgentFailed", "u1", NOON.minusSeconds(1))));
        assertEquals(List.of(UNFILTERED), warnings(led, event("PeerFilterMissing", "u2", NOON.minusSeconds(1))));
    }

    private static List<Warning> warnings(Instant led, Event... events) {
        return AgentEvents.warnings(List.of(events), PODS, LONG_AGO, led);
    }

    private static Event event(String reason, String uid, Instant last) {
        return new EventBuilder()
                .withReason(reason)
                .withMessage("it failed")
                .withLastTimestamp(last.toString())
                .withNewInvolvedObject()
                .withUid(uid)
                .endInvolvedObject()
                .build();
    }
}
