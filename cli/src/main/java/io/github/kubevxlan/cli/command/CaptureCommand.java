package io.github.kubevxlan.cli.command;

import io.github.kubevxlan.cli.capture.Capture;
import io.github.kubevxlan.cli.kube.CaptureContainer;
import io.github.kubevxlan.cli.kube.Captures;
import io.github.kubevxlan.cli.kube.CommandFailure;
import io.github.kubevxlan.cli.kube.Parallel;
import io.github.kubevxlan.cli.state.ClusterState;
import io.github.kubevxlan.cli.state.Overlay;
import io.github.kubevxlan.cli.state.PodFacts;
import io.github.kubevxlan.cli.view.Table;
import io.github.kubevxlan.cli.view.Views;
import io.github.kubevxlan.common.util.Reason;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.Target;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Captures packets on interfaces of pods, in one file. */
abstract class CaptureCommand extends ClusterCommand {
    private static final long UNTIL_TOLD = Long.MAX_VALUE;
    private static final int LAST_SECONDS = 10;
    private static final String STDOUT = "-";

    @Option(
            names = {"-w", "--write"},
            required = true,
            paramLabel = "FILE",
            description = "The pcapng to write; - for standard output.")
    private String file = "";

    @Option(
            names = "--duration",
            paramLabel = "SECONDS",
            description = "How long to capture, once all are started or failed to (default: until Ctrl-C).")
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

    /** The interfaces that a pod should have; where nobody can tell, those that its status says it has. */
    static Stream<Tap> taps(ClusterState state, Overlay overlay, PodFacts pod, String network) {
        Stream<Tap> desired = overlay.target(pod.snapshot().ref().uid()).map(Target::desired).stream()
                .flatMap(want -> want.links().stream())
                .filter(link -> network.isEmpty() || link.network().name().equals(network))
                .map(DesiredLink::name)
                .map(link -> new Tap(pod, link.value()));
        Stream<Tap> kept = Views.kept(state, pod)
                .filter(status -> network.isEmpty() || status.name().equals(network))
                .flatMap(status -> status.ifName().stream())
                .map(link -> new Tap(pod, link.value()));
        return Stream.concat(desired, kept).distinct();
    }

    @Override
    final void check() {
        range("--duration", duration, 1, UNTIL_TOLD);
    }

    @Override
    final int run(Cluster cluster) {
        List<Tap> taps = taps(cluster, cluster.readForComparison());
        cluster.notes().say(cluster.terminal());
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
            CaptureFile packets = new CaptureFile(output, stop);
            int started = capture(cluster, taps, packets, capture, run);
            say(cluster, capture.packets() + " packets of " + started + " interfaces");
            Optional<IOException> failure = packets.failure().filter(broken -> !isReaderGone(file, broken));
            if (failure.isPresent()) {
                throw failure.get();
            }
            return run.isWhole() ? ExitCodes.FINE : ExitCodes.AMISS;
        } catch (IOException e) {
            throw new CommandFailure("cannot write " + file + ": " + Reason.line(e), e);
        } finally {
            done.countDown();
        }
    }

    private int capture(Cluster cluster, List<Tap> taps, CaptureFile output, Capture capture, CaptureRun run) {
        CompletableFuture<?> started = CompletableFuture.runAsync(
                () -> Parallel.each(byPod(taps), ofPod -> start(cluster, ofPod, output, capture, run)),
                Thread::startVirtualThread);
        cluster.working(
                "starting " + taps.size() + " captures",
                () -> CompletableFuture.anyOf(output.stop(), started).join());
        boolean none = started.isDone() && run.started() == 0;
        if (started.isDone() && !none) {
            say(cluster, "capturing on " + run.started() + " interfaces; Ctrl-C ends it");
            if (duration < UNTIL_TOLD) {
                output.stop().completeOnTimeout(true, duration, TimeUnit.SECONDS);
            }
        }
        run.until(output.stop());
        if (none) {
            throw new CommandFailure("no capture started");
        }
        return run.started();
    }

    private static List<List<Tap>> byPod(List<Tap> taps) {
        return List.copyOf(taps.stream()
                .collect(Collectors.groupingBy(
                        tap -> tap.pod().snapshot().ref(), LinkedHashMap::new, Collectors.toList()))
                .values());
    }

    private CaptureRun start(Cluster cluster, List<Tap> ofPod, CaptureFile output, Capture capture, CaptureRun run) {
        PodFacts pod = ofPod.getFirst().pod();
        Captures captures = new Captures(cluster.client(), image.isEmpty() ? pod.agentImage() : image);
        Map<String, Function<CaptureContainer, Captures.Running>> starts = new LinkedHashMap<>();
        for (Tap tap : ofPod) {
            String title = pod.name() + " " + tap.link();
            OutputStream frames = output.of(capture.source(), why -> run.fail(title, why));
            starts.put(title, container -> container.start(tap.link(), frames));
        }
        run.start(() -> captures.open(pod.snapshot().ref()), starts);
        return run;
    }

    private static void say(Cluster cluster, String line) {
        cluster.terminal().err().println(line);
        cluster.terminal().err().flush();
    }

    /** Who reads from a pipe may stop when they have seen enough. */
    static boolean isReaderGone(String file, IOException failure) {
        return file.equals(STDOUT)
                && String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT).contains("pipe");
    }

    private OutputStream open() throws IOException {
        return file.equals(STDOUT) ? new FileOutputStream(FileDescriptor.out) : Files.newOutputStream(Path.of(file));
    }

    private static void await(CountDownLatch done) {
        try {
            done.await(LAST_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
