package io.github.kubevxlan.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.NamespaceList;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HeadStartTest {
    private final CompletableFuture<Boolean> commandGoesOn = new CompletableFuture<>();
    private final Recorder reader = new Recorder();

    @Test
    void readsBesideTheCommandWhatEveryCommandReads() throws InterruptedException {
        HeadStart.begin(reader);
        commandGoesOn.complete(true);

        List<Type> read = new ArrayList<>();
        while (read.size() < 4) {
            read.add(reader.read.take());
        }
        assertEquals(List.of(Deployment.class, ConfigMap.class, PodList.class, NamespaceList.class), read);
    }

    private final class Recorder extends KubernetesSerialization {
        private final BlockingQueue<Type> read = new LinkedBlockingQueue<>();

        private Recorder() {
            super(new ObjectMapper(), false);
        }

        @Override
        public <T> T unmarshal(String json, Class<T> type) {
            assertTrue(commandGoesOn.orTimeout(1, TimeUnit.MINUTES).join(), "the command waits");
            T value = super.unmarshal(json, type);
            read.add(type);
            return value;
        }
    }
}
