package io.github.kubevxlan.common.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OverlayParserPropertyTest {
    private static final int CASES = 2_000;

    @Test
    void readsWhatItPrints() {
        for (int seed = 0; seed < CASES; seed++) {
            String text = new RandomOptions(seed).networks();
            Parsed<List<Entry>> first = OverlayParser.networks("N", text);
            assertEquals(List.of(), first.problems(), text);
            String printed = OverlayParser.print(first.value());
            assertEquals(
                    withoutPlace(first.value()),
                    withoutPlace(OverlayParser.networks("N", printed).value()),
                    text);
        }
    }

    @Test
    void readsDefinitionsThatItPrints() {
        for (int seed = 0; seed < CASES; seed++) {
            for (Entry entry : OverlayParser.networks("N", new RandomOptions(seed).networks())
                    .value()) {
                String printed = entry.options().toString();
                assertEquals(new Parsed<>(entry.options(), List.of()), OverlayParser.definition("D", printed));
            }
        }
    }

    @Test
    void answersAnyTextWithProblemsThatPointIntoIt() {
        for (int seed = 0; seed < 5 * CASES; seed++) {
            String text = new RandomOptions(seed).noise();
            List<String> lines = List.of(text.split("\n", -1));
            OverlayParser.definition("D", text).problems().forEach(problem -> assertPointsInto(lines, problem));
            OverlayParser.names("N", text).problems().forEach(problem -> assertPointsInto(lines, problem));
            Parsed<List<Entry>> parsed = OverlayParser.networks("N", text);
            parsed.problems().forEach(problem -> assertPointsInto(lines, problem));
            assertEquals(
                    withoutPlace(parsed.value()),
                    withoutPlace(OverlayParser.networks("N", OverlayParser.print(parsed.value()))
                            .value()));
        }
    }

    private static void assertPointsInto(List<String> lines, Problem problem) {
        assertTrue(problem.line() >= 1 && problem.line() <= lines.size(), problem.toString());
        int length = lines.get(problem.line() - 1).length();
        assertTrue(problem.column() >= 1 && problem.column() <= length + 1, problem.toString());
    }

    private static String withoutPlace(List<Entry> entries) {
        return entries.stream().map(Entry::toString).collect(Collectors.joining("|"));
    }
}
