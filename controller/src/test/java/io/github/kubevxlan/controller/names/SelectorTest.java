package io.github.kubevxlan.controller.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.common.spec.Parsed;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectorTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                            | app=a       | true",
                "' '                           | ''          | true",
                "app=a                         | app=a       | true",
                "app==a                        | app=a       | true",
                "app = a                       | app=b       | false",
                "app=a                         | ''          | false",
                "app=                          | app=        | true",
                "app!=a                        | app=a       | false",
                "app!=a                        | app=b       | true",
                "app!=a                        | ''          | true",
                "app in (a, b)                 | app=b       | true",
                "app in (a,b)                  | app=c       | false",
                "app in (a)                    | ''          | false",
                "app notin (a, b)              | app=a       | false",
                "app notin (a, b)              | ''          | true",
                "app                           | app=x       | true",
                "app                           | ''          | false",
                "!app                          | app=x       | false",
                "!app                          | ''          | true",
                "example.com/app=a             | example.com/app=a | true",
                "app=a,tier in (x, y),!canary  | app=a;tier=y | true",
                "app=a,tier in (x, y),!canary  | app=a;tier=y;canary= | false",
            })
    void selectsAsKubectlDoes(String selector, String labels, boolean selects) {
        Map<String, String> map = Arrays.stream(labels.split(";"))
                .filter(label -> !label.isEmpty())
                .map(label -> label.split("=", 2))
                .collect(Collectors.toMap(label -> label[0], label -> label[1]));
        Parsed<Selector> parsed = Selector.parse("annotation a", selector);
        assertEquals(List.of(), parsed.problems());
        assertEquals(selects, parsed.value().matches(map));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "app=a b          | 1 | app=a b",
                "app=a,,tier=b    | 7 | ''",
                "app=a, tier>1    | 8 | tier>1",
                "app in (a, b     | 1 | 'app in (a, b'",
                "app in a         | 1 | app in a",
                "app in (a;b)     | 1 | app in (a;b)",
                "-app=a           | 1 | -app=a",
                "app=a/b          | 1 | app=a/b",
                "!app=a           | 1 | !app=a",
            })
    void aMistakeIsNamedWithItsPlace(String selector, int column, String found) {
        var problems = Selector.parse("annotation a", selector).problems();
        assertEquals(1, problems.size(), problems::toString);
        assertEquals("annotation a", problems.getFirst().where());
        assertEquals(column, problems.getFirst().column());
        assertEquals(found, problems.getFirst().found());
    }

    @Test
    void linesAreCounted() {
        var problem =
                Selector.parse("annotation a", "app=a,\n  tier=(").problems().getFirst();
        assertEquals(2, problem.line());
        assertEquals(3, problem.column());
    }

    @Test
    void aTextThatIsTooLongIsNotRead() {
        var problems = Selector.parse("annotation a", "a,".repeat(501)).problems();
        assertEquals(1, problems.size());
        assertTrue(problems.getFirst().allowed().contains("at most 1000 characters"));
    }
}
