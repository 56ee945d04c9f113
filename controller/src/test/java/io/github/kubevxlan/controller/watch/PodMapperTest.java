package io.github.kubevxlan.controller.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.github.kubevxlan.common.net.Family;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.controller.plan.PodSnapshot;
import io.github.kubevxlan.controller.plan.PodSnapshot.AgentState;
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
        for (Pod pod : List.of(byOs, bySelector)) {
            PodSnapshot snapshot = MAPPER.snapshot(MAPPER.stripped(pod));
            assertEquals(AgentState.OF_WINDOWS, snapshot.agent());
            assertFalse(snapshot.reachable());
        }
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
