package io.github.kubevxlan.webhook;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Security;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/** Asks the webhook for each version of TLS in a process whose JDK disables none; ends with 0 if it speaks 1.2 and 1.3. */
final class OlderTls {
    private OlderTls() {}

    /** Takes no arguments. */
    static void main() throws Exception {
        Security.setProperty("jdk.tls.disabledAlgorithms", "");
        try (RunningWebhook running = new RunningWebhook()) {
            List<String> versions = List.of("TLSv1.3", "TLSv1.2", "TLSv1.1", "TLSv1");
            List<String> defaults =
                    List.of(SSLContext.getDefault().getDefaultSSLParameters().getProtocols());
            check(defaults.equals(versions), "the JDK speaks " + defaults);
            // Of the older versions' ciphers the server's library has none by default: so what it offers says more.
            Set<String> offered = Set.of(running.tls.factory().newSSLEngine().getEnabledProtocols());
            check(offered.equals(Set.of("TLSv1.3", "TLSv1.2")), "the webhook offers " + offered);
            List<String> spoken = versions.stream()
                    .filter(version -> speaks(running, version))
                    .toList();
            check(spoken.equals(List.of("TLSv1.3", "TLSv1.2")), "the webhook speaks " + spoken);
        }
        System.exit(0);
    }

    private static boolean speaks(RunningWebhook running, String version) {
        try (SSLSocket socket = (SSLSocket)
                running.authority.client().getSocketFactory().createSocket("localhost", running.webhook.port())) {
            socket.setEnabledProtocols(new String[] {version});
            socket.startHandshake();
            return socket.getSession().getProtocol().equals(version);
        } catch (SSLException e) {
            return false;
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            System.out.println(otherwise);
            System.exit(1);
        }
    }
}
