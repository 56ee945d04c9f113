package io.github.kubevxlan.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.github.kubevxlan.common.util.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterOptionsTest {
    private static final String KUBECONFIG = """
        apiVersion: v1
        kind: Config
        current-context: here
        contexts: [{name: here, context: {cluster: here, user: here}}]
        users: [{name: here, user: {}}]
        clusters: [{name: here, cluster: {server: "https://localhost:1", certificate-authority: AUTHORITY}}]
        """;

    private static final String RUNTIMES_AUTHORITIES = "javax.net.ssl.trustStore";

    private static final String ANOTHER_AUTHORITY = """
        -----BEGIN CERTIFICATE-----
        MIIBfDCCASGgAwIBAgIUO12vxfsOpw+/HH1WYxy1CsKMmZowCgYIKoZIzj0EAwIw
        EjEQMA4GA1UEAwwHYW5vdGhlcjAgFw0yNjEyMDEwNTE2MDhaGA8yMTI2MTEwNzA1
        MTYwOFowEjEQMA4GA1UEAwwHYW5vdGhlcjBZMBMGByqGSM49AgEGCCqGSM49AwEH
        A0IABD2ZpSnZglY3lcvfwtAueH0H/dSWR3/e1hbW5QtRtEemKjaBwZ46FCtoz0Qy
        e5Vyns9lPj2tqPzFbUZFnC63ftSjUzBRMB0GA1UdDgQWBBQQWqv2cHiK//j9YFNb
        yrzSAbM9rTAfBgNVHSMEGDAWgBQQWqv2cHiK//j9YFNbyrzSAbM9rTAPBgNVHRMB
        Af8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQCIlN+JZ1PF6IgugyySnvbi3fkB
        gYx6sbbrH5yrcsQ1jAIhAL/uBYlxS6iKTiAm9q3XikEj08uGuvaDm0iO3gWxb5w7
        -----END CERTIFICATE-----
        """;

    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder = Path.of("");

    @AfterEach
    void forget() {
        System.clearProperty(Config.KUBERNETES_KUBECONFIG_FILE);
    }

    @Test
    void aKubeconfigThatIsNotThereIsTold() {
        Path nowhere = folder.resolve("nowhere");

        assertEquals("vxlan: cannot read the kubeconfig " + nowhere + "\n", failure(nowhere));
    }

    @Test
    void aCertificateThatIsNotThereIsTold() throws IOException {
        Path nowhere = folder.resolve("nowhere.crt");
        Path kubeconfig =
                Files.writeString(folder.resolve("config"), KUBECONFIG.replace("AUTHORITY", nowhere.toString()));

        assertEquals("vxlan: cannot use the certificates of the kubeconfig: " + nowhere + "\n", failure(kubeconfig));
        assertNull(System.getProperty(RUNTIMES_AUTHORITIES), "it is hidden while the client is made");
    }

    /** The client adds the Java runtime's authorities to that of the kubeconfig. */
    @Test
    void onlyTheKubeconfigsAuthorityIsTrusted() throws Exception {
        KubernetesMockServer server = new KubernetesMockServer(true);
        server.expect()
                .get()
                .withPath("/api/v1/pods")
                .andReturn(200, new PodList())
                .always();
        server.init();
        Path authority = Files.writeString(folder.resolve("another.crt"), ANOTHER_AUTHORITY);
        Path kubeconfig = Files.writeString(
                folder.resolve("config"),
                KUBECONFIG
                        .replace("https://localhost:1", "https://localhost:" + server.getPort())
                        .replace("AUTHORITY", authority.toString()));
        Path without = Files.writeString(
                folder.resolve("without"),
                Files.readString(kubeconfig).replace(", certificate-authority: " + authority, ""));
        Path runtimes = trustStore(server.getPort());
        try {
            System.setProperty(RUNTIMES_AUTHORITIES, runtimes.toString());
            assertEquals(List.of(), listPods(without));

            KubernetesClientException refused =
                    assertThrows(KubernetesClientException.class, () -> listPods(kubeconfig));
            assertTrue(Reason.line(refused).contains("certification path"), Reason.line(refused));
            assertEquals(runtimes.toString(), System.getProperty(RUNTIMES_AUTHORITIES), "others may need it later");
        } finally {
            System.clearProperty(RUNTIMES_AUTHORITIES);
            server.destroy();
        }
    }

    /** The Kubernetes client would take it for an RSA key. */
    @Test
    void aClientsKeyMayBeInTheNewerForm() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
        Path certificate = Files.writeString(folder.resolve("client.crt"), ANOTHER_AUTHORITY);
        Path file = Files.writeString(
                folder.resolve("client.key"),
                "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(key)
                        + "\n-----END PRIVATE KEY-----\n");
        Path kubeconfig = Files.writeString(
                folder.resolve("config"),
                KUBECONFIG
                        .replace("AUTHORITY", certificate.toString())
                        .replace(
                                "user: {}",
                                "user: {client-certificate: " + certificate + ", client-key: " + file + "}"));
        ClusterOptions options = new ClusterOptions();
        options.kubeconfig = kubeconfig.toString();

        try (KubernetesClient client = options.open()) {
            assertEquals("EC", client.getConfiguration().getClientKeyAlgo());
        }
        Files.delete(file);
        assertEquals("vxlan: cannot read the key of the kubeconfig: " + file + "\n", failure(kubeconfig));
    }

    private static List<Pod> listPods(Path kubeconfig) {
        ClusterOptions options = new ClusterOptions();
        options.kubeconfig = kubeconfig.toString();
        try (KubernetesClient client = options.open()) {
            return client.pods().inAnyNamespace().list().getItems();
        }
    }

    /** A store of the certificate that the server on this port has. */
    private Path trustStore(int port) throws GeneralSecurityException, IOException {
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, SSLUtils.trustManagers(null, null, true, null, null), null);
        KeyStore store = KeyStore.getInstance("JKS");
        store.load(null, null);
        try (SSLSocket socket = (SSLSocket) trusting.getSocketFactory().createSocket("localhost", port)) {
            socket.startHandshake();
            store.setCertificateEntry("server", socket.getSession().getPeerCertificates()[0]);
        }
        Path file = folder.resolve("runtime.jks");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, "changeit".toCharArray());
        }
        return file;
    }

    private String failure(Path kubeconfig) {
        List<String> arguments = List.of("list", "networks", "--kubeconfig", kubeconfig.toString());
        Terminal terminal = new Terminal(new PrintWriter(err), new PrintWriter(err), false, Progress.none());
        assertEquals(
                ExitCodes.NOT_DONE,
                Vxlan.commandLine("vxlan", terminal, InputStream.nullInputStream(), arguments)
                        .execute(arguments.toArray(String[]::new)));
        return err.toString();
    }
}
