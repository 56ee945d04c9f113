package io.github.kubevxlan.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeaseEpochTest {
    private static final String KEY = "vxlan.travelping.com/epoch";
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final long MILLIS = NOW.toEpochMilli();

    @SuppressWarnings("unchecked")
    private final Resource<Lease> resource = mock(Resource.class);

    private Duration elapsed = Duration.ZERO;
    private Lease lease = lease("a", 100, Map.of());
    private int writes;
    private Runnable beforeWrite = () -> {};

    @BeforeEach
    void serve() {
        when(resource.get()).thenAnswer(_ -> lease);
        when(resource.patch(any(PatchContext.class), anyString())).thenAnswer(call -> write(call.getArgument(1)));
    }

    @Test
    void eachLeadersIsHigherThanTheOneBefore() {
        LeaseEpoch first = epoch("a");
        assertTrue(first.begin());
        lease = lease("b", 200, lease.getMetadata().getAnnotations());
        LeaseEpoch second = epoch("b");
        assertTrue(second.begin());

        assertEquals(MILLIS, first.current());
        assertEquals(MILLIS + 1, second.current());
    }

    /** A restore takes the Lease back, and resourceVersions with it; agents have seen what came after the backup. */
    @Test
    void aLeaderAfterARestoreIsAboveAllThatLedBefore() {
        LeaseEpoch before = epoch("a", NOW.minusSeconds(60));
        before.begin();
        lease = lease("b", 50, Map.of());
        LeaseEpoch after = epoch("b");

        after.begin();

        assertTrue(after.current() > before.current());
    }

    @Test
    void whoDoesNotHoldTheLeaseGetsNone() {
        lease = lease("b", 100, Map.of());
        assertFalse(epoch("a").begin());
        assertEquals(0, writes);
    }

    @Test
    void whoLosesTheLeaseMeanwhileGetsNone() {
        beforeWrite = () -> lease = lease("b", 101, Map.of());

        assertFalse(epoch("a").begin());

        assertFalse(lease.getMetadata().getAnnotations().containsKey(KEY));
    }

    @Test
    void aLeaseThatItsHolderRenewsMeanwhileIsReadAgain() {
        beforeWrite = () -> {
            beforeWrite = () -> {};
            lease = lease("a", 101, Map.of(KEY, Long.toString(MILLIS + 7)));
        };
        LeaseEpoch epoch = epoch("a");

        assertTrue(epoch.begin());

        assertEquals(MILLIS + 8, epoch.current());
    }

    @Test
    void anAgentThatHasSeenALaterEpochIsBelieved() {
        LeaseEpoch epoch = epoch("a");
        epoch.begin();

        epoch.refused(MILLIS + 60_000);

        assertEquals(MILLIS + 60_001, epoch.current());
        assertEquals(
                Long.toString(MILLIS + 60_001),
                lease.getMetadata().getAnnotations().get(KEY));
    }

    @Test
    void aLeaderThatLostTheLeaseDoesNotOutdoItsSuccessor() {
        LeaseEpoch epoch = epoch("a");
        epoch.begin();
        lease = lease("b", 200, lease.getMetadata().getAnnotations());

        epoch.refused(MILLIS + 1);

        assertEquals(MILLIS, epoch.current());
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, Long.MAX_VALUE - 1, 4_102_444_800_000L})
    void whatNoLeaderCanHaveHadIsNotBelieved(long absurd) {
        LeaseEpoch epoch = epoch("a");
        epoch.begin();

        epoch.refused(absurd);

        assertEquals(MILLIS, epoch.current());
        assertEquals(1, writes);
    }

    @Test
    void anAgentThatClaimsMoreEachTimeCostsAWriteAMinuteAndADayAhead() {
        LeaseEpoch epoch = epoch("a");
        epoch.begin();
        writes = 0;
        for (int second = 0; second < 600; second++) {
            elapsed = Duration.ofSeconds(second);
            epoch.refused(epoch.current() + 1);
            epoch.refused(epoch.current() + Duration.ofHours(1).toMillis());
        }

        assertEquals(10, writes);
        assertTrue(epoch.current() <= MILLIS + Duration.ofDays(1).toMillis() + 1);
    }

    @Test
    void anAgentThatLiesKeepsNobodyFromBeingBelieved() {
        LeaseEpoch epoch = epoch("a");
        epoch.begin();

        epoch.refused(Long.MAX_VALUE);
        epoch.refused(MILLIS + 5);

        assertEquals(MILLIS + 6, epoch.current());
    }

    /** The operator's way out where an earlier leader's clock was years ahead. */
    @Test
    void whatAnOperatorWroteIsTakenOn() {
        lease = lease("a", 100, Map.of(KEY, "4102444800000"));
        LeaseEpoch epoch = epoch("a");

        epoch.begin();

        assertEquals(4_102_444_800_001L, epoch.current());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-1", "1e3", "99999999999999999999"})
    void whatIsNoEpochIsReplaced(String text) {
        lease = lease("a", 100, Map.of(KEY, text));
        LeaseEpoch epoch = epoch("a");

        epoch.begin();

        assertEquals(MILLIS, epoch.current());
    }

    private LeaseEpoch epoch(String identity) {
        return epoch(identity, NOW);
    }

    private LeaseEpoch epoch(String identity, Instant now) {
        return new LeaseEpoch(resource, identity, KEY, Clock.fixed(now, ZoneOffset.UTC), () -> elapsed);
    }

    private Lease write(String patch) throws Exception {
        beforeWrite.run();
        JsonNode metadata = new ObjectMapper().readTree(patch).path("metadata");
        if (!metadata.path("resourceVersion")
                .asText()
                .equals(lease.getMetadata().getResourceVersion())) {
            throw new KubernetesClientException("the object has been modified", 409, null);
        }
        writes++;
        long version = Long.parseLong(lease.getMetadata().getResourceVersion()) + 1;
        String epoch = metadata.path("annotations").path(KEY).asText();
        lease = lease(lease.getSpec().getHolderIdentity(), version, Map.of(KEY, epoch));
        return lease;
    }

    private static Lease lease(String holder, long version, Map<String, String> annotations) {
        return new LeaseBuilder()
                .withNewMetadata()
                .withResourceVersion(Long.toString(version))
                .withAnnotations(annotations)
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity(holder)
                .endSpec()
                .build();
    }
}
