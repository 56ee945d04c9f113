package io.github.kubevxlan.cli.command;

import io.github.kubevxlan.cli.capture.Capture;
import io.github.kubevxlan.cli.kube.Captures;
import io.github.kubevxlan.cli.kube.CommandFailure;
import io.github.kubevxlan.cli.kube.Parallel;
import io.github.kubevxlan.cli.state.ClusterState;
import io.github.kubevxlan.cli.state.Overlay;
import io.github.kubevxlan.cli.state.PodFacts;
import io.github.kubevxlan.cli.view.Table;
import io.github.kubevxlan.common.util.Reason;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.Target;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Captures packets on interfaces of pods, in one file. */
abstract class CaptureCommand extends ClusterCommand {
    private static final long UNTIL_TOLD = Long.MAX_VALUE;
    private static final int LAST_SECONDS = 10;

    @Option(
            names = {"-w", "--write"},
            required = true,
            paramLabel = "FILE",
            description = "The pcapng to write; - for standard output.")
    private String file = "";

    @Option(names = "--duration", paramLabel = "SECONDS", description = "How long to capture (default: until Ctrl-C).")
    private long duration = UNTIL_TOLD;

    @Option(
            names = "--image",
            paramLabel = "IMAGE",
            description = "Image of the capturing containers (default: that of each pod's agent).")
    private String image = "";

    CaptureCommand(Terminal terminal) {
        super(terminal);
    }

    /** An interface of a pod. */
    record Tap(PodFacts pod, String link) {}

    /** Where to capture; not empty. */
    abstract List<Tap> taps(Cluster cluster, ClusterState state);

    static Stream<Tap> taps(Overlay overlay, PodFacts pod, String network) {
        return overlay.target(pod.snapshot().ref().uid()).map(Target::desired).stream()
                .flatMap(desired -> desired.links().stream())
                .filter(link -> network.isEmpty() || link.network().name().equals(network))
                .map(DesiredLink::name)
                .map(link -> new Tap(pod, link.value()));
    }

    @Override
    final int run(Cluster cluster) {
        List<Tap> taps = taps(cluster, cluster.readForComparison());
        CompletableFuture<Boolean> stop = new CompletableFuture<>();
        CountDownLatch done = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            stop.complete(true);
            await(done);
        }));
        try (OutputStream output = open()) {
            Capture capture = new Capture();
            CaptureRun run = new CaptureRun(note -> say(cluster, "note: " + Table.printable(note)));
            output.write(capture.header());
            output.flush();
            int started = capture(cluster, taps, new CaptureFile(output, stop), capture, run);
            say(cluster, capture.packets() + " packets of " + started + " interfaces");
            return run.isWhole() ? ExitCodes.FINE : ExitCodes.AMISS;
        } catch (IOException e) {
            throw new CommandFailure("cannot write " + file + ": " + Reason.line(e), e);
        } finally {
            done.countDown();
        }
    }

    private int capture(Cluster cluster, List<Tap> taps, CaptureFile output, Capture capture, CaptureRun run) {
        List<Captures.Running> running = cluster.working(
                "starting " + taps.size() + " captures",
                () -> Parallel.each(taps, tap -> start(cluster, tap, output, capture, run)).stream()
                        .flatMap(Optional::stream)
                        .toList());
        if (running.isEmpty()) {
            throw new CommandFailure("no capture started");
        }
        say(cluster, "capturing on " + running.size() + " interfaces; Ctrl-C ends it");
        if (duration < UNTIL_TOLD) {
            output.stop().completeOnTimeout(true, duration, TimeUnit.SECONDS);
        }
        run.until(output.stop(), running);
        return running.size();
    }

    private Optional<Captures.Running> start(
            Cluster cluster, Tap tap, CaptureFile output, Capture capture, CaptureRun run) {
        String title = tap.pod().name() + " " + tap.link();
        Captures captures =
                new Captures(cluster.client(), image.isEmpty() ? tap.pod().agentImage() : image);
        OutputStream frames = output.of(capture.source(), why -> run.fail(title, why));
        return run.start(title, () -> captures.start(tap.pod().snapshot().ref(), tap.link(), frames));
    }

    private static void say(Cluster cluster, String line) {
        cluster.terminal().err().println(line);
        cluster.terminal().err().flush();
    }

    private OutputStream open() throws IOException {
        return file.equals("-") ? new FileOutputStream(FileDescriptor.out) : Files.newOutputStream(Path.of(file));
    }

    private static void await(CountDownLatch done) {
        try {
            done.await(LAST_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
