package io.github.kubevxlan.common.cluster;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * JSON in UTF-8 that comes in pieces, cut anywhere, as the same JSON in ASCII: what is more than that can stand in strings
 * only, where it may be escaped (RFC 8259, section 7).
 */
final class AsciiJson {
    private static final int LAST_ASCII = 0x7f;
    private static final int LONGEST_CHARACTER = 4;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private final ByteBuffer begun = ByteBuffer.allocate(LONGEST_CHARACTER);

    /** Takes the next piece; gives all of the text up to its end but for a character that is not whole yet. */
    ByteBuffer next(ByteBuffer piece) {
        if (begun.position() == 0 && isAscii(piece)) {
            return piece;
        }
        ByteBuffer bytes = ByteBuffer.allocate(begun.position() + piece.remaining())
                .put(begun.flip())
                .put(piece)
                .flip();
        CharBuffer characters = CharBuffer.allocate(bytes.remaining());
        decoder.decode(bytes, characters, false);
        begun.clear().put(bytes);
        return StandardCharsets.US_ASCII.encode(escaped(characters.flip()));
    }

    private static boolean isAscii(ByteBuffer piece) {
        for (int i = piece.position(); i < piece.limit(); i++) {
            if (piece.get(i) < 0) {
                return false;
            }
        }
        return true;
    }

    private static String escaped(CharBuffer characters) {
        StringBuilder text = new StringBuilder(characters.remaining());
        while (characters.hasRemaining()) {
            char next = characters.get();
            if (next <= LAST_ASCII) {
                text.append(next);
            } else {
                text.append("\\u%04x".formatted((int) next));
            }
        }
        return text.toString();
    }
}
