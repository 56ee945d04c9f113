package io.github.kubevxlan.e2e.harness;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reads a pcapng of one section in little-endian order, in which the name is the first option of each interface. */
public final class Pcapng {
    private static final int INTERFACE = 1;
    private static final int PACKET = 6;
    private static final int OPTIONS = 16;
    private static final int LENGTH = 20;
    private static final int DATA = 28;

    private Pcapng() {}

    /**
     * A frame.
     *
     * @param bytes all of it that was captured
     */
    public record Frame(ByteBuffer bytes) {
        private static final int TYPE = 12;
        private static final int IPV4 = 0x0800;
        private static final int SOURCE = 26;
        private static final int DESTINATION = 30;

        /** Whether it holds an IPv4 packet from an address. */
        public boolean isFrom(String address) {
            return has(SOURCE, address);
        }

        /** Whether it holds an IPv4 packet to an address. */
        public boolean isTo(String address) {
            return has(DESTINATION, address);
        }

        private boolean has(int at, String address) {
            return bytes.capacity() >= DESTINATION + Integer.BYTES
                    && bytes.getShort(TYPE) == IPV4
                    && dotted(bytes.slice(at, Integer.BYTES)).equals(address);
        }

        private static String dotted(ByteBuffer address) {
            return IntStream.range(0, Integer.BYTES)
                    .mapToObj(i -> Integer.toString(Byte.toUnsignedInt(address.get(i))))
                    .collect(Collectors.joining("."));
        }
    }

    /** The frames of each interface in their order, by the interface's name. */
    public static Map<String, List<Frame>> frames(Path file) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<String> names = new ArrayList<>();
        Map<String, List<Frame>> frames = new LinkedHashMap<>();
        while (buffer.hasRemaining()) {
            int at = buffer.position();
            int kind = buffer.getInt(at);
            if (kind == INTERFACE) {
                byte[] name = new byte[buffer.getShort(at + OPTIONS + Short.BYTES)];
                buffer.get(at + OPTIONS + Integer.BYTES, name);
                names.add(new String(name, StandardCharsets.UTF_8));
                frames.put(names.getLast(), new ArrayList<>());
            } else if (kind == PACKET) {
                ByteBuffer bytes = buffer.slice(at + DATA, buffer.getInt(at + LENGTH));
                frames.getOrDefault(names.get(buffer.getInt(at + 2 * Integer.BYTES)), new ArrayList<>())
                        .add(new Frame(bytes));
            }
            buffer.position(at + buffer.getInt(at + Integer.BYTES));
        }
        return frames;
    }
}
