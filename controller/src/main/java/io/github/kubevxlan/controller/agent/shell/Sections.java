package io.github.kubevxlan.controller.agent.shell;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A script's output, split at its own lines: {@code @NONCE NAME} begins a part, {@code @NONCE done STATUS} ends it with the
 * exit status of what printed it. What stands outside of parts are complaints.
 */
final class Sections {
    private static final String DONE = "done ";

    private final Map<String, StringBuilder> texts = new LinkedHashMap<>();
    private final Map<String, String> statuses = new HashMap<>();
    private final StringBuilder complaints = new StringBuilder();

    private Sections() {}

    static Sections split(String output, String nonce) {
        Sections all = new Sections();
        String mark = "@" + nonce + " ";
        String done = mark + DONE;
        String name = "";
        StringBuilder current = all.complaints;
        for (int from = 0; from <= output.length(); ) {
            int to = lineEnd(output, from);
            if (output.startsWith(done, from)) {
                all.statuses.put(name, output.substring(from + done.length(), to));
                current = all.complaints;
            } else if (output.startsWith(mark, from)) {
                name = output.substring(from + mark.length(), to);
                current = all.texts.computeIfAbsent(name, _ -> new StringBuilder());
            } else {
                current.append(output, from, to).append('\n');
            }
            from = to + 1;
        }
        return all;
    }

    Set<String> names() {
        return texts.keySet();
    }

    /** A part's text; empty if it is not there. */
    String text(String name) {
        StringBuilder text = texts.get(name);
        return text == null ? "" : text.toString();
    }

    /** Whether a part was printed to its end. */
    boolean isWhole(String name) {
        return statuses.containsKey(name);
    }

    /** Whether what printed a part succeeded. */
    boolean isGood(String name) {
        return "0".equals(statuses.get(name));
    }

    String complaints() {
        return complaints.toString();
    }

    /** Where the line ends that begins there. A list of all lines would take many times what they hold. */
    private static int lineEnd(String text, int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end;
    }
}
