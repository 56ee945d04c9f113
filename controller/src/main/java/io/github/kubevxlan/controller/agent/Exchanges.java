package io.github.kubevxlan.controller.agent;

import io.github.kubevxlan.controller.observe.MalformedReportException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.Semaphore;

/** Asks agents, and reads so much of their answers at once as memory allows. */
final class Exchanges {
    private static final int MOST_READ_AT_ONCE = 1 << 20;
    private static final int MOST_WORDS = 300;

    private final SecureRandom random;
    private final Semaphore reading = new Semaphore(MOST_READ_AT_ONCE, true);

    /** Takes what nonces are made of. */
    Exchanges(SecureRandom random) {
        this.random = random;
    }

    /** A report may take 30 times its length while it is read; so many bytes at once do, and the longest report alone. */
    <T> T run(AgentSession session, Exchange<T> exchange, Duration deadline)
            throws AgentException, MalformedReportException, InterruptedException {
        String output = session.run(exchange.text(), exchange.end(), exchange.expected(), deadline);
        int bytes = Math.min(output.length(), MOST_READ_AT_ONCE);
        reading.acquire(bytes);
        try {
            return exchange.reader().read(output);
        } finally {
            reading.release(bytes);
        }
    }

    /** 16 hexadecimal digits that no agent can know before. */
    String nonce() {
        byte[] bytes = new byte[8];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** An agent's words go into logs, Events and the pod's status. */
    static String printable(String words) {
        String plain = words.replaceAll("[^\\x20-\\x7e]", "?");
        return plain.length() > MOST_WORDS ? plain.substring(0, MOST_WORDS) + "..." : plain;
    }
}
