package io.github.kubevxlan.controller.agent.protocol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.kubevxlan.controller.agent.Echo;
import io.github.kubevxlan.controller.agent.EchoRequest;
import io.github.kubevxlan.controller.agent.FencingToken;
import io.github.kubevxlan.controller.agent.ProbeRequest;
import io.github.kubevxlan.controller.diff.ReportRequest;
import io.github.kubevxlan.controller.diff.Script;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import java.util.List;

/** Writes requests, a line each. */
final class Requests {
    /** The version of the protocol. */
    static final int PROTOCOL = 1;

    private Requests() {}

    /** The first line of a session. */
    static String hello() {
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        message.putObject("hello").put("protocol", PROTOCOL);
        return message + "\n";
    }

    /** A script; its answer carries the same number. */
    static String run(Script script, FencingToken token, long number) {
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        ObjectNode request = message.putObject("do")
                .put("id", number)
                .put("epoch", token.epoch())
                .put("session", token.session());
        request.set(
                "ops",
                Operations.of(script.transactions().stream()
                        .flatMap(transaction -> transaction.ops().stream())
                        .toList()));
        request.put("mark", script.mark()).put("end", script.end());
        reportRequest(request.putObject("ask"), script.reportRequest());
        return message + "\n";
    }

    /** Lets the agent answer a probe. */
    static String echo(EchoRequest echo, long number) {
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        message.putObject("echo")
                .put("id", number)
                .put("link", echo.link().value())
                .put("address", echo.address().toString())
                .put("from", echo.from().toString())
                .put("token", echo.token())
                .put("seconds", Echo.LIFETIME.toSeconds());
        return message + "\n";
    }

    /** Lets the agent measure. */
    static String probe(ProbeRequest probe, long number) {
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        message.putObject("probe")
                .put("id", number)
                .put("link", probe.link().value())
                .put("from", probe.from().toString())
                .put("to", probe.to().address().toString())
                .put("port", probe.to().port())
                .put("token", probe.to().token())
                .put("bytes", probe.to().mtu());
        return message + "\n";
    }

    /** Our agent tells each change that failed, so whether a change went well needs no digest. */
    private static void reportRequest(ObjectNode to, ReportRequest reportRequest) {
        if (reportRequest.isOfChangeAlone()) {
            return;
        }
        to.put("state", reportRequest.devices());
        tables(to.putArray("digests"), reportRequest.digests());
        tables(to.putArray("lists"), reportRequest.lists());
        ArrayNode destinations = to.putArray("destinations");
        reportRequest.destinations().forEach(destination -> destinations.add(destination.toString()));
    }

    private static void tables(ArrayNode to, List<DesiredLink> links) {
        for (DesiredLink link : links) {
            ObjectNode table = to.addObject().put("link", link.name().value());
            link.filter().ifPresent(filter -> Operations.filter(table.putObject("filter"), filter));
            ArrayNode own = table.putArray("own");
            link.ownInPeerTable().forEach(entry -> own.add(entry.key() + " " + entry.value()));
        }
    }
}
