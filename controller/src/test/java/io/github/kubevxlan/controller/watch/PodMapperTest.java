package io.github.kubevxlan.controller.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.controller.plan.PodSnapshot;
import io.github.kubevxlan.controller.plan.PodSnapshot.AgentState;
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
