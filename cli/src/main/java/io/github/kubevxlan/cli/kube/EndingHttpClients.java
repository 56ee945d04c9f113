package io.github.kubevxlan.cli.kube;

import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientImpl;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.InetAddress;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * The JDK's HTTP clients, which end as soon as the Kubernetes client does. The Kubernetes client leaves them to the garbage
 * collector, and an exit of the JVM waits 300 ms for a thread that waits for packets.
 */
public final class EndingHttpClients extends JdkHttpClientFactory {
    private final Queue<HttpClient> made = new ConcurrentLinkedQueue<>();

    @Override
    protected HttpClient.Builder createNewHttpClientBuilder() {
        return new Remembering(super.createNewHttpClientBuilder(), made);
    }

    @Override
    protected void closeHttpClient(JdkHttpClientImpl client) {
        made.forEach(HttpClient::shutdownNow);
        super.closeHttpClient(client);
    }

    /** A builder that keeps what it makes, since nobody else gives it away. */
    private record Remembering(HttpClient.Builder builder, Queue<HttpClient> made) implements HttpClient.Builder {
        @Override
        public HttpClient build() {
            HttpClient client = builder.build();
            made.add(client);
            return client;
        }

        private HttpClient.Builder after(HttpClient.Builder ignored) {
            return this;
        }

        @Override
        public HttpClient.Builder cookieHandler(CookieHandler cookies) {
            return after(builder.cookieHandler(cookies));
        }

        @Override
        public HttpClient.Builder connectTimeout(Duration timeout) {
            return after(builder.connectTimeout(timeout));
        }

        @Override
        public HttpClient.Builder sslContext(SSLContext context) {
            return after(builder.sslContext(context));
        }

        @Override
        public HttpClient.Builder sslParameters(SSLParameters parameters) {
            return after(builder.sslParameters(parameters));
        }

        @Override
        public HttpClient.Builder executor(Executor executor) {
            return after(builder.executor(executor));
        }

        @Override
        public HttpClient.Builder followRedirects(HttpClient.Redirect policy) {
            return after(builder.followRedirects(policy));
        }

        @Override
        public HttpClient.Builder version(HttpClient.Version version) {
            return after(builder.version(version));
        }

        @Override
        public HttpClient.Builder priority(int priority) {
            return after(builder.priority(priority));
        }

        @Override
        public HttpClient.Builder proxy(ProxySelector selector) {
            return after(builder.proxy(selector));
        }

        @Override
        public HttpClient.Builder authenticator(Authenticator authenticator) {
            return after(builder.authenticator(authenticator));
        }

        @Override
        public HttpClient.Builder localAddress(InetAddress address) {
            return after(builder.localAddress(address));
        }
    }
}
