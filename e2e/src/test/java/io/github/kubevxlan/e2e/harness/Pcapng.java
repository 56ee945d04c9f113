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

/** Reads a pcapng of one section in little-endian order, in which the name is the first option of each interface. */
public final class Pcapng {
    private static final int INTERFACE = 1;
    private static final int PACKET = 6;
    private static final int OPTIONS = 16;

    private Pcapng() {}

    /** How many packets there are of each interface, by its name. */
    public static Map<String, Integer> packets(Path file) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<String> names = new ArrayList<>();
        Map<String, Integer> packets = new LinkedHashMap<>();
        while (buffer.hasRemaining()) {
            int at = buffer.position();
            int kind = buffer.getInt(at);
            if (kind == INTERFACE) {
                byte[] name = new byte[buffer.getShort(at + OPTIONS + Short.BYTES)];
                buffer.get(at + OPTIONS + Integer.BYTES, name);
                names.add(new String(name, StandardCharsets.UTF_8));
                packets.put(names.getLast(), 0);
            } else if (kind == PACKET) {
                packets.merge(names.get(buffer.getInt(at + 2 * Integer.BYTES)), 1, Integer::sum);
            }
            buffer.position(at + buffer.getInt(at + Integer.BYTES));
        }
        return packets;
    }
}
