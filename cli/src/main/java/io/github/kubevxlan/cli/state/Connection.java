package io.github.kubevxlan.cli.state;

import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the caller said about the cluster, which the commands that this program prints repeat: without it, they would go to
 * the cluster of the current context. Each is empty if the caller did not say it.
 *
 * @param kubeconfig the file
 * @param context the name
 * @param server the API server's address
 */
public record Connection(String kubeconfig, String context, String server) {
    /** The cluster of the current context. */
    public static final Connection CURRENT = new Connection("", "", "");

    private static final Pattern PLAIN = Pattern.compile("[-A-Za-z0-9_./:@%+=,]+");

    /** Options of kubectl and of this program, each after a blank. */
    public String options() {
        return options("--context", "--server");
    }

    /** Options of Helm, each after a blank. */
    public String ofHelm() {
        return options("--kube-context", "--kube-apiserver");
    }

    private String options(String ofContext, String ofServer) {
        return Stream.of(option("--kubeconfig", kubeconfig), option(ofContext, context), option(ofServer, server))
                .collect(Collectors.joining());
    }

    private static String option(String name, String value) {
        return value.isEmpty() ? "" : " " + name + " " + word(value);
    }

    /** A value as a shell reads it. */
    private static String word(String value) {
        return PLAIN.matcher(value).matches() ? value : "'" + value.replace("'", "'\\''") + "'";
    }
}
