package io.github.kubevxlan.cli.ping;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * The result of packets that one pod sent and the other answered.
 *
 * @param packets how many there were
 * @param rttMicros round trips in microseconds, in the order sent
 * @param largest the largest packets that arrive
 */
public record Passage(
        @JsonUnwrapped Packets packets,
        List<Long> rttMicros,
        @JsonUnwrapped Largest largest) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public Passage {
        rttMicros = List.copyOf(rttMicros);
    }

    /**
     * How many packets there were.
     *
     * @param sent how many were sent
     * @param arrived how many came to the other pod
     * @param answered of how many the answer came back
     */
    public record Packets(int sent, int arrived, int answered) {}

    /**
     * The largest IP packets that arrive, in bytes.
     *
     * @param forwardBytes on the way there; 0 if none does
     * @param backwardBytes on the way back
     */
    public record Largest(int forwardBytes, int backwardBytes) {
        static final Largest NONE = new Largest(0, 0);

        /** What arrives in both directions. */
        int bothWays() {
            return Math.min(forwardBytes, backwardBytes);
        }
    }

    /** Packets that could not be sent. */
    public static Passage none(int wanted) {
        return new Passage(new Packets(wanted, 0, 0), List.of(), Largest.NONE);
    }

    /** Whether every packet was answered; not printed. */
    @JsonIgnore
    public boolean isWhole() {
        return packets.answered() >= packets.sent();
    }

    /**
     * Reads what the two agents printed; they are untrusted.
     *
     * @param probe the sender's line
     * @param echo the last line of the answering one
     * @return empty if these are not what the programs print
     */
    public static Optional<Passage> parse(String probe, String echo) {
        try {
            JsonNode found = JSON.readTree(probe);
            JsonNode received = JSON.readTree(echo).path("received");
            if (!found.path("sent").isInt() || !received.isIntegralNumber()) {
                return Optional.empty();
            }
            return Optional.of(new Passage(
                    new Packets(
                            found.path("sent").asInt(),
                            received.asInt(),
                            found.path("answered").asInt()),
                    StreamSupport.stream(found.path("rttMicros").spliterator(), false)
                            .map(JsonNode::asLong)
                            .toList(),
                    new Largest(
                            found.path("forwardBytes").asInt(),
                            found.path("backwardBytes").asInt())));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** The port in the first line of the answering agent. */
    public static Optional<Integer> port(String line) {
        try {
            JsonNode port = JSON.readTree(line).path("port");
            return port.isInt() ? Optional.of(port.asInt()) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
