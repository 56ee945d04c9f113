package io.github.kubevxlan.cli.capture;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One pcapng (draft-ietf-opsawg-pcapng) of the streams of several agents: one section, and an interface for each stream.
 * Packets stand in the order in which they came here; those of different interfaces may differ from the order of their times.
 */
public final class Capture {
    private static final int SECTION = 0x0a0d0d0a;
    private static final int INTERFACE = 1;
    private static final int PACKET = 6;
    private static final int ORDER = 0x1a2b3c4d;
    private static final int HEAD = 8;
    private static final int LEAST = 12;
    private static final int LEAST_INTERFACE = LEAST + 8;
    private static final int LEAST_PACKET = LEAST + 20;
    private static final int CAPTURED = 20;

    /** A frame has 256 KiB at most; the rest is for its headers. */
    private static final int MOST = (1 << 18) + 1024;

    private int interfaces;
    private long packets;

    /** Its first bytes. */
    public byte[] header() {
        return ByteBuffer.allocate(28)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(SECTION)
                .putInt(28)
                .putInt(ORDER)
                .putShort((short) 1)
                .putShort((short) 0)
                .putLong(-1)
                .putInt(28)
                .array();
    }

    /** How many packets it has. */
    public synchronized long packets() {
        return packets;
    }

    /** One more stream. */
    public Source source() {
        return new Source();
    }

    /** The stream of one agent, with one interface, in little-endian order. It is untrusted. */
    public final class Source {
        private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
        private int wanted = HEAD;
        private int id = -1;

        /**
         * Takes the next bytes of the stream; blocks may be cut anywhere.
         *
         * @return what to write of it: whole blocks, maybe none
         * @throws MalformedCaptureException if these are no blocks of the kinds that an agent sends
         */
        public byte[] take(byte[] bytes, int from, int length) throws MalformedCaptureException {
            pending.write(bytes, from, length);
            if (pending.size() < wanted) {
                return new byte[0];
            }
            ByteBuffer buffer = ByteBuffer.wrap(pending.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
            ByteArrayOutputStream whole = new ByteArrayOutputStream();
            wanted = HEAD;
            while (buffer.remaining() >= HEAD) {
                int size = size(buffer);
                if (buffer.remaining() < size) {
                    wanted = size;
                    break;
                }
                block(buffer.slice(buffer.position(), size).order(ByteOrder.LITTLE_ENDIAN), whole);
                buffer.position(buffer.position() + size);
            }
            pending.reset();
            pending.write(buffer.array(), buffer.position(), buffer.remaining());
            return whole.toByteArray();
        }

        private static int size(ByteBuffer buffer) throws MalformedCaptureException {
            int size = buffer.getInt(buffer.position() + Integer.BYTES);
            if (size < LEAST || size > MOST || size % Integer.BYTES != 0) {
                throw new MalformedCaptureException("a block of " + Integer.toUnsignedString(size) + " bytes");
            }
            return size;
        }

        private void block(ByteBuffer block, ByteArrayOutputStream whole) throws MalformedCaptureException {
            int kind = block.getInt(0);
            int size = block.capacity();
            if (block.getInt(size - Integer.BYTES) != size) {
                throw new MalformedCaptureException("a block that says another length at its end");
            }
            if (kind == SECTION) {
                return;
            }
            if (kind == INTERFACE && id < 0 && size >= LEAST_INTERFACE) {
                id = nextInterface();
            } else if (kind == PACKET && id >= 0 && size >= LEAST_PACKET) {
                long captured = Integer.toUnsignedLong(block.getInt(CAPTURED));
                if (captured > size - LEAST_PACKET) {
                    throw new MalformedCaptureException("a frame of " + captured + " bytes in a block of " + size);
                }
                block.putInt(HEAD, id);
                count();
            } else {
                throw new MalformedCaptureException("an unexpected block of kind " + kind);
            }
            byte[] bytes = new byte[block.capacity()];
            block.get(0, bytes);
            whole.write(bytes, 0, bytes.length);
        }
    }

    private synchronized int nextInterface() {
        return interfaces++;
    }

    private synchronized void count() {
        packets++;
    }
}
