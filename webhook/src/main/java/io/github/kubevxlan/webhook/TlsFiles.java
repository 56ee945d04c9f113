package io.github.kubevxlan.webhook;

import io.github.kubevxlan.certs.SecretKeys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands on the certificate and key in a directory, now and whenever one of them changes. It reads them again and again:
 * the kubelet changes a mounted volume by a link, other tools write in place, and inotify reports neither reliably.
 */
final class TlsFiles implements TlsFeed {
    static final Duration PAUSE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);

    private final Path directory;
    private final TlsReloader tls;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("tls-files").factory());
    private Optional<Pair> offered = Optional.empty();
    private String failure = "";

    private record Pair(ByteBuffer chain, ByteBuffer key) {}

    private TlsFiles(Path directory, TlsReloader tls) {
        this.directory = directory;
        this.tls = tls;
    }

    /** Reads once, then again and again until it is closed; a pair that can't be read is tried again, too. */
    static TlsFiles start(Path directory, TlsReloader tls, Duration pause) {
        TlsFiles files = new TlsFiles(directory, tls);
        var _ = files.timer.scheduleWithFixedDelay(files::poll, 0, pause.toMillis(), TimeUnit.MILLISECONDS);
        return files;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private void poll() {
        try {
            Pair found = new Pair(read(SecretKeys.TLS_CERTIFICATE), read(SecretKeys.TLS_KEY));
            if (!offered.equals(Optional.of(found))) {
                tls.offer(
                        directory.toString(), found.chain().array(), found.key().array());
                offered = Optional.of(found);
            }
            failure = "";
        } catch (IOException | RuntimeException e) {
            warnOnce(e.toString());
        }
    }

    private ByteBuffer read(String name) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(directory.resolve(name)));
    }

    private void warnOnce(String reason) {
        if (!reason.equals(failure)) {
            LOG.warn("{}: certificate and key can't be read, the pair in use stays: {}", directory, reason);
        }
        failure = reason;
    }
}
