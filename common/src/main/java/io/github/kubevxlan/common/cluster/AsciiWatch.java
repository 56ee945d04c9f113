package io.github.kubevxlan.common.cluster;

import io.fabric8.kubernetes.client.http.AsyncBody.Consumer;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Has watches receive ASCII alone. The client library decodes each piece that comes by itself and reads on behind the
 * end of what came out: one "ü" in an event breaks it if it is cut in two, and the next event if not. All would be listed
 * anew then.
 */
final class AsciiWatch implements Interceptor {
    private static final String WATCH = "watch=true";

    @Override
    public Consumer<List<ByteBuffer>> consumer(Consumer<List<ByteBuffer>> consumer, HttpRequest request) {
        if (!isWatch(request)) {
            return consumer;
        }
        AsciiJson ascii = new AsciiJson();
        return (pieces, body) ->
                consumer.consume(pieces.stream().map(ascii::next).toList(), body);
    }

    static boolean isWatch(HttpRequest request) {
        return Optional.ofNullable(request.uri().getQuery()).orElse("").contains(WATCH);
    }
}
