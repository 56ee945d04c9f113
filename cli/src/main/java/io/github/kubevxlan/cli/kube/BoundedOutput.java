package io.github.kubevxlan.cli.kube;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** Takes what a program in a pod prints, up to a bound: it is untrusted. */
final class BoundedOutput extends ByteArrayOutputStream {
    private final int most;
    private final CompletableFuture<Void> line = new CompletableFuture<>();

    /** Takes so many bytes at most; what comes after them is dropped. */
    BoundedOutput(int most) {
        this.most = most;
    }

    /** Is done once there is a whole line. */
    CompletableFuture<Void> line() {
        return line;
    }

    /** What has come up to now. */
    String text() {
        return toString(StandardCharsets.UTF_8);
    }

    @Override
    public synchronized void write(int single) {
        write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) {
        int taken = Math.min(length, most - size());
        super.write(bytes, from, taken);
        for (int at = from; at < from + taken; at++) {
            if (bytes[at] == '\n') {
                line.complete(null);
                return;
            }
        }
    }
}
