package io.github.kubevxlan.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.cli.doctor.Selector.Term;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectorTest {
    @Test
    void anEmptyOneTakesEverything() {
        assertTrue(Selector.ALL.takes(Map.of()));
        assertTrue(Selector.ALL.takes(Map.of("team", "a")));
    }

    @Test
    void everyLabelAndEveryTermMustHold() {
        Selector selector = new Selector(
                Map.of("team", "a"),
                List.of(new Term("stage", "Exists", List.of()), new Term("name", "NotIn", List.of("lab"))));

        assertTrue(selector.takes(Map.of("team", "a", "stage", "test", "name", "other")));
        assertFalse(selector.takes(Map.of("team", "b", "stage", "test", "name", "other")));
        assertFalse(selector.takes(Map.of("team", "a", "name", "other")));
        assertFalse(selector.takes(Map.of("team", "a", "stage", "test", "name", "lab")));
    }

    @ParameterizedTest
    @CsvSource({
        "In, true, false, false",
        "NotIn, false, true, true",
        "Exists, true, true, false",
        "DoesNotExist, false, false, true",
        "Unknown, false, false, false"
    })
    void operatorsAreThoseOfTheApi(String operator, boolean same, boolean other, boolean absent) {
        Selector selector = new Selector(Map.of(), List.of(new Term("team", operator, List.of("a"))));

        assertEquals(same, selector.takes(Map.of("team", "a")));
        assertEquals(other, selector.takes(Map.of("team", "b")));
        assertEquals(absent, selector.takes(Map.of()));
    }
}
