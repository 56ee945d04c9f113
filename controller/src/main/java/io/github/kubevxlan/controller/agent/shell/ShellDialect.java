package io.github.kubevxlan.controller.agent.shell;

import io.github.kubevxlan.controller.agent.AgentException;
import io.github.kubevxlan.controller.agent.Dialect;
import io.github.kubevxlan.controller.agent.Exchange;
import io.github.kubevxlan.controller.agent.FencedException;
import io.github.kubevxlan.controller.agent.FencingToken;
import io.github.kubevxlan.controller.agent.Greeting;
import io.github.kubevxlan.controller.diff.ReportRequest;
import io.github.kubevxlan.controller.diff.Script;
import io.github.kubevxlan.controller.observe.MalformedReportException;
import io.github.kubevxlan.controller.observe.ObservedPod;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Scripts for a POSIX shell, which agents that users bring have, and all of ours before the native one. */
public final class ShellDialect implements Dialect {
    private static final int MOST_ADDRESSES = 16 << 10;
    private static final Pattern FENCED = Pattern.compile(" fenced ([12]) ([0-9]+)$");

    /** With a peer's address behind it, an address comes without a prefix length. */
    private static final Pattern ADDRESS = Pattern.compile(" inet6? ([0-9a-f.:]+)");

    @Override
    public List<String> command() {
        return List.of("sh", "-s");
    }

    @Override
    public Exchange<Greeting> greeting(String nonce) {
        return new Exchange<>(ScriptBuilder.opening(nonce), end(nonce), MOST_ADDRESSES, ShellDialect::addresses);
    }

    @Override
    public Exchange<ObservedPod> run(Script script, FencingToken token, String nonce) {
        return new Exchange<>(
                ScriptBuilder.print(script, nonce, token),
                end(nonce),
                script.reportRequest().bytes(),
                printed -> report(printed, nonce, script.reportRequest()));
    }

    private static Pattern end(String nonce) {
        return Pattern.compile("\n@" + Pattern.quote(nonce) + " end [0-9]{1,3}\n");
    }

    private static Greeting addresses(String printed) {
        List<String> addresses = ADDRESS.matcher(printed)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
        return new Greeting(addresses, Optional.empty());
    }

    private static ObservedPod report(String printed, String nonce, ReportRequest reportRequest)
            throws AgentException, MalformedReportException {
        String line = printed.substring(printed.lastIndexOf('\n') + 1);
        Matcher fenced = FENCED.matcher(line);
        if (line.startsWith("@" + nonce + " ") && fenced.find()) {
            throw fenced.group(1).equals("2")
                    ? new AgentException("another script holds the agent's lock on /dev/shm")
                    : new FencedException(epoch(fenced.group(2)));
        }
        return Report.parse(printed, nonce, reportRequest);
    }

    private static long epoch(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
