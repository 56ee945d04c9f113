package io.github.kubevxlan.cli.ping;

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
        StringBuilder text = new StringBuilder()
                .append(ping.from())
                .append(" -> ")
                .append(ping.to())
                .append(" over network ")
                .append(ping.network())
                .append(": ")
                .append(ping.fromAddress())
                .append(" -> ")
                .append(ping.toAddress())
                .append('\n');
        line(text, "there", ping.arrived(), ping.sent(), ping.forwardBytes());
        line(text, "back", ping.answered(), ping.arrived(), ping.backwardBytes());
        LongSummaryStatistics rtt =
                ping.rttMicros().stream().mapToLong(Long::longValue).summaryStatistics();
        if (rtt.getCount() > 0) {
            text.append(String.format(
                    Locale.ROOT,
                    "  round trip  %.2f / %.2f / %.2f ms (least, mean, most)%n",
                    rtt.getMin() / MICROS,
                    rtt.getAverage() / MICROS,
                    rtt.getMax() / MICROS));
        }
        String reason = Table.printable(ping.reason());
        if (ping.endsAt() == Verdict.Place.NOWHERE) {
            text.append(ink.good(reason)).append('\n');
        } else {
            text.append(ink.bad(ping.endsAt().name().toLowerCase(Locale.ROOT) + ": "))
                    .append(reason)
                    .append("\n  $ ")
                    .append(Table.printable(ping.remedy()))
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
