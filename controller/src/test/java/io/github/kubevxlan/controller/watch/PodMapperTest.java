package io.github.kubevxlan.controller.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodOS;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.github.kubevxlan.common.net.Family;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.controller.address.NameKind;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import io.github.kubevxlan.controller.pod.PodSnapshot.AgentState;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodMapperTest {
    private static final PodMapper MAPPER = new PodMapper(new Keys("vxlan.travelping.com"));

    @ParameterizedTest
    @CsvSource({
        "true, false, RUNNING, vxlan-controller-agent-init, init-id",
        "false, true, RUNNING, vxlan-controller-agent, agent-id",
        "true, true, RUNNING, vxlan-controller-agent, agent-id",
        "false, false, WAITING, vxlan-controller-agent, ''",
    })
    void takesWhicheverAgentRunsInClassicMode(
            boolean initRuns, boolean agentRuns, AgentState state, String container, String id) {
        PodSnapshot snapshot = MAPPER.snapshot(MAPPER.stripped(classic(initRuns, agentRuns)));
        assertEquals(state, snapshot.agent());
        assertEquals(container, snapshot.agentContainer());
        assertEquals(id, snapshot.agentId());
    }

    @ParameterizedTest
    @CsvSource({
        "db-0, '', '', '', BARE",
        "db-0, db-, '', '', PASSING",
        "db-0, db-, StatefulSet, db, STATEFUL",
        "db-0, '', StatefulSet, db, STATEFUL",
        "db-x, db-, StatefulSet, db, PASSING",
        "db-0, '', StatefulSet, d, PASSING",
        "db-7d9-x2x, db-7d9-, ReplicaSet, db-7d9, PASSING",
        "db-0, '', Job, db, PASSING",
    })
    void tellsWhetherAPodsNameReturnsAlsoOfACachedOne(
            String name, String generateName, String ownersKind, String owner, NameKind kind) {
        Pod pod = new PodBuilder(classic(false, true))
                .editMetadata()
                .withName(name)
                .withGenerateName(generateName.isEmpty() ? null : generateName)
                .withOwnerReferences(
                        owner.isEmpty()
                                ? List.of()
                                : List.of(new OwnerReferenceBuilder()
                                        .withKind(ownersKind)
                                        .withName(owner)
                                        .withUid("owner")
                                        .withController(true)
                                        .build()))
                .endMetadata()
                .build();

        assertEquals(kind, MAPPER.snapshot(pod).ref().kind());
        assertEquals(kind, MAPPER.snapshot(MAPPER.stripped(pod)).ref().kind());
    }

    @Test
    void podForWindowsIsNeverTouchedHoweverItSaysSo() {
        Pod byOs = new PodBuilder(classic(false, true))
                .editSpec()
                .withNewOs("windows")
                .endSpec()
                .build();
        Pod bySelector = new PodBuilder(classic(false, true))
                .editSpec()
                .addToNodeSelector("kubernetes.io/os", "windows")
                .endSpec()
                .build();
        Pod byAffinity = new PodBuilder(classic(false, true))
                .editSpec()
                .withNewAffinity()
                .withNewNodeAffinity()
                .withNewRequiredDuringSchedulingIgnoredDuringExecution()
                .addNewNodeSelectorTerm()
                .addToMatchExpressions(new NodeSelectorRequirement("kubernetes.io/os", "NotIn", List.of("linux")))
                .endNodeSelectorTerm()
                .endRequiredDuringSchedulingIgnoredDuringExecution()
                .endNodeAffinity()
                .endAffinity()
                .endSpec()
                .build();
        Pod byOptions = new PodBuilder(classic(false, true))
                .editSpec()
                .editFirstContainer()
                .withNewSecurityContext()
                .withNewWindowsOptions()
                .withRunAsUserName("ContainerUser")
                .endWindowsOptions()
                .endSecurityContext()
                .endContainer()
                .endSpec()
                .build();
        for (Pod pod : List.of(byOs, bySelector, byAffinity, byOptions)) {
            PodSnapshot snapshot = MAPPER.snapshot(MAPPER.stripped(pod));
            assertEquals(AgentState.OF_WINDOWS, snapshot.agent());
            assertFalse(snapshot.reachable());
        }
    }

    @Test
    void podForLinuxIsTouchedHoweverItSaysSo() {
        Pod pod = new PodBuilder(classic(false, true))
                .editSpec()
                .withOs(new PodOS("linux"))
                .addToNodeSelector("kubernetes.io/os", "linux")
                .withNewSecurityContext()
                .withNewWindowsOptions()
                .endWindowsOptions()
                .endSecurityContext()
                .withNewAffinity()
                .withNewNodeAffinity()
                .endNodeAffinity()
                .endAffinity()
                .endSpec()
                .build();
        assertEquals(AgentState.RUNNING, MAPPER.snapshot(MAPPER.stripped(pod)).agent());
    }

    @Test
    void mirrorOfAStaticPodIsNeverTouched() {
        Pod mirror = new PodBuilder(classic(false, true))
                .editMetadata()
                .addToAnnotations("kubernetes.io/config.mirror", "0f1e")
                .endMetadata()
                .build();
        PodSnapshot snapshot = MAPPER.snapshot(MAPPER.stripped(mirror));
        assertEquals(AgentState.OF_STATIC_POD, snapshot.agent());
        assertFalse(snapshot.reachable());
    }

    @Test
    void ofAPodWithoutAnAgentThatWaitsToStartNothingIsKeptButItsName() {
        Pod strange = new PodBuilder(classic(true, true))
                .editSpec()
                .withInitContainers()
                .withContainers()
                .addNewContainer()
                .withName("app")
                .endContainer()
                .endSpec()
                .build();

        Pod kept = MAPPER.strippedUnlessOurs(strange);

        assertEquals(AgentState.NONE, MAPPER.snapshot(kept).agent());
        assertEquals(MAPPER.snapshot(strange).ref(), MAPPER.snapshot(kept).ref());
        assertEquals(
                strange.getMetadata().getResourceVersion(), kept.getMetadata().getResourceVersion());
        assertNull(kept.getStatus());
        assertEquals(MAPPER.stripped(classic(true, true)), MAPPER.strippedUnlessOurs(classic(true, true)));
    }

    @Test
    void keepsAnAddressOfEachFamilyThePrimaryOneFirst() {
        Pod pod = new PodBuilder(classic(false, true))
                .editStatus()
                .withPodIP("10.244.1.7")
                .addNewPodIP("10.244.1.7")
                .addNewPodIP("fd00:244::7")
                .endStatus()
                .build();
        PodSnapshot snapshot = MAPPER.snapshot(MAPPER.stripped(pod));
        assertEquals(List.of(IpAddr.parse("10.244.1.7"), IpAddr.parse("fd00:244::7")), snapshot.ips());
        assertEquals(IpAddr.parse("10.244.1.7"), snapshot.primary());
        assertEquals(Optional.of(IpAddr.parse("fd00:244::7")), snapshot.vtep(Optional.of(Family.IPV6)));
        assertEquals(
                List.of(), MAPPER.snapshot(MAPPER.stripped(classic(true, true))).ips());
    }

    @Test
    void aPodIsEndingFromItsDeletionOnAlsoOfACachedOne() {
        Pod deleted = new PodBuilder(classic(false, true))
                .editMetadata()
                .withDeletionTimestamp("2026-01-01T00:00:00Z")
                .endMetadata()
                .build();

        assertTrue(MAPPER.snapshot(MAPPER.stripped(deleted)).ending());
        assertFalse(MAPPER.snapshot(deleted).finished());
        assertFalse(MAPPER.snapshot(classic(false, true)).ending());
    }

    private static Pod classic(boolean initRuns, boolean agentRuns) {
        PodBuilder pod = new PodBuilder()
                .withNewMetadata()
                .withName("a")
                .endMetadata()
                .withSpec(new PodSpecBuilder()
                        .addNewInitContainer()
                        .withName("vxlan-controller-agent-init")
                        .endInitContainer()
                        .addNewContainer()
                        .withName("vxlan-controller-agent")
                        .endContainer()
                        .build())
                .withNewStatus()
                .addNewInitContainerStatus()
                .withName("vxlan-controller-agent-init")
                .withContainerID("init-id")
                .withNewState()
                .endState()
                .endInitContainerStatus()
                .addNewContainerStatus()
                .withName("vxlan-controller-agent")
                .withContainerID("agent-id")
                .withNewState()
                .endState()
                .endContainerStatus()
                .endStatus();
        if (initRuns) {
            pod.editStatus()
                    .editFirstInitContainerStatus()
                    .editState()
                    .withNewRunning()
                    .endRunning()
                    .endState()
                    .endInitContainerStatus()
                    .endStatus();
        }
        if (agentRuns) {
            pod.editStatus()
                    .editFirstContainerStatus()
                    .editState()
                    .withNewRunning()
                    .endRunning()
                    .endState()
                    .endContainerStatus()
                    .endStatus();
        }
        return pod.build();
    }
}
