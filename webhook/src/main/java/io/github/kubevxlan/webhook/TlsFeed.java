package io.github.kubevxlan.webhook;

/** Offers certificates to a {@link TlsReloader} until it is closed. */
public interface TlsFeed extends AutoCloseable {
    @Override
    void close();
}
