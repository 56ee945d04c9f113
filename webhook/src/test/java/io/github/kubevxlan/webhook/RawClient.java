package io.github.kubevxlan.webhook;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;

/** A connection on which anything can be said. */
final class RawClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *([0-9]+)\r\n");

    private final Socket socket;

    /**
     * What came back.
     *
     * @param status of HTTP, or {@code closed} where the connection ended without one
     * @param body of the answer
     */
    record Response(String status, String body) {
        static final Response CLOSED = new Response("closed", "");
    }

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    static RawClient plain(RunningWebhook running) throws IOException {
        return new RawClient(new Socket("localhost", running.webhook.port()));
    }

    static RawClient tls(RunningWebhook running) throws Exception {
        SSLSocket socket = (SSLSocket)
                running.authority.client().getSocketFactory().createSocket("localhost", running.webhook.port());
        socket.startHandshake();
        return new RawClient(socket);
    }

    RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    RawClient send(byte[] bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(bytes);
        out.flush();
        return this;
    }

    /** Says that nothing more will come. */
    RawClient end() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Says the same again and again until the connection ends, beside what else is done. */
    RawClient drip(String text) {
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    send(text);
                    Thread.sleep(100);
                }
            } catch (IOException | InterruptedException e) {
                // It has ended.
            }
        });
        return this;
    }

    /** Waits for the next answer. */
    Response response() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            InputStream in = socket.getInputStream();
            while (!isWhole(bytes.toString(StandardCharsets.ISO_8859_1))) {
                int next = in.read();
                if (next < 0) {
                    break;
                }
                bytes.write(next);
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("no answer", e);
        } catch (IOException e) {
            // Reset: what came before counts.
        }
        String text = bytes.toString(StandardCharsets.UTF_8);
        return text.startsWith("HTTP/1.1 ")
                ? new Response(text.substring(9, 12), text.substring(text.indexOf("\r\n\r\n") + 4))
                : Response.CLOSED;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static boolean isWhole(String text) {
        int end = text.indexOf("\r\n\r\n");
        Matcher length = LENGTH.matcher(text);
        return end >= 0 && length.find() && text.length() >= end + 4 + Integer.parseInt(length.group(1));
    }
}
