package io.github.kubevxlan.certs;

import java.util.Map;

/**
 * Stores certificates: the Secrets of authority and serving certificate, and the webhook configurations that trust
 * them. It refuses a write if the object is not as it was in {@code seen}.
 */
public interface CertStore {
    /**
     * Reads the latest state, the components of {@link Snapshot} strictly one after another.
     *
     * @throws StoreException if it can't be read
     */
    Snapshot read();

    /** Creates or replaces the authority's Secret. */
    void writeCa(Snapshot seen, Map<String, byte[]> data) throws Conflict;

    /** Creates or replaces the serving certificate's Secret. */
    void writeTls(Snapshot seen, Map<String, byte[]> data) throws Conflict;

    /** Sets the bundle in every webhook of every configuration in {@code seen} where it differs. */
    void publish(Snapshot seen, CaBundle bundle) throws Conflict;

    /** Somebody else wrote first: read and decide again. */
    final class Conflict extends Exception {
        private static final long serialVersionUID = 1L;

        public Conflict(String message) {
            super(message);
        }
    }

    /** A request to the store failed; the message says which, on what, and why. */
    final class StoreException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public StoreException(String message) {
            super(message);
        }

        public StoreException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
