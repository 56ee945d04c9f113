package io.github.kubevxlan.app;

import io.github.kubevxlan.controller.ControllerMain;
import io.github.kubevxlan.webhook.WebhookMain;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.slf4j.LoggerFactory;

/** Runs the command that the first argument names. */
public final class Main {
    static final Commands COMMANDS = new Commands(new TreeMap<>(Map.of(
            "--version", (_, _) -> System.out.println("kube-vxlan-controller " + version()),
            "controller", ControllerMain::run,
            "webhook", WebhookMain::run)));

    private Main() {}

    private static String version() {
        return Objects.requireNonNullElse(Main.class.getPackage().getImplementationVersion(), "of no release");
    }

    /** Exits with 0 on SIGTERM, with 2 for a mistake in arguments or settings, with 1 for any other failure. */
    public static void main(String[] arguments) {
        Exit exit = new Exit();
        int status = Commands.FAILURE;
        try {
            status = COMMANDS.run(List.of(arguments), System.getenv(), exit, System.err);
        } catch (Exception e) {
            LoggerFactory.getLogger(Main.class).error("The program fails", e);
        } finally {
            if (status != 0) {
                exit.failed(status);
            }
        }
    }
}
