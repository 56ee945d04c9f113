package io.github.kubevxlan.e2e.harness;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;

/**
 * The connections to the API server that pods have now bring and take nothing until this is closed, as behind a firewall
 * that has forgotten them; new ones work.
 */
public final class Silence implements AutoCloseable {
    private static final String BEGIN = """
        nft add table inet silence
        nft add chain inet silence in '{ type filter hook input priority 0; }'
        nft add chain inet silence out '{ type filter hook output priority 0; }'
        for port in $(ss -Htn state established "( dport = :443 )" | awk '{ print $3 }' | sed 's/.*://'); do
            nft add rule inet silence in tcp dport "$port" drop
            nft add rule inet silence out tcp sport "$port" drop
            echo "$port"
        done
        """;

    private final List<Pod> pods;

    private Silence(List<Pod> pods) {
        this.pods = pods;
    }

    /** Begins it; each of the pods must have a connection. */
    public static Silence of(List<Pod> pods) {
        pods.forEach(pod ->
                assertFalse(Lab.inPod(pod, BEGIN).isBlank(), pod.getMetadata().getName() + " has no connection"));
        return new Silence(pods);
    }

    @Override
    public void close() {
        pods.forEach(pod -> Lab.inPod(pod, "nft delete table inet silence"));
    }
}
