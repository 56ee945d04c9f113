package io.github.kubevxlan.cli.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CaptureTest {
    private static final byte[] STREAM = join(new Capture().header(), block(1, 8, 0), block(6, 24, 0));

    @Test
    void theHeaderIsASectionInLittleEndianOrder() {
        assertEquals(28, new Capture().header().length);
        assertArrayEquals(new byte[] {0x0a, 0x0d, 0x0d, 0x0a}, Arrays.copyOf(new Capture().header(), 4));
    }

    @Test
    void eachSourceIsAnInterfaceOfItsOwn() throws MalformedCaptureException {
        Capture capture = new Capture();
        Capture.Source one = capture.source();
        Capture.Source two = capture.source();

        assertArrayEquals(join(block(1, 8, 0), block(6, 24, 0)), two.take(STREAM, 0, STREAM.length));
        assertArrayEquals(join(block(1, 8, 0), block(6, 24, 1)), one.take(STREAM, 0, STREAM.length));
        assertEquals(2, capture.packets());
    }

    @Test
    void blocksMayBeCutAnywhere() throws MalformedCaptureException {
        Capture.Source source = new Capture().source();
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (int at = 0; at < STREAM.length; at++) {
            whole.writeBytes(source.take(STREAM, at, 1));
        }

        assertArrayEquals(join(block(1, 8, 0), block(6, 24, 0)), whole.toByteArray());
    }

    @Test
    void whatNoAgentSendsIsRefused() {
        List<byte[]> bad = List.of(
                "exec failed: no such file".getBytes(StandardCharsets.US_ASCII),
                block(6, 24, 0),
                join(block(1, 8, 0), block(1, 8, 0)),
                join(block(1, 8, 0), block(6, 4, 0)),
                join(block(1, 8, 0), block(99, 8, 0)),
                block(1, 4, 0),
                join(block(1, 8, 0), packet(8, 9)),
                join(block(1, 8, 0), packet(8, -1)),
                join(block(1, 8, 0), packet(0, Integer.MAX_VALUE)),
                Arrays.copyOf(block(1, 1 << 19, 0), 8),
                endingOtherwise(block(1, 8, 0)));
        for (byte[] bytes : bad) {
            assertThrows(
                    MalformedCaptureException.class,
                    () -> new Capture().source().take(bytes, 0, bytes.length));
        }
    }

    @Test
    void aFrameMayFillItsBlock() throws MalformedCaptureException {
        byte[] stream = join(block(1, 8, 0), packet(8, 8));

        assertArrayEquals(stream, new Capture().source().take(stream, 0, stream.length));
    }

    /** A packet with room for so many bytes, that says it has so many. */
    private static byte[] packet(int room, int captured) {
        byte[] block = block(6, 20 + room, 0);
        ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN).putInt(20, captured);
        return block;
    }

    private static byte[] endingOtherwise(byte[] block) {
        block[block.length - 4]++;
        return block;
    }

    /** A block whose body begins with a number and is zero otherwise. */
    private static byte[] block(int kind, int body, int first) {
        return ByteBuffer.allocate(body + 12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(kind)
                .putInt(body + 12)
                .putInt(kind == 1 ? 0 : first)
                .putInt(body + 8, body + 12)
                .array();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }
}
