package io.github.kubevxlan.controller.agent.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.kubevxlan.controller.agent.AgentException;
import io.github.kubevxlan.controller.agent.Echo;
import io.github.kubevxlan.controller.agent.EchoRequest;
import io.github.kubevxlan.controller.agent.PathReport;
import io.github.kubevxlan.controller.agent.PathReport.Size;
import io.github.kubevxlan.controller.agent.ProbeRequest;
import io.github.kubevxlan.controller.observe.MalformedReportException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Reads what agents say of paths: strictly, and within bounds. */
final class PathResponses {
    private static final int MOST_PORT = 65_535;
    private static final int MOST_BYTES = 65_535;
    private static final int MOST_SENT = 100;
    private static final long MOST_MICROS = 60_000_000;
    /** Fourteen million a second for as long as a probe takes. */
    private static final long MOST_CHECKSUMS = 1L << 25;

    private PathResponses() {}

    /** The answer to an echo of that number. */
    static Echo echoing(String line, long number, EchoRequest request) throws AgentException, MalformedReportException {
        JsonNode echoing = Responses.part(line, "echoing", number);
        int port = (int) number(echoing, "port", 1, MOST_PORT);
        int mtu = (int) number(echoing, "mtu", 1, MOST_BYTES);
        return new Echo(request.address(), port, request.token(), mtu);
    }

    /** The answer to a probe of that number. */
    static PathReport probed(String line, long number, ProbeRequest request)
            throws AgentException, MalformedReportException {
        JsonNode probed = Responses.part(line, "probed", number);
        int sent = (int) number(probed, "sent", 1, MOST_SENT);
        int answered = (int) number(probed, "answered", 0, sent);
        int wanted = (int) number(probed, "bytes", 1, MOST_BYTES);
        long passes = Math.min(
                number(probed, "forward_bytes", 0, MOST_BYTES), number(probed, "backward_bytes", 0, MOST_BYTES));
        long checksums = number(probed, "bad_checksums", 0, Long.MAX_VALUE)
                + Math.min(number(probed, "peer_bad_checksums", 0, Long.MAX_VALUE), MOST_CHECKSUMS);
        return new PathReport(
                sent,
                answered,
                answered == 0 ? Optional.empty() : Optional.of(shortest(probed, answered)),
                new Size(wanted, answered == 0 ? 0 : (int) passes),
                Math.clamp(checksums, 0, MOST_CHECKSUMS));
    }

    private static Duration shortest(JsonNode probed, int answered) throws MalformedReportException {
        JsonNode times = probed.path("rtt_micros");
        if (!times.isArray() || times.size() != answered) {
            throw new MalformedReportException("it does not tell each round trip");
        }
        long shortest = StreamSupport.stream(times.spliterator(), false)
                .mapToLong(time -> time.isIntegralNumber() && time.canConvertToLong() ? time.asLong() : -1)
                .min()
                .orElse(-1);
        if (shortest < 0) {
            throw new MalformedReportException("a round trip is no number");
        }
        return Duration.of(Math.min(shortest, MOST_MICROS), ChronoUnit.MICROS);
    }

    private static long number(JsonNode node, String field, long least, long most) throws MalformedReportException {
        JsonNode value = node.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < least || value.asLong() > most) {
            throw new MalformedReportException(field + " is no number from " + least + " to " + most);
        }
        return value.asLong();
    }
}
