package io.github.kubevxlan.controller.agent.shell;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.kubevxlan.common.spec.Impairment;
import io.github.kubevxlan.common.spec.Impairments;
import io.github.kubevxlan.controller.observe.MalformedReportException;
import io.github.kubevxlan.controller.observe.ObservedLink;
import io.github.kubevxlan.controller.observe.ObservedQdisc;
import io.github.kubevxlan.controller.overlay.Qdisc;
import io.github.kubevxlan.controller.overlay.Qdisc.Kind;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads {@code tc -j qdisc show}, and what {@code ip} says of qdiscs. */
final class TcJson {
    private static final Set<String> NO_QDISC = Set.of("noqueue", "noop", "");
    private static final Set<String> KINDS =
            Stream.of(Kind.values()).map(Kind::toString).collect(Collectors.toSet());

    /** What netem shows if it does only what we ever ask for. */
    private static final Set<String> NETEM =
            Set.of("limit", "delay", "loss-random", "duplicate", "reorder", "corrupt", "rate", "ecn", "gap");

    private static final double MOST_SECONDS = 1_000;

    private TcJson() {}

    /** What {@code ip} says: the kind. */
    static ObservedQdisc ofLink(String kind) {
        if (NO_QDISC.contains(kind)) {
            return new ObservedQdisc.None();
        }
        return KINDS.contains(kind)
                ? new ObservedQdisc.Unread(kind)
                : new ObservedQdisc.Foreign(ObservedQdisc.kind(kind));
    }

    /** The same links with what a section says of their qdiscs; {@code none} where there is no tc, which made none. */
    static List<ObservedLink> with(List<ObservedLink> links, String section) throws MalformedReportException {
        if (section.isBlank()) {
            return links;
        }
        Map<String, ObservedQdisc> qdiscs = section.strip().equals("none") ? Map.of() : read(section);
        return links.stream()
                .map(link -> link.hasUnreadQdisc()
                        ? link.with(qdiscs.getOrDefault(link.name(), new ObservedQdisc.Foreign("unknown")))
                        : link)
                .toList();
    }

    private static Map<String, ObservedQdisc> read(String section) throws MalformedReportException {
        try {
            JsonNode all = IpJson.tree(section);
            if (!all.isArray()) {
                throw new MalformedReportException("qdiscs", "it is no list");
            }
            Map<String, ObservedQdisc> qdiscs = new HashMap<>();
            for (JsonNode qdisc : all) {
                if (qdisc.path("root").asBoolean()) {
                    qdiscs.put(qdisc.path("dev").asText(), qdisc(qdisc));
                }
            }
            return qdiscs;
        } catch (JacksonException e) {
            throw new MalformedReportException("qdiscs", IpJson.firstLine(e));
        }
    }

    private static ObservedQdisc qdisc(JsonNode qdisc) {
        String word = qdisc.path("kind").asText();
        String handle = qdisc.path("handle").asText();
        for (Kind kind : Kind.values()) {
            if (word.equals(kind.toString()) && handle.equals(kind.handle())) {
                JsonNode options = qdisc.path("options");
                return new ObservedQdisc.Ours(kind == Kind.NETEM ? netem(options) : tbf(options));
            }
        }
        return new ObservedQdisc.Foreign(ObservedQdisc.kind(word));
    }

    private static Optional<Qdisc> tbf(JsonNode options) {
        Map<Impairment, Integer> values = new EnumMap<>(Impairment.class);
        return rate(options.path("rate"), values) && !options.has("peakrate")
                ? Optional.of(new Qdisc(new Impairments(values), 0))
                : Optional.empty();
    }

    private static Optional<Qdisc> netem(JsonNode options) {
        Map<Impairment, Integer> values = new EnumMap<>(Impairment.class);
        boolean isKnown = options.propertyStream().map(Map.Entry::getKey).allMatch(NETEM::contains)
                && options.path("limit").isInt()
                && !options.path("ecn").asBoolean()
                && options.path("gap").asInt() == (options.has("reorder") ? 1 : 0)
                && time(Impairment.DELAY, options.path("delay"), "delay", values)
                && time(Impairment.JITTER, options.path("delay"), "jitter", values)
                && percent(Impairment.LOSS, options.path("loss-random"), "loss", values)
                && percent(Impairment.DUPLICATE, options.path("duplicate"), "duplicate", values)
                && percent(Impairment.REORDER, options.path("reorder"), "reorder", values)
                && percent(Impairment.CORRUPT, options.path("corrupt"), "corrupt", values)
                && (!options.has("rate") || rateOfNetem(options.path("rate"), values));
        return isKnown
                ? Optional.of(
                        new Qdisc(new Impairments(values), options.path("limit").asInt()))
                : Optional.empty();
    }

    /** In seconds, of which tc shows six digits, and the kernel counts in steps of 64 ns. */
    private static boolean time(Impairment impairment, JsonNode of, String field, Map<Impairment, Integer> values) {
        double seconds = of.path(field).asDouble();
        if (!(seconds >= 0 && seconds <= MOST_SECONDS) || of.path("correlation").asDouble() != 0) {
            return false;
        }
        values.put(impairment, (int) Math.round(seconds * 100_000) * 10);
        return true;
    }

    private static boolean percent(Impairment impairment, JsonNode of, String field, Map<Impairment, Integer> values) {
        double part = of.path(field).asDouble();
        if (!(part >= 0 && part <= 1) || of.path("correlation").asDouble() != 0) {
            return false;
        }
        values.put(impairment, (int) Math.round(part * 100_000));
        return true;
    }

    private static boolean rateOfNetem(JsonNode of, Map<Impairment, Integer> values) {
        boolean isPlain = Stream.of("packetoverhead", "cellsize", "celloverhead")
                .allMatch(field -> of.path(field).asInt() == 0);
        return isPlain && rate(of.path("rate"), values);
    }

    /** In bytes a second. */
    private static boolean rate(JsonNode bytes, Map<Impairment, Integer> values) {
        if (!bytes.canConvertToInt() || bytes.asInt() % TcQdisc.BYTES_OF_KBIT != 0) {
            return false;
        }
        values.put(Impairment.RATE, bytes.asInt() / TcQdisc.BYTES_OF_KBIT);
        return true;
    }
}
