package io.github.kubevxlan.cli.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OlderNotationTest {
    private final List<String> lost = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(strings = {"a, b", "a\n  up\n  ip=10.0.0.1/24\nb up=false,c", "a mtu=1400", " \n"})
    void whatIsStillReadStaysAsItIs(String text) {
        assertEquals(text, OlderNotation.networks(text, lost::add));
        assertEquals(List.of(), lost);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a colour=red up | a up",
                "a up=false up ip=10.0.0.1/24 | a up ip=10.0.0.1/24",
                "a\\n  up dstport=1\\n  ip=10.0.0.1/24\\nb,c x | a up ip=10.0.0.1/24\\nb\\nc",
                "a up, b, a up=false | a up\\nb",
                "__up\\na | __up\\na",
                "a up=maybe x | a up=maybe",
            })
    void whatWasPassedOverIsLeftOut(String text, String expected) {
        assertEquals(
                expected.replace("_", " ").replace("\\n", "\n"),
                OlderNotation.networks(text.replace("_", " ").replace("\\n", "\n"), lost::add));
    }

    @Test
    void whatIsLeftOutIsTold() {
        OlderNotation.networks("a colour=red, b, a up", lost::add);

        assertEquals(
                List.of(
                        "network a occurs twice: the second one is left out",
                        "network a: colour=red is left out, because the older controllers did not know such an option"),
                lost);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "100 | 100",
                "id=100 up | id=100 up",
                "id=1 colour=red id=2 | id=2",
                "id=x dstport=4789 | id=x dstport=4789"
            })
    void definitionsLikewise(String text, String expected) {
        assertEquals(expected, OlderNotation.definition("a", text, lost::add));
    }
}
