package io.github.kubevxlan.controller.agent;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** An API server on loopback that knows exec alone, each connection played by the test. */
final class ExecServer implements AutoCloseable {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455 section 1.3
    private static final int BINARY = 0x82;
    private static final int CLOSE = 8;

    /** The first line of each request. */
    final List<String> requests = new CopyOnWriteArrayList<>();

    private final ServerSocket socket;
    private final Play play;

    /** What the server does with one connection once a request came. */
    interface Play {
        void play(Connection connection) throws Exception;
    }

    ExecServer(Play play) throws IOException {
        this.play = play;
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String url() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void accept() {
        try {
            while (true) {
                Socket connection = socket.accept();
                Thread.ofVirtual().start(() -> serve(connection));
            }
        } catch (IOException e) {
            // the test is over
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            Connection connection = new Connection(socket);
            requests.add(connection.requestLine);
            try {
                play.play(connection);
            } catch (IOException e) {
                connection.ended.complete(null); // the client is gone
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** One connection, first of HTTP, then of WebSocket frames. */
    static final class Connection {
        /** Completes when the client ended it, by a frame or without. */
        final CompletableFuture<Void> ended = new CompletableFuture<>();

        private final DataInputStream in;
        private final OutputStream out;
        private final String requestLine;
        private String key = "";

        Connection(Socket socket) throws IOException {
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            out = socket.getOutputStream();
            requestLine = line();
            for (String header = line(); !header.isEmpty(); header = line()) {
                if (header.regionMatches(true, 0, "Sec-WebSocket-Key:", 0, 18)) {
                    key = header.substring(18).strip();
                }
            }
        }

        void answer(int status) throws IOException {
            answer(status, "");
        }

        void answer(int status, String body) throws IOException {
            write("HTTP/1.1 " + status + " so\r\nContent-Length: " + body.length() + "\r\nConnection: close\r\n\r\n"
                    + body);
        }

        /** Begins an answer that never ends; the connection ends then. */
        void breakOff() throws IOException {
            write("HTTP/1.1 5");
        }

        void upgrade() throws IOException, NoSuchAlgorithmException {
            byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Protocol: v4.channel.k8s.io\r\nSec-WebSocket-Accept: "
                    + Base64.getEncoder().encodeToString(digest) + "\r\n\r\n");
        }

        /** Sends up to 124 bytes on one of exec's channels. */
        void print(int channel, String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            out.write(new byte[] {(byte) BINARY, (byte) (1 + bytes.length), (byte) channel});
            out.write(bytes);
            out.flush();
        }

        /** What the client sends next, its channel first; empty when it ended the connection. */
        String read() throws IOException {
            int first = in.read();
            if (first < 0 || (first & 0x0f) == CLOSE) {
                ended.complete(null);
                return "";
            }
            int length = in.readUnsignedByte() & 0x7f;
            byte[] mask = new byte[4];
            byte[] payload = new byte[length == 126 ? in.readUnsignedShort() : length];
            in.readFully(mask);
            in.readFully(payload);
            for (int i = 0; i < payload.length; i++) {
                payload[i] ^= mask[i % 4];
            }
            return new String(payload, StandardCharsets.US_ASCII);
        }

        /** Reads until the client has ended the connection. */
        void awaitEnd() throws IOException {
            while (!read().isEmpty()) {}
        }

        private void write(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }

        private String line() throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
                line.write(next);
            }
            return line.toString(StandardCharsets.US_ASCII).strip();
        }
    }
}
