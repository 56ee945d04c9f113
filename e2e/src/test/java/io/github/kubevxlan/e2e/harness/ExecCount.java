package io.github.kubevxlan.e2e.harness;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Exec requests that others than the tests sent, by the API server's own count: those that ended
 * ({@code apiserver_request_total}) and those that are open ({@code apiserver_longrunning_requests}).
 */
public final class ExecCount {
    private static final Pattern EXECS = Pattern.compile(
            "^apiserver_(?:request_total|longrunning_requests)\\{[^}]*subresource=\"exec\"[^}]*} ([0-9.e+]+)$",
            Pattern.MULTILINE);
    private static final int STEADY_READS = 4;

    private final long start;

    private ExecCount(long start) {
        this.start = start;
    }

    /** Begins to count, once nobody sends any. */
    public static ExecCount fromNow() {
        return new ExecCount(steady());
    }

    /** How many came since, once nobody sends any more. */
    public long sinceThen() {
        return steady() - start;
    }

    private static long steady() {
        long[] seen = {-1, 0};
        Await.until("no exec request comes any more", () -> {
            long now = byOthers();
            seen[1] = now == seen[0] ? seen[1] + 1 : 0;
            seen[0] = now;
            return seen[1] < STEADY_READS ? Optional.of(now + " and counting") : Optional.empty();
        });
        return seen[0];
    }

    private static long byOthers() {
        long all = 0;
        Matcher sample = EXECS.matcher(String.valueOf(Cluster.client().raw("/metrics")));
        while (sample.find()) {
            all += (long) Double.parseDouble(sample.group(1));
        }
        return all - Shell.opened();
    }
}
