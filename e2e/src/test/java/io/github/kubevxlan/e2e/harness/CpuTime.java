package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The CPU time that a container has taken, by its control group: sessions that ended count too. */
public final class CpuTime {
    private static final Path GROUPS = Path.of("/sys/fs/cgroup");

    private CpuTime() {}

    /** All CPU time of a container that runs, since it was started. */
    public static Duration of(Pod pod, String container) {
        try {
            List<String> groups = Files.readAllLines(Path.of("/proc", Lab.process(pod, container), "cgroup"));
            for (String group : groups) {
                String[] fields = group.split(":", 3);
                if (List.of(fields[1].split(",")).contains("cpuacct")) {
                    Path usage = GROUPS.resolve("cpuacct" + fields[2]).resolve("cpuacct.usage");
                    return Duration.ofNanos(
                            Long.parseLong(Files.readString(usage).strip()));
                }
            }
            return unified(groups);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By cgroup v2, whose one line begins with {@code 0::}. */
    private static Duration unified(List<String> groups) throws IOException {
        String path = groups.getLast().substring("0::/".length());
        return Files.readAllLines(GROUPS.resolve(path).resolve("cpu.stat")).stream()
                .filter(line -> line.startsWith("usage_usec "))
                .map(line -> Duration.ofNanos(1000 * Long.parseLong(line.substring("usage_usec ".length()))))
                .findFirst()
                .orElseThrow();
    }
}
