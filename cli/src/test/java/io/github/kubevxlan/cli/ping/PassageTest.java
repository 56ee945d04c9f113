package io.github.kubevxlan.cli.ping;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PassageTest {
    private static final String PROBE =
            "{\"sent\":3,\"answered\":1,\"rttMicros\":[412],\"forwardBytes\":1450,\"backwardBytes\":1400}\n";

    @Test
    void whatBothAgentsPrintIsPutTogether() {
        assertEquals(
                Optional.of(new Passage(new Passage.Packets(3, 2, 1), List.of(412L), new Passage.Largest(1450, 1400))),
                Passage.parse(PROBE, "{\"received\":2}\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"sh: not found|{\"received\":2}", "{}|{\"received\":2}", "{\"sent\":3}|''", "{\"sent\":3}|{}"})
    void whatNoAgentPrintsIsNoPassage(String probe, String echo) {
        assertEquals(Optional.empty(), Passage.parse(probe, echo));
    }

    @Test
    void thePortIsInTheFirstLine() {
        assertEquals(Optional.of(40123), Passage.port("{\"port\":40123}"));
        assertEquals(Optional.empty(), Passage.port("exec failed"));
    }
}
