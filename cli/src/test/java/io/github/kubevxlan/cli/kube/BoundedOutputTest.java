package io.github.kubevxlan.cli.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BoundedOutputTest {
    private final BoundedOutput output = new BoundedOutput(5);

    @Test
    void whatIsBeyondTheBoundIsDropped() {
        output.write('1');
        output.write(new byte[] {'_', '2', '3', '4', '5', '6'}, 1, 5);
        output.write('7');

        assertEquals("12345", output.text());
    }

    @Test
    void aLineIsThereOnceItIsWhole() {
        output.writeBytes(new byte[] {'a', 'b'});
        assertFalse(output.line().isDone());

        output.writeBytes(new byte[] {'\n'});
        assertTrue(output.line().isDone());
    }

    @Test
    void aLineThatEndsBeyondTheBoundIsNone() {
        output.writeBytes(new byte[] {'1', '2', '3', '4', '5', '\n'});

        assertFalse(output.line().isDone());
    }
}
