package io.github.kubevxlan.cli.kube;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.github.kubevxlan.cli.ping.Passage;
import io.github.kubevxlan.controller.pod.PodSnapshot;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;

/** Sends packets from one pod to another and back: each end is a program in its agent, and neither needs a capability. */
public final class Pinger {
    private static final String AGENT = "/vxlan/agent";
    private static final int TOKEN_BYTES = 8;
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    /** The search for the largest packet waits for each that gets lost. */
    private static final Duration SEARCH = Duration.ofSeconds(40);

    private final KubernetesClient client;
    private final int count;
    private final Duration interval;
    private final SecureRandom random = new SecureRandom();

    /** Takes the way to the cluster, how many packets to send, and how long to wait between two. */
    public Pinger(KubernetesClient client, int count, Duration interval) {
        this.client = client;
        this.count = count;
        this.interval = interval;
    }

    /**
     * Sends them.
     *
     * @param mtu the size of the largest packet to try, in bytes
     * @throws CommandFailure if an agent cannot do it
     */
    public Passage ping(PodSnapshot from, String fromAddress, PodSnapshot to, String toAddress, int mtu) {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        String token = HexFormat.of().formatHex(bytes);
        try (PodExec echo = PodExec.start(client, to, AGENT, "echo", toAddress, token)) {
            String first = echo.firstLine(DEADLINE);
            int port = Passage.port(first).orElseThrow(() -> unfit(to, first));
            String probed = probe(from, fromAddress, toAddress, port, token, mtu);
            echo.write("\n");
            String ended = echo.end(DEADLINE).text();
            return Passage.parse(probed, ended.substring(ended.indexOf('\n') + 1))
                    .orElseThrow(() -> unfit(from, probed));
        }
    }

    private String probe(PodSnapshot from, String fromAddress, String toAddress, int port, String token, int mtu) {
        try (PodExec probe = PodExec.start(
                client,
                from,
                AGENT,
                "probe",
                fromAddress,
                toAddress,
                Integer.toString(port),
                token,
                Integer.toString(count),
                Long.toString(interval.toMillis()),
                Integer.toString(mtu))) {
            return probe.end(DEADLINE.plus(SEARCH).plus(interval.multipliedBy(count)))
                    .text();
        }
    }

    private static CommandFailure unfit(PodSnapshot pod, String printed) {
        return new CommandFailure("the agent of pod " + pod.ref() + " cannot ping: "
                + printed.lines().findFirst().orElse("it printed nothing")
                + " (it needs an agent of this version, with " + AGENT + ")");
    }
}
