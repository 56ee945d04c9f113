package io.github.kubevxlan.cli.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

class PodExecTest {
    /** The client throws an exception of its own where the connection is gone. */
    @Test
    void aConnectionThatIsGoneIsAFailureOfTheCommand() {
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int single) {
                throw new KubernetesClientException("closed");
            }
        };
        ExecWatch watch = (ExecWatch) Proxy.newProxyInstance(
                PodExecTest.class.getClassLoader(), new Class<?>[] {ExecWatch.class}, (_, _, _) -> gone);
        PodExec exec = new PodExec("lab/one", watch, new BoundedOutput(1));

        CommandFailure failure = assertThrows(CommandFailure.class, () -> exec.write("state"));

        assertEquals("exec in the agent of pod lab/one failed: closed", failure.getMessage());
    }
}
