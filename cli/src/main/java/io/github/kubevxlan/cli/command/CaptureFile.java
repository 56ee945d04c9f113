package io.github.kubevxlan.cli.command;

import io.github.kubevxlan.cli.capture.Capture;
import io.github.kubevxlan.cli.capture.MalformedCaptureException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes the packets of several captures to one output; stops the captures once it cannot be written any more. */
final class CaptureFile {
    private final OutputStream output;
    private final CompletableFuture<Boolean> stop;
    private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();

    /** Takes the output, and what stops the captures. */
    CaptureFile(OutputStream output, CompletableFuture<Boolean> stop) {
        this.output = output;
        this.stop = stop;
    }

    /** Is done when the captures shall stop. */
    CompletableFuture<Boolean> stop() {
        return stop;
    }

    /** Why the output could not be written at first; empty if it could. */
    Optional<IOException> failure() {
        return Optional.ofNullable(failure.get());
    }

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
                        failure.compareAndSet(null, e);
                        stop.complete(true);
                        throw e;
                    }
                }
            }
        };
    }
}
