package io.github.kubevxlan.e2e.harness;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A real CoreDNS for the cluster's names, in the lab until it is closed. Its log is in {@code target/coredns.log}. */
public final class CoreDns implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("^Address: +(\\S+)$", Pattern.MULTILINE);

    private final Process process;
    private final String address;

    private CoreDns(Process process, String address) {
        this.process = process;
        this.address = address;
    }

    /** Starts it; the first time ever it has to be built, which takes a minute or two. */
    public static CoreDns start() {
        try {
            Process process = TestedLab.process(List.of("lab/coredns"))
                    .redirectError(new File("target/coredns.log").getAbsoluteFile())
                    .start();
            BufferedReader output = process.inputReader();
            String ready = output.readLine();
            if (ready == null) {
                throw new AssertionError("CoreDNS does not start, see target/coredns.log");
            }
            return new CoreDns(process, ready.substring(ready.lastIndexOf(' ') + 1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where pods reach it. */
    public String address() {
        return address;
    }

    /**
     * What it answers.
     *
     * @param type A or AAAA
     * @return the addresses, in order; none where it knows no such name
     */
    public Set<String> ask(String type, String name) {
        String answer = Client.runAnyhow(
                        "lab/run", "busybox", "nslookup", "-type=" + type, name + ".svc.cluster.local", address)
                .output();
        return ADDRESS.matcher(answer)
                .results()
                .map(result -> result.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
