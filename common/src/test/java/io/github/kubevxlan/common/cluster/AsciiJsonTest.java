package io.github.kubevxlan.common.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AsciiJsonTest {
    @Test
    void charactersAreEscapedWhereverTheyAreCut() {
        byte[] text = "{\"a\":\"x\u00fc\u6f22\ud83d\ude00y\"}".getBytes(StandardCharsets.UTF_8);
        String wanted = "{\"a\":\"x\\u00fc\\u6f22\\ud83d\\ude00y\"}";
        for (int first = 0; first <= text.length; first++) {
            for (int second = first; second <= text.length; second++) {
                AsciiJson ascii = new AsciiJson();
                String given = given(ascii, text, 0, first)
                        + given(ascii, text, first, second)
                        + given(ascii, text, second, text.length);
                assertEquals(wanted, given, "cut at %d and %d".formatted(first, second));
            }
        }
    }

    @Test
    void whatIsAsciiIsNotCopied() {
        ByteBuffer piece = ByteBuffer.wrap("{\"a\":1}\n".getBytes(StandardCharsets.US_ASCII));
        assertSame(piece, new AsciiJson().next(piece));
    }

    private static String given(AsciiJson ascii, byte[] text, int from, int to) {
        ByteBuffer next = ascii.next(ByteBuffer.wrap(text, from, to - from));
        return StandardCharsets.US_ASCII.decode(next).toString();
    }
}
