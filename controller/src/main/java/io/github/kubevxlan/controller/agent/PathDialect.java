package io.github.kubevxlan.controller.agent;

/** The part of a dialect that measures paths. */
public interface PathDialect {
    /** Lets the agent answer. */
    Exchange<Echo> echo(EchoRequest request, String nonce);

    /** Lets the agent measure. */
    Exchange<PathReport> probe(ProbeRequest request, String nonce);
}
