package io.github.kubevxlan.controller.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.github.kubevxlan.common.spec.Keys;
import io.github.kubevxlan.controller.pod.PodSnapshot.AgentState;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LastContainerTest {
    private static final PodMapper MAPPER = new PodMapper(new Keys("vxlan.travelping.com"));

    @ParameterizedTest
    @CsvSource({
        "Never,     0 0,       ALONE",
        "Never,     0 3,       ALONE",
        "Never,     0 running, RUNNING",
        "Never,     0 waiting, RUNNING",
        "OnFailure, 0 0,       ALONE",
        "OnFailure, 0 3,       RUNNING",
        "OnFailure, 0 waiting, RUNNING",
        "Always,    0 0,       RUNNING",
    })
    void agentIsAloneWhenNoOtherContainerWillRunAgain(String policy, String apps, AgentState expected) {
        assertEquals(expected, state(pod(policy, "running", apps.split(" "))));
    }

    @Test
    void agentThatDoesNotRunIsNotAlone() {
        assertEquals(AgentState.WAITING, state(pod("Never", "waiting", "0")));
    }

    @Test
    void podOfAgentsAloneIsLeftToItself() {
        assertEquals(AgentState.RUNNING, state(pod("Never", "running")));
    }

    @Test
    void containerWithRestartRulesOfItsOwnMayComeBack() {
        Pod pod = new PodBuilder(pod("Never", "running", "0"))
                .editSpec()
                .addNewContainer()
                .withName("app0")
                .withRestartPolicy("OnFailure")
                .endContainer()
                .endSpec()
                .build();
        assertEquals(AgentState.RUNNING, state(pod));
    }

    @Test
    void nativeSidecarIsLeftToTheKubelet() {
        Pod pod = pod("Never", "running", "0");
        pod.getStatus()
                .setInitContainerStatuses(pod.getStatus().getContainerStatuses().subList(0, 1));
        pod.getStatus()
                .setContainerStatuses(pod.getStatus().getContainerStatuses().subList(1, 2));
        assertEquals(AgentState.RUNNING, state(pod));
    }

    private static AgentState state(Pod pod) {
        return MAPPER.snapshot(MAPPER.stripped(pod)).agent();
    }

    /** The agent comes first; an app's state is its exit code, or a word. */
    private static Pod pod(String policy, String agent, String... apps) {
        PodBuilder pod = new PodBuilder()
                .withNewMetadata()
                .withName("a")
                .endMetadata()
                .withNewSpec()
                .withRestartPolicy(policy)
                .addNewContainer()
                .withName(Keys.AGENT_CONTAINER)
                .endContainer()
                .endSpec()
                .withNewStatus()
                .addNewContainerStatus()
                .withName(Keys.AGENT_CONTAINER)
                .withState(state(agent))
                .endContainerStatus()
                .endStatus();
        Arrays.stream(apps)
                .forEach(app -> pod.editStatus()
                        .addNewContainerStatus()
                        .withName("app")
                        .withState(state(app))
                        .endContainerStatus()
                        .endStatus());
        return pod.build();
    }

    private static ContainerState state(String text) {
        ContainerStateBuilder state = new ContainerStateBuilder();
        return switch (text) {
            case "running" -> state.withNewRunning().endRunning().build();
            case "waiting" -> state.withNewWaiting().endWaiting().build();
            default ->
                state.withNewTerminated()
                        .withExitCode(Integer.parseInt(text))
                        .endTerminated()
                        .build();
        };
    }
}
