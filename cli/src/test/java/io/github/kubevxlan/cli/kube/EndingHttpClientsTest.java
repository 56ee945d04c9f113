package io.github.kubevxlan.cli.kube;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.net.Authenticator;
import java.net.CookieManager;
import java.net.InetAddress;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;

class EndingHttpClientsTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final EndingHttpClients factory = new EndingHttpClients();
    private final CookieManager cookies = new CookieManager();
    private final SSLParameters parameters = new SSLParameters(new String[] {"TLS_AES_128_GCM_SHA256"});
    private final ProxySelector proxy = ProxySelector.of(null);
    private final Authenticator authenticator = new Authenticator() {};
    private final Executor executor = Runnable::run;

    /** What is made is held here, so that the garbage collector cannot end it. */
    @Test
    void theyEndWithTheKubernetesClient() throws NoSuchAlgorithmException, InterruptedException {
        HttpClient made;
        try (var _ = new KubernetesClientBuilder()
                .withConfig(Config.empty())
                .withHttpClientFactory(factory)
                .build()) {
            made = make();
        }

        assertTrue(made.awaitTermination(LONG), "its thread waits for packets that nobody wants");
    }

    @Test
    void theyAreAsTheKubernetesClientWantsThem() throws NoSuchAlgorithmException {
        try (HttpClient made = make()) {
            assertEquals(Optional.of(cookies), made.cookieHandler());
            assertEquals(Optional.of(LONG), made.connectTimeout());
            assertEquals(SSLContext.getDefault(), made.sslContext());
            assertEquals(
                    List.of(parameters.getCipherSuites()),
                    List.of(made.sslParameters().getCipherSuites()));
            assertEquals(Optional.of(executor), made.executor());
            assertEquals(HttpClient.Redirect.ALWAYS, made.followRedirects());
            assertEquals(HttpClient.Version.HTTP_1_1, made.version());
            assertEquals(Optional.of(proxy), made.proxy());
            assertEquals(Optional.of(authenticator), made.authenticator());
        }
    }

    /** With each option that there is. */
    private HttpClient make() throws NoSuchAlgorithmException {
        return factory.createNewHttpClientBuilder()
                .cookieHandler(cookies)
                .connectTimeout(LONG)
                .sslContext(SSLContext.getDefault())
                .sslParameters(parameters)
                .executor(executor)
                .followRedirects(HttpClient.Redirect.ALWAYS)
                .version(HttpClient.Version.HTTP_1_1)
                .priority(7)
                .proxy(proxy)
                .authenticator(authenticator)
                .localAddress(InetAddress.getLoopbackAddress())
                .build();
    }
}
