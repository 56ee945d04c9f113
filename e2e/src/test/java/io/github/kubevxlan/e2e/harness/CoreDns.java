package io.github.kubevxlan.e2e.harness;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A real CoreDNS for the cluster's names, in the lab until it is closed. Its log is in {@code target/coredns.log}. */
public final class CoreDns implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("^Address: +(\\S+)$", Pattern.MULTILINE);

    private final LabProgram program;
    private final String address;

    private CoreDns(LabProgram program, String address) {
        this.program = program;
        this.address = address;
    }

    /** Starts it; the first time ever it has to be built, which takes a minute or two. */
    public static CoreDns start() {
        LabProgram program = LabProgram.start("coredns");
        String ready = program.ready();
        return new CoreDns(program, ready.substring(ready.lastIndexOf(' ') + 1));
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
        program.close();
    }
}
