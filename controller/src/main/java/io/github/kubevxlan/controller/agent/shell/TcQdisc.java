package io.github.kubevxlan.controller.agent.shell;

import io.github.kubevxlan.common.spec.Impairment;
import io.github.kubevxlan.controller.diff.RefusedQdiscs;
import io.github.kubevxlan.controller.overlay.Qdisc;
import io.github.kubevxlan.controller.overlay.Qdisc.Kind;

/** Qdiscs as {@code tc} takes them, and the functions of a script that changes or reports some. */
final class TcQdisc {
    /** A burst is 10 ms of the rate, the queue behind it another 100 ms; neither is ever less than this. */
    private static final int LEAST_BYTES = 16_384;

    static final int BYTES_OF_KBIT = 125;

    /**
     * The kernel replaces any qdisc at the root, so the script looks for somebody else's first. It keeps of netem
     * what is left out, so all of it is said. BusyBox' tc has neither JSON nor netem, and so put none.
     */
    static final String FUNCTIONS =
            """
            tc=/sbin/tc; [ -x $tc ] || tc=$(command -v tc) || tc=
            put_qdisc() {
            [ -n "$tc" ] || { echo "%1$s$1: %2$s"; return 1; }
            case "$($tc qdisc show dev "$1" 2>/dev/null)" in
            *' %3$s root '*|*' %4$s root '*|*' 0: root '*|'') ;;
            *) echo "%1$s$1: File exists"; return 1;;
            esac
            link=$1; shift
            words=$($tc qdisc replace dev "$link" root handle "$@" 2>&1) || { echo "%1$s$link: $words"; return 1; }
            }
            del_qdisc() {
            [ -z "$tc" ] || for handle in %3$s %4$s; do $tc qdisc del dev "$1" root handle $handle 2>/dev/null; done; :
            }
            qdiscs() {
            [ -n "$tc" ] && words=$($tc -j qdisc show 2>/dev/null) && echo "$words" || echo none
            }
            """.formatted(RefusedQdiscs.SUBJECT, RefusedQdiscs.NO_TC, Kind.NETEM.handle(), Kind.TBF.handle());

    private TcQdisc() {}

    /** The handle and what follows it. */
    static String words(Qdisc qdisc) {
        return qdisc.kind().handle() + " " + qdisc.kind() + " "
                + switch (qdisc.kind()) {
                    case NETEM -> netem(qdisc);
                    case TBF -> tbf(qdisc);
                };
    }

    private static String netem(Qdisc qdisc) {
        return "limit " + qdisc.limit() + " delay " + microseconds(qdisc, Impairment.DELAY) + " "
                + microseconds(qdisc, Impairment.JITTER) + " 0% loss " + percent(qdisc, Impairment.LOSS)
                + " 0% duplicate " + percent(qdisc, Impairment.DUPLICATE) + " 0% reorder "
                + percent(qdisc, Impairment.REORDER) + " 0% corrupt " + percent(qdisc, Impairment.CORRUPT) + " 0% rate "
                + qdisc.value(Impairment.RATE) + "kbit";
    }

    private static String tbf(Qdisc qdisc) {
        int kbit = qdisc.value(Impairment.RATE);
        int bytes = kbit * BYTES_OF_KBIT;
        int burst = Math.max(bytes / 100, LEAST_BYTES);
        return "rate " + kbit + "kbit burst " + burst + " limit " + (burst + Math.max(bytes / 10, LEAST_BYTES));
    }

    private static String microseconds(Qdisc qdisc, Impairment impairment) {
        return qdisc.value(impairment) + "us";
    }

    private static String percent(Qdisc qdisc, Impairment impairment) {
        return impairment.print(qdisc.value(impairment));
    }
}
