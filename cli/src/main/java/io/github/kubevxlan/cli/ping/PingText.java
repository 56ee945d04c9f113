package io.github.kubevxlan.cli.ping;

import io.github.kubevxlan.cli.ping.Passage.Largest;
import io.github.kubevxlan.cli.ping.Passage.Packets;
import io.github.kubevxlan.cli.view.Ink;
import io.github.kubevxlan.cli.view.Table;
import java.util.Locale;
import java.util.LongSummaryStatistics;

/** A ping as text for people. */
public final class PingText {
    private static final double MICROS = 1000;

    private PingText() {}

    /** Who, what arrived in both directions, round trips, and where it ends. */
    public static String of(PingView ping, Ink ink) {
        PingView.Way way = ping.way();
        StringBuilder text = new StringBuilder()
                .append(way.from())
                .append(" -> ")
                .append(way.to())
                .append(" over network ")
                .append(way.network())
                .append(": ")
                .append(way.fromAddress())
                .append(" -> ")
                .append(way.toAddress())
                .append('\n');
        Packets packets = ping.overlay().packets();
        Largest largest = ping.overlay().largest();
        line(text, "there", packets.arrived(), packets.sent(), largest.forwardBytes());
        line(text, "back", packets.answered(), packets.arrived(), largest.backwardBytes());
        LongSummaryStatistics rtt =
                ping.overlay().rttMicros().stream().mapToLong(Long::longValue).summaryStatistics();
        if (rtt.getCount() > 0) {
            text.append(String.format(
                    Locale.ROOT,
                    "  round trip  %.2f / %.2f / %.2f ms (least, mean, most)%n",
                    rtt.getMin() / MICROS,
                    rtt.getAverage() / MICROS,
                    rtt.getMax() / MICROS));
        }
        Verdict verdict = ping.verdict();
        String reason = Table.printable(verdict.reason());
        if (verdict.endsAt() == Verdict.Place.NOWHERE) {
            text.append(ink.good(reason)).append('\n');
        } else {
            text.append(ink.bad(verdict.endsAt().name().toLowerCase(Locale.ROOT) + ": "))
                    .append(reason)
                    .append("\n  $ ")
                    .append(Table.printable(verdict.remedy()))
                    .append('\n');
        }
        ping.others()
                .forEach(other -> text.append("  apart from that: ")
                        .append(Table.printable(other))
                        .append('\n'));
        return text.toString();
    }

    private static void line(StringBuilder text, String way, int came, int of, int bytes) {
        text.append(String.format(
                Locale.ROOT,
                "  %-10s  %d of %d arrived%s%n",
                way,
                came,
                of,
                bytes == 0 ? "" : ", packets of up to " + bytes + " bytes"));
    }
}
