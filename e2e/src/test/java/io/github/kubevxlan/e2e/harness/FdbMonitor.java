package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Sees every change of a pod's forwarding entries from when it begins until it is closed. */
public final class FdbMonitor implements AutoCloseable {
    private final ByteArrayOutputStream changes = new ByteArrayOutputStream();
    private final ExecWatch watching;

    private FdbMonitor(Pod pod) {
        watching = Shell.begin(pod, Pods.APP, "bridge monitor fdb & echo begun; wait", changes);
    }

    /** Begins; returns when it watches. */
    public static FdbMonitor begin(Pod pod) {
        FdbMonitor monitor = new FdbMonitor(pod);
        Await.until(
                "entries are watched",
                () -> monitor.text().contains("begun") ? Optional.empty() : Optional.of(monitor.text()));
        return monitor;
    }

    /** The changes so far of all-zero entries with that destination. */
    public List<String> changesOf(String destination) {
        return text().lines()
                .filter(line -> line.contains("00:00:00:00:00:00") && line.contains("dst " + destination + " "))
                .toList();
    }

    @Override
    public void close() {
        watching.close();
    }

    private String text() {
        return changes.toString(StandardCharsets.UTF_8);
    }
}
