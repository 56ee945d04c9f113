package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Sees every frame that comes in on a pod's link from when it begins until it is closed. */
public final class Frames implements AutoCloseable {
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private final ExecWatch capture;

    private Frames(Pod pod, String link) {
        capture = Shell.begin(pod, Pods.APP, "exec frames " + link, lines);
    }

    /**
     * A frame's header.
     *
     * @param type such as {@code 0806} for ARP
     */
    public record Frame(String destination, String source, String type) {
        public boolean isArp() {
            return type.equals("0806");
        }

        /** Whether it is for a single receiver. */
        public boolean isUnicast() {
            return Integer.parseInt(destination.substring(0, 2), 16) % 2 == 0;
        }
    }

    /** Begins; returns when it watches. */
    public static Frames begin(Pod pod, String link) {
        Frames frames = new Frames(pod, link);
        Await.until(
                "frames are watched",
                () -> frames.text().contains("begun") ? Optional.empty() : Optional.of(frames.text()));
        return frames;
    }

    /** Waits for such a frame. */
    public void await(String what, Predicate<Frame> wanted) {
        Await.until(what, () -> seen().stream().anyMatch(wanted) ? Optional.empty() : Optional.of(seen().toString()));
    }

    /** The frames so far. */
    public List<Frame> seen() {
        return text().lines()
                .map(line -> line.split(" "))
                .filter(words -> words.length == 3)
                .map(words -> new Frame(words[0], words[1], words[2]))
                .toList();
    }

    @Override
    public void close() {
        capture.close();
    }

    private String text() {
        return lines.toString(StandardCharsets.UTF_8);
    }
}
