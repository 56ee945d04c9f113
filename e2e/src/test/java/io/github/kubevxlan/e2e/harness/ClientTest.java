package io.github.kubevxlan.e2e.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ClientTest {
    @Test
    void aWarningIsNoPartOfWhatIsRead() {
        assertEquals("{}\n", Client.run("sh", "-c", "echo warned >&2; echo '{}'"));
        assertEquals(
                new Client.Ended(3, "{}\n", "warned\n"),
                Client.runAnyhow("sh", "-c", "echo warned >&2; echo '{}'; exit 3"));
    }

    @Test
    void aFailureSaysAllThatWasPrinted() {
        AssertionError failure =
                assertThrows(AssertionError.class, () -> Client.run("sh", "-c", "echo one; echo other >&2; exit 3"));
        assertTrue(String.valueOf(failure.getMessage()).endsWith("status 3: one\nother\n"), failure.getMessage());
    }

    /** More than a pipe holds, on both. */
    @Test
    void muchIsReadFromBoth() {
        Client.Ended ended = Client.runAnyhow("sh", "-c", "head -c 300000 /dev/zero >&2; head -c 300000 /dev/zero");
        assertEquals(300_000, ended.result().length());
        assertEquals(300_000, ended.errors().length());
    }
}
