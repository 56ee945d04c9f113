package io.github.kubevxlan.common.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What this process takes, in the Prometheus text format; threads and files as Linux tells them (proc(5)). */
final class ProcessMetrics {
    private ProcessMetrics() {}

    static String print() {
        Runtime runtime = Runtime.getRuntime();
        return gauge("threads", "Threads of the system.", entries("task"))
                + gauge("open_files", "Open file descriptors, sockets among them.", entries("fd"))
                + gauge("heap_used_bytes", "Java heap in use.", runtime.totalMemory() - runtime.freeMemory());
    }

    private static String gauge(String name, String help, long value) {
        return "# HELP kube_vxlan_%s %s\n# TYPE kube_vxlan_%1$s gauge\nkube_vxlan_%1$s %d\n"
                .formatted(name, help, value);
    }

    /** 0 where it can't be read. */
    private static long entries(String folder) {
        try (Stream<Path> entries = Files.list(Path.of("/proc/self", folder))) {
            return entries.count();
        } catch (IOException e) {
            return 0;
        }
    }
}
