package io.github.kubevxlan.controller;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.RETURNS_DEEP_STUBS;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.github.kubevxlan.controller.reconcile.Surroundings;
import io.github.kubevxlan.controller.simulation.SimulatedTime;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InitialNetworksTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    private final SimulatedTime time = new SimulatedTime(new Random(1));
    private final KubernetesClient client = mock(KubernetesClient.class, RETURNS_DEEP_STUBS);

    @SuppressWarnings("unchecked")
    private final Resource<ConfigMap> configMap = mock(Resource.class);

    @Test
    void triesUntilTheConfigMapIsMade() {
        when(configMap.create())
                .thenThrow(new KubernetesClientException("refused"))
                .thenThrow(new KubernetesClientException("forbidden", 403, null))
                .thenReturn(new ConfigMap());

        create();

        verify(configMap, times(3)).create();
    }

    @Test
    void leavesAloneWhatIsThere() {
        when(configMap.create()).thenThrow(new KubernetesClientException("exists", 409, null));

        create();

        verify(configMap, times(1)).create();
    }

    private void create() {
        when(client.configMaps().resource(any(ConfigMap.class))).thenReturn(configMap);
        time.execute(new InitialNetworks(
                client,
                ControllerConfig.read(Map.of()),
                new Surroundings(time, time.timer, time, new Random(1), LONG, LONG)));
        time.pass(LONG);
    }
}
