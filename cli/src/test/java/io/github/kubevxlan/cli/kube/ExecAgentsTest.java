package io.github.kubevxlan.cli.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodListBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.server.mock.OutputStreamMessage;
import io.fabric8.kubernetes.client.server.mock.StatusStreamMessage;
import io.github.kubevxlan.cli.state.Clusters;
import io.github.kubevxlan.cli.view.Inspections.Asked;
import io.github.kubevxlan.controller.overlay.DesiredPod;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExecAgentsTest {
    private static final PodSnapshot POD =
            Clusters.member("one", "10.0.0.1", "vxeth1", "").snapshot();
    private static final String STATE = "/api/v1/namespaces/lab/pods/one/exec?command=%2Fvxlan%2Fagent&command=state"
            + "&container=vxlan-controller-agent&stdin=true&stdout=true&stderr=true";

    private final MockCluster cluster = new MockCluster();

    @AfterEach
    void stop() {
        cluster.close();
    }

    @BeforeEach
    void startPod() {
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withName("one")
                .withNamespace("lab")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName(POD.agentContainer())
                .endContainer()
                .endSpec()
                .withNewStatus()
                .addNewCondition()
                .withType("Ready")
                .withStatus("True")
                .endCondition()
                .endStatus()
                .build();
        cluster.server()
                .expect()
                .get()
                .withPath("/api/v1/namespaces/lab/pods/one")
                .andReturn(200, pod)
                .always();
        cluster.server()
                .expect()
                .get()
                .withPath("/api/v1/namespaces/lab/pods?fieldSelector=metadata.name%3Done")
                .andReturn(200, new PodListBuilder().withItems(pod).build())
                .always();
    }

    @Test
    void anExecThatIsRefusedNamesTheRight() {
        cluster.server().expect().get().withPath(STATE).andReturn(403, "").always();

        assertTrue(ask().unasked().startsWith("you lack a right: create pods/exec"), ask().unasked());
    }

    @Test
    void aPodThatMayNotBeReadNamesThatRight() {
        PodSnapshot hidden = Clusters.member("two", "10.0.0.2", "vxeth1", "").snapshot();
        String words = "pods \"two\" is forbidden: User \"u\" cannot get resource \"pods\" in API group \"\"";
        cluster.server()
                .expect()
                .get()
                .withPath("/api/v1/namespaces/lab/pods/two")
                .andReturn(
                        403,
                        new StatusBuilder()
                                .withCode(403)
                                .withReason("Forbidden")
                                .withMessage(words)
                                .build())
                .always();

        String unasked =
                new ExecAgents(cluster.client()).ask(hidden, DesiredPod.NONE).unasked();

        assertTrue(unasked.startsWith("you lack a right: get pods two"), unasked);
    }

    @Test
    void whatAnAgentComplainsAboutIsTold() {
        ends(STATE, "agent state: no such device\n", 1);

        assertEquals("its agent did not answer in full: agent state: no such device", ask().unasked());
    }

    @Test
    void anAgentWithoutOurProgramIsAskedByItsShell() {
        ExecAgents agents = new ExecAgents((_, input, command) -> switch (command.getFirst()) {
            case "sh" -> new PodExec.Ended(input.isEmpty() ? "" : "sh: ip: not found\n", 0);
            default -> new PodExec.Ended("", 126);
        });

        assertEquals(
                "its agent did not answer in full: sh: ip: not found",
                agents.ask(POD, DesiredPod.NONE).unasked());
    }

    private Asked ask() {
        return new ExecAgents(cluster.client()).ask(POD, DesiredPod.NONE);
    }

    private void ends(String path, String output, int status) {
        cluster.server()
                .expect()
                .get()
                .withPath(path)
                .andUpgradeToWebSocket()
                .open(new OutputStreamMessage(output), new StatusStreamMessage(status))
                .done()
                .always();
    }
}
