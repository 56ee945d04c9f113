package io.github.kubevxlan.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.github.kubevxlan.e2e.harness.Await;
import io.github.kubevxlan.e2e.harness.NetworksPage;
import io.github.kubevxlan.e2e.harness.NetworksPage.Example;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Shell;
import io.github.kubevxlan.e2e.harness.Stage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example of docs/networks.md, as it stands. */
class NetworksDocIT {
    @RegisterExtension
    static final Stage stage = Stage.named("networks-doc");

    private static final Map<String, Pod> PODS = new HashMap<>();

    @BeforeAll
    static void startThemAll() {
        examples().forEach(example -> example.definitions().forEach(stage::define));
        List<Pod> pods = stage.start(examples().stream().map(NetworksDocIT::pod).toArray(Pod[]::new));
        for (int i = 0; i < pods.size(); i++) {
            PODS.put(examples().get(i).option(), pods.get(i));
        }
    }

    static List<Example> examples() {
        return NetworksPage.examples(stage.namespace());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void showsWhatThePageSays(Example example) {
        Pod pod = Optional.ofNullable(PODS.get(example.option())).orElseThrow();
        assertFalse(example.commands().isEmpty(), "something is shown");
        example.commands()
                .forEach(command ->
                        Await.until(command.typed(), () -> command.missing(Shell.inApp(pod, command.typed()))));
        assertEquals(0, Pods.restarts(stage.pod("example-" + example.option()), Pods.APP));
    }

    private static Pod pod(Example example) {
        return new PodBuilder(Pods.member("example-" + example.option(), ""))
                .editMetadata()
                .withAnnotations(example.annotations())
                .endMetadata()
                .build();
    }
}
