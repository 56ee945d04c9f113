package io.github.kubevxlan.controller.observe;

/** How many objects of a kind an agent may report: one that a user brings may report more than any kernel has. */
public final class ReportBounds {
    /** The longest answer of our own agent has room for about as many devices. */
    public static final int MOST = 10_000;

    private ReportBounds() {}

    /** Takes the kind's name in the report, and how many it holds. */
    public static void check(String section, int count) throws MalformedReportException {
        if (count > MOST) {
            throw new MalformedReportException(
                    section, "it has " + count + " of them, and at most " + MOST + " are read");
        }
    }
}
