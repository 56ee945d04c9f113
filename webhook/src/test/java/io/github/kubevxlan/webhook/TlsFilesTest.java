package io.github.kubevxlan.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.kubevxlan.certs.CertifiedKey;
import io.github.kubevxlan.certs.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsFilesTest {
    private final TestTls authority = new TestTls();
    private final CertifiedKey first = authority.pair(Duration.ofMinutes(10));
    private final CertifiedKey second = authority.pair(Duration.ofMinutes(20));
    private final TlsReloader tls = new TlsReloader();

    @TempDir
    Path directory;

    private TlsFiles files;

    @BeforeEach
    void start() {
        files = TlsFiles.start(directory, tls, Duration.ofMillis(10));
    }

    @AfterEach
    void stop() {
        files.close();
    }

    @Test
    void waitsForFilesThatAreNotThereYet() throws IOException {
        assertFalse(tls.isLoaded());
        write(directory, first);
        awaitServed(first);
    }

    @Test
    void servesPairThatReplacesTheOneInUse() throws IOException {
        write(directory, first);
        awaitServed(first);
        write(directory, second);
        awaitServed(second);
    }

    @Test
    void followsTheLinkByWhichTheKubeletChangesAVolume() throws IOException {
        write(Files.createDirectory(directory.resolve("..one")), first);
        write(Files.createDirectory(directory.resolve("..two")), second);
        Path data = directory.resolve("..data");
        Files.createSymbolicLink(data, Path.of("..one"));
        Files.createSymbolicLink(directory.resolve("tls.crt"), Path.of("..data", "tls.crt"));
        Files.createSymbolicLink(directory.resolve("tls.key"), Path.of("..data", "tls.key"));
        awaitServed(first);
        Path next = Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of("..two"));
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);
        awaitServed(second);
    }

    @Test
    void keepsPairInUseWhileFilesAreDamagedOrGone() throws IOException {
        write(directory, first);
        awaitServed(first);
        List<String> said = new CopyOnWriteArrayList<>();
        try (LogSpy _ = LogSpy.of(said, TlsFiles.class, TlsReloader.class)) {
            Files.writeString(directory.resolve("tls.key"), "no key");
            Await.until(() -> said.stream().anyMatch(line -> line.contains("no usable certificate")));
            awaitServed(first);
            Files.delete(directory.resolve("tls.crt"));
            Await.until(() -> said.stream().anyMatch(line -> line.contains("can't be read")));
            awaitServed(first);
        }
        write(directory, second);
        awaitServed(second);
    }

    private void awaitServed(CertifiedKey pair) {
        Optional<Instant> end = Optional.of(pair.certificate().getNotAfter().toInstant());
        Await.until(() -> tls.notAfter().equals(end));
        assertEquals(end, tls.notAfter());
    }

    private static void write(Path directory, CertifiedKey pair) throws IOException {
        Files.writeString(directory.resolve("tls.crt"), Pem.encode(pair.chain()));
        Files.writeString(directory.resolve("tls.key"), Pem.encode(pair.key()));
    }
}
