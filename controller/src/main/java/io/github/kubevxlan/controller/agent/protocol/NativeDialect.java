package io.github.kubevxlan.controller.agent.protocol;

import io.github.kubevxlan.controller.agent.Dialect;
import io.github.kubevxlan.controller.agent.Echo;
import io.github.kubevxlan.controller.agent.EchoRequest;
import io.github.kubevxlan.controller.agent.Exchange;
import io.github.kubevxlan.controller.agent.FencingToken;
import io.github.kubevxlan.controller.agent.Greeting;
import io.github.kubevxlan.controller.agent.PathDialect;
import io.github.kubevxlan.controller.agent.PathReport;
import io.github.kubevxlan.controller.agent.ProbeRequest;
import io.github.kubevxlan.controller.diff.Script;
import io.github.kubevxlan.controller.observe.ObservedPod;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Typed requests to our own agent, which does them by netlink. */
public final class NativeDialect implements Dialect, PathDialect {
    /** In no other image: a program of its name that knows no sessions would never answer. */
    static final String PROGRAM = "/vxlan/agent";

    /** The end of the first line. */
    private static final Pattern END = Pattern.compile("(?<=[^\n])\n");

    private static final int HEXADECIMAL = 16;
    private static final int MOST_OF_GREETING = 16 << 10;
    private static final int MOST_OF_PATH = 4 << 10;

    @Override
    public List<String> command() {
        return List.of(PROGRAM, "session");
    }

    @Override
    public Exchange<Greeting> greeting(String nonce) {
        return new Exchange<>(Requests.hello(), END, MOST_OF_GREETING, Responses::greeting);
    }

    /** The nonce is the request's number, 63 bits of it. */
    @Override
    public Exchange<ObservedPod> run(Script script, FencingToken token, String nonce) {
        long number = number(nonce);
        return new Exchange<>(
                Requests.run(script, token, number),
                END,
                script.reportRequest().bytes(),
                line -> Responses.report(line, number, script.reportRequest()));
    }

    @Override
    public Optional<PathDialect> paths() {
        return Optional.of(this);
    }

    @Override
    public Exchange<Echo> echo(EchoRequest request, String nonce) {
        long number = number(nonce);
        return new Exchange<>(
                Requests.echo(request, number),
                END,
                MOST_OF_PATH,
                line -> PathResponses.echoing(line, number, request));
    }

    @Override
    public Exchange<PathReport> probe(ProbeRequest request, String nonce) {
        long number = number(nonce);
        return new Exchange<>(
                Requests.probe(request, number),
                END,
                MOST_OF_PATH,
                line -> PathResponses.probed(line, number, request));
    }

    private static long number(String nonce) {
        return Long.parseUnsignedLong(nonce, HEXADECIMAL) >>> 1;
    }
}
