package io.github.kubevxlan.controller.agent.protocol;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.kubevxlan.common.net.InvalidValueException;
import io.github.kubevxlan.common.util.Reason;
import io.github.kubevxlan.controller.agent.AgentException;
import io.github.kubevxlan.controller.agent.BusyException;
import io.github.kubevxlan.controller.agent.FencedException;
import io.github.kubevxlan.controller.agent.Greeting;
import io.github.kubevxlan.controller.diff.ReportRequest;
import io.github.kubevxlan.controller.observe.FdbView;
import io.github.kubevxlan.controller.observe.MalformedReportException;
import io.github.kubevxlan.controller.observe.ObservedPod;
import io.github.kubevxlan.controller.observe.ReportBounds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads answers: strictly, and whole or not at all. */
final class Responses {
    private static final int MAX_DEPTH = 16;

    /** A forwarding entry is 4 of them, a device some 40: more than the longest answer has room for. */
    private static final int MAX_TOKENS = 500_000;

    private static final int MAX_WORDS = 200;

    /** As many as our own agent tells of. */
    private static final int MOST_FAILURES = 20;

    /** It is written on the pod. */
    private static final Pattern VERSION = Pattern.compile("[0-9A-Za-z.+-]{1,40}");

    /** What a failure is about that left something of the report out. */
    private static final String REPORT = "report";

    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxTokenCount(MAX_TOKENS)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Responses() {}

    /** The answer to a hello. */
    static Greeting greeting(String line) throws AgentException, MalformedReportException {
        JsonNode hello = part(line, "hello");
        if (hello.path("protocol").asInt() != Requests.PROTOCOL) {
            throw new AgentException("the agent speaks version " + words(hello.path("protocol"))
                    + " of the protocol, not " + Requests.PROTOCOL);
        }
        List<String> addresses = new ArrayList<>();
        hello.path("addresses").forEach(address -> addresses.add(address.asText()));
        return new Greeting(
                addresses,
                Optional.of(hello.path("agent").asText())
                        .filter(version -> VERSION.matcher(version).matches()),
                hello.path("probes").asBoolean());
    }

    /** The answer to a script of that number, which asked that. */
    static ObservedPod report(String line, long number, ReportRequest reportRequest)
            throws AgentException, MalformedReportException {
        JsonNode done = part(line, "done", number);
        if (!done.path("failures").isArray()) {
            throw new MalformedReportException("it does not tell what failed");
        }
        List<String> errors = failures(done);
        try {
            return reportRequest.isOfChangeAlone() ? change(reportRequest, errors) : state(done, reportRequest, errors);
        } catch (InvalidValueException e) {
            throw new MalformedReportException(Reason.of(e));
        }
    }

    private static List<String> failures(JsonNode done) {
        List<String> errors = new ArrayList<>();
        JsonNode failures = done.path("failures");
        for (JsonNode failure : failures) {
            if (errors.size() < MOST_FAILURES) {
                errors.add(words(failure.path("subject")) + ": " + words(failure.path("message")));
            }
        }
        long more =
                failures.size() - errors.size() + Math.max(0L, done.path("more").asLong());
        if (more > 0) {
            errors.add("and " + more + " more");
        }
        return errors;
    }

    private static ObservedPod change(ReportRequest reportRequest, List<String> errors) {
        Map<String, FdbView> tables = new HashMap<>();
        if (errors.isEmpty()) {
            reportRequest.digests().forEach(link -> tables.put(link.name().value(), new FdbView.Changed()));
        }
        return new ObservedPod(
                new ObservedPod.Devices(List.of(), Set.of()),
                new ObservedPod.Routing(List.of(), List.of()),
                Optional.empty(),
                tables,
                new ObservedPod.Diagnostics(errors, Optional.empty()));
    }

    private static ObservedPod state(JsonNode done, ReportRequest reportRequest, List<String> errors)
            throws MalformedReportException {
        requirePresent(done);
        JsonNode state = done.path("state");
        if (reportRequest.devices()) {
            Tables.requireState(state, errors);
        }
        Map<String, FdbView> tables = new HashMap<>();
        ReportBounds.check("digests", done.path("digests").size());
        for (JsonNode digest : done.path("digests")) {
            tables.put(
                    digest.path(0).asText(), new FdbView.Digest(digest.path(1).asText()));
        }
        tables.putAll(Tables.listed(done.path("lists"), reportRequest.lists()));
        return Tables.pod(state, Tables.foreign(done.path("foreign")), tables, errors);
    }

    /** What an agent could not tell must not be taken for what the pod does not have. */
    private static void requirePresent(JsonNode done) throws MalformedReportException {
        for (JsonNode failure : done.path("failures")) {
            if (failure.path("subject").asText().equals(REPORT)) {
                throw new MalformedReportException("state", words(failure.path("message")));
            }
        }
    }

    /** The answer to the request of that number, which has that name. */
    static JsonNode part(String line, String name, long number) throws AgentException, MalformedReportException {
        JsonNode part = part(line, name);
        if (!part.path("id").isIntegralNumber() || part.path("id").asLong() != number) {
            throw new MalformedReportException("it is another request's");
        }
        return part;
    }

    private static JsonNode part(String line, String name) throws AgentException, MalformedReportException {
        JsonNode message = tree(line);
        if (message.has("refused")) {
            throw refused(message.path("refused"));
        }
        if (!message.path(name).isObject()) {
            throw new MalformedReportException("there is no " + name + " in it");
        }
        return message.path(name);
    }

    /** Any JSON that an agent may print: bounded, and nothing after it. */
    static JsonNode tree(String text) throws MalformedReportException {
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw new MalformedReportException(Reason.of(e).lines().findFirst().orElse(""));
        }
    }

    private static AgentException refused(JsonNode refused) {
        return switch (refused.path("reason").asText()) {
            case "fenced" -> new FencedException(refused.path("epoch").longValue());
            case "locked" -> new AgentException("another request holds the agent's lock on /dev/shm");
            case "busy" -> new BusyException("the agent is busy: " + words(refused.path("message")));
            default -> new AgentException("the agent refused the request: " + words(refused.path("message")));
        };
    }

    /** An agent's own words, which are shown to people. */
    private static String words(JsonNode node) {
        String plain = node.asText().replaceAll("[^\\x20-\\x7e]", "?");
        return plain.length() > MAX_WORDS ? plain.substring(0, MAX_WORDS) + "..." : plain;
    }
}
