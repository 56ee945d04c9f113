package io.github.kubevxlan.cli.command;

import io.github.kubevxlan.cli.capture.Capture;
import io.github.kubevxlan.cli.capture.MalformedCaptureException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Writes the packets of several captures to one output; stops the captures once nobody reads the output any more. */
record CaptureFile(OutputStream output, CompletableFuture<Boolean> stop) {
    /**
     * The output of one of the captures.
     *
     * @param malformed takes why the capture's stream is no pcapng; nothing more of it is written then
     */
    OutputStream of(Capture.Source source, Consumer<String> malformed) {
        return new OutputStream() {
            private boolean broken;

            @Override
            public void write(int single) throws IOException {
                write(new byte[] {(byte) single}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                if (broken) {
                    return;
                }
                try {
                    write(source.take(bytes, from, length));
                } catch (MalformedCaptureException e) {
                    broken = true;
                    malformed.accept("it sent no pcapng: " + e.getMessage());
                }
            }

            @Override
            public void write(byte[] blocks) throws IOException {
                synchronized (output) {
                    try {
                        output.write(blocks);
                        output.flush();
                    } catch (IOException e) {
                        stop.complete(true);
                        throw e;
                    }
                }
            }
        };
    }
}
