package io.github.kubevxlan.cli.view;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows under headings, as kubectl prints them: columns as wide as what is in them, three blanks between.
 *
 * @param headings in capitals, one a column
 * @param rows as many cells each as there are headings
 */
public record Table(List<String> headings, List<List<String>> rows) {
    private static final String GAP = "   ";
    private static final String NOTHING = "-";

    public Table {
        headings = List.copyOf(headings);
        rows = rows.stream().<List<String>>map(List::copyOf).toList();
    }

    /** Prints it, each line ended; an empty cell shows as a dash, and characters that move a terminal's cursor as "?". */
    public String text() {
        List<List<String>> lines = new ArrayList<>();
        lines.add(headings);
        rows.forEach(row -> lines.add(row.stream().map(Table::cell).toList()));
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            StringBuilder printed = new StringBuilder();
            for (int column = 0; column < line.size(); column++) {
                printed.append(line.get(column));
                if (column + 1 < line.size()) {
                    printed.append(" "
                                    .repeat(width(lines, column)
                                            - line.get(column).length()))
                            .append(GAP);
                }
            }
            text.append(printed.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static int width(List<List<String>> lines, int column) {
        return lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0);
    }

    private static String cell(String text) {
        return text.isEmpty() ? NOTHING : printable(text);
    }

    /**
     * Makes foreign text safe for a terminal: one line, without characters that move the cursor or reverse the text.
     */
    public static String printable(String text) {
        return text.replaceAll("\\s+", " ").replaceAll("\\p{C}", "?");
    }
}
