package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * Sees every change of a pod's forwarding entries, neighbours and packet filters from when it begins until it is closed,
 * through tools of this machine. Each of the three tells in order: what was changed before a mark of ours is told before it.
 */
public final class OverlayMonitor implements AutoCloseable {
    private final ByteArrayOutputStream changes = new ByteArrayOutputStream();
    private final Pod pod;
    private final String link;
    private final Lab.Begun watching;
    private int marks;

    private OverlayMonitor(Pod pod, String link) {
        this.pod = pod;
        this.link = link;
        watching =
                Lab.beginInPod(pod, "/sbin/bridge monitor fdb & /sbin/ip monitor neigh & nft monitor & wait", changes);
    }

    /** Begins; returns when it watches. Marks are made on that link. */
    public static OverlayMonitor begin(Pod pod, String link) {
        OverlayMonitor monitor = new OverlayMonitor(pod, link);
        monitor.awaitMark();
        return monitor;
    }

    /**
     * The changes so far that have one of these words in them: an address or a MAC. Those of forwarding entries, which
     * {@code ip} tells of as neighbours once more, count once.
     */
    public List<String> changesOf(String... words) {
        awaitMark();
        return text().lines()
                .filter(line -> !line.contains(" NOARP "))
                .filter(line -> Stream.of(line.split("[ ,]+")).anyMatch(List.of(words)::contains))
                .toList();
    }

    @Override
    public void close() {
        watching.close();
    }

    private void awaitMark() {
        Await.until("all changes are told", () -> {
            marks++;
            makeMark();
            return Stream.of("02:00:00:00:99:%02x", "02:00:00:00:98:%02x", "delete table inet e2e-mark-%02x")
                    .map(mark -> mark.formatted(marks))
                    .filter(mark -> !text().contains(mark))
                    .findFirst()
                    .map(mark -> "no " + mark + " in " + text());
        });
    }

    /** Changes of our own, a kind each, which are none of the controller's business. */
    private void makeMark() {
        Lab.inPod(pod, """
            set -e
            /sbin/bridge fdb replace 02:00:00:00:99:%1$02x dev %2$s dst 192.0.2.99
            /sbin/bridge fdb del 02:00:00:00:99:%1$02x dev %2$s dst 192.0.2.99
            /sbin/ip neigh replace 192.0.2.99 lladdr 02:00:00:00:98:%1$02x dev %2$s nud permanent
            /sbin/ip neigh del 192.0.2.99 dev %2$s
            nft 'add table inet e2e-mark-%1$02x; delete table inet e2e-mark-%1$02x'
            """.formatted(marks, link));
    }

    private String text() {
        return changes.toString(StandardCharsets.UTF_8);
    }
}
