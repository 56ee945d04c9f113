package io.github.kubevxlan.cli.command;

import io.fabric8.kubernetes.client.LocalPortForward;
import io.github.kubevxlan.cli.kube.CommandFailure;
import io.github.kubevxlan.cli.kube.LeaderPage;
import io.github.kubevxlan.cli.kube.PageCheck;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Opens the live page. */
@Command(
        name = "ui",
        description = "Opens the live page of the controller that leads, until Ctrl-C.",
        footer = {
            "",
            "Examples:",
            "  vxlan ui",
            "  vxlan ui --no-browser --port 8090",
            "",
            "Forwards a port of this machine's loopback address with your rights, as kubectl port-forward does. The"
                    + " page",
            "shows networks, pods and what changes, and changes nothing itself."
        })
final class Ui extends ClusterCommand {
    private static final int MOST_PORT = 65_535;
    private static final List<String> OPENERS = List.of("xdg-open", "open", "wslview");

    @Option(names = "--no-browser", description = "Only print the address.")
    private boolean quiet;

    @Option(names = "--port", paramLabel = "PORT", description = "Port of this machine; else any free one.")
    private int port;

    Ui(Terminal terminal) {
        super(terminal);
    }

    @Override
    void check() {
        range("--port", port, 0, MOST_PORT);
    }

    @Override
    int run(Cluster cluster) {
        CountDownLatch stop = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(stop::countDown));
        LeaderPage page =
                cluster.working("finding the leader", () -> LeaderPage.find(cluster.client(), cluster.release()));
        try (LocalPortForward forward = page.forward(cluster.client(), cluster.release(), port)) {
            PageCheck.of(forward.getLocalPort()).orFail(page.right(cluster.release()), forward);
            String address = "http://localhost:" + forward.getLocalPort() + "/";
            cluster.terminal().out().println(address);
            cluster.terminal().out().flush();
            cluster.terminal().err().println("the live page of " + page.pod() + "; Ctrl-C ends it");
            cluster.terminal().err().flush();
            if (!quiet) {
                open(address);
            }
            stop.await();
            return ExitCodes.FINE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCodes.FINE;
        } catch (IOException e) {
            throw new CommandFailure("the way to the page of " + page.pod() + " could not be closed", e);
        }
    }

    /** Where there is no browser, the printed address is enough. */
    private static void open(String address) {
        boolean _ = OPENERS.stream().anyMatch(opener -> isStarted(opener, address));
    }

    private static boolean isStarted(String opener, String address) {
        try {
            new ProcessBuilder(opener, address)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
