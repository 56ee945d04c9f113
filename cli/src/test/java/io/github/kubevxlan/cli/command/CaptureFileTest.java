package io.github.kubevxlan.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.cli.capture.Capture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaptureFileTest {
    @Test
    void aStreamThatIsNoPcapngIsToldOnceAndLeavesTheOthersAlone() throws IOException {
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        CaptureFile file = new CaptureFile(written, new CompletableFuture<>());
        Capture capture = new Capture();
        List<String> told = new ArrayList<>();
        byte[] wrong = "exec failed: no such file".getBytes(StandardCharsets.US_ASCII);
        byte[] right = {1, 0, 0, 0, 20, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0};

        try (OutputStream one = file.of(capture.source(), told::add);
                OutputStream two = file.of(capture.source(), told::add)) {
            one.write(wrong, 0, wrong.length);
            one.write(right, 0, right.length);
            two.write(right, 0, right.length);
        }

        assertEquals(List.of("it sent no pcapng: a block of 1767990816 bytes"), told);
        assertEquals(20, written.size());
    }

    @Test
    void aDiskThatIsFullEndsTheCaptureAndIsTold() {
        CompletableFuture<Boolean> stop = new CompletableFuture<>();
        CaptureFile file = new CaptureFile(
                new OutputStream() {
                    @Override
                    public void write(int single) throws IOException {
                        throw new IOException("No space left on device");
                    }
                },
                stop);

        assertThrows(
                IOException.class,
                () -> file.of(new Capture().source(), _ -> {}).write(new byte[] {1}));

        assertTrue(stop.isDone());
        assertEquals(Optional.of("No space left on device"), file.failure().map(IOException::getMessage));
    }

    @ParameterizedTest
    @CsvSource({"Broken pipe, -, true", "No space left on device, -, false", "Broken pipe, file, false"})
    void onlyTheReaderOfAPipeMayBeGone(String words, String file, boolean gone) {
        assertEquals(gone, CaptureCommand.isReaderGone(file, new IOException(words)));
    }
}
