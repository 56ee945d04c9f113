package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a process of ours holds in its heap and still needs: the JVM collects all else and prints the rest into its log
 * when it gets SIGQUIT.
 *
 * @param classes the bytes that the instances of each class take, under its name
 */
public record LiveHeap(Map<String, Long> classes) {
    private static final int MOST_TOLD = 12;
    /** What a collection leaves where it moved nothing: dead. */
    private static final String FILLER = "FillerElement";

    private static final String HEAD = "\n num  ";
    private static final String FOOT = "\nTotal ";
    private static final Pattern ROW =
            Pattern.compile("^ +\\d+: +\\d+ +(?<bytes>\\d+) +(?<name>\\S+)", Pattern.MULTILINE);

    /** Asks the one process of a pod, and waits for what it says. */
    public static LiveHeap of(Pod pod) {
        int before = printed(pod).size();
        Lab.signal("QUIT", pod, pod.getSpec().getContainers().getFirst().getName());
        Await.until(
                pod.getMetadata().getName() + " prints what its heap holds",
                () -> printed(pod).size() > before ? Optional.empty() : Optional.of("it has not"));
        return new LiveHeap(ROW.matcher(printed(pod).getLast())
                .results()
                .filter(row -> !row.group("name").contains(FILLER))
                .collect(Collectors.toMap(
                        row -> row.group("name"), row -> Long.parseLong(row.group("bytes")), Long::sum)));
    }

    /** The bytes of all. */
    public long bytes() {
        return classes.values().stream().mapToLong(bytes -> bytes).sum();
    }

    /** The classes whose instances take the most bytes more than they did, a line each. */
    public String growthSince(LiveHeap before) {
        return classes.keySet().stream()
                .filter(name -> growth(name, before) > 0)
                .sorted(Comparator.comparingLong((String name) -> growth(name, before))
                        .reversed())
                .limit(MOST_TOLD)
                .map(name -> "%+9d %s".formatted(growth(name, before), name))
                .collect(Collectors.joining("\n", "\n", "\n"));
    }

    private long growth(String name, LiveHeap before) {
        return classes.getOrDefault(name, 0L) - before.classes.getOrDefault(name, 0L);
    }

    private static List<String> printed(Pod pod) {
        return Arrays.stream(Cluster.log(pod).split(HEAD))
                .skip(1)
                .filter(text -> text.contains(FOOT))
                .map(text -> text.substring(0, text.indexOf(FOOT)))
                .toList();
    }
}
