package io.github.kubevxlan.certs.kube;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.kubevxlan.certs.CertStore.Conflict;
import io.github.kubevxlan.certs.CertStore.StoreException;
import io.github.kubevxlan.certs.SecretData;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SecretStoreTest {
    private static final Map<String, byte[]> DATA = Map.of("a", new byte[] {1, 2});

    private final MockApiServer api = new MockApiServer();
    private final SecretStore store = new SecretStore(api.client(), MockApiServer.NAMESPACE, "ca", "Opaque");

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void keepsLabelsAndTypeOfASecretThatIsThere() throws Exception {
        api.client()
                .resource(MockApiServer.secret("ca", Map.of("app", "x"), Map.of()))
                .create();

        store.write(store.read(), DATA);

        assertEquals(Map.of("app", "x"), api.secret("ca").getMetadata().getLabels());
        assertEquals("example.com/any", api.secret("ca").getType());
        assertArrayEquals(DATA.get("a"), store.read().data().get("a"));
    }

    @Test
    void refusesToWriteASecretThatCameChangedOrWentSinceItWasRead() throws Exception {
        SecretData nothing = store.read();
        store.write(nothing, DATA);
        assertThrows(Conflict.class, () -> store.write(nothing, DATA));

        SecretData first = store.read();
        store.write(first, Map.of("a", new byte[] {3}));
        assertThrows(Conflict.class, () -> store.write(first, DATA));

        SecretData second = store.read();
        api.client()
                .secrets()
                .inNamespace(MockApiServer.NAMESPACE)
                .withName("ca")
                .delete();
        assertThrows(Conflict.class, () -> store.write(second, DATA));
        assertEquals(SecretData.ABSENT, store.read());
    }

    @ParameterizedTest
    @ValueSource(ints = {409, 404})
    void takesALostRaceInTheServerForAConflict(int code) throws Exception {
        store.write(store.read(), DATA);
        SecretData seen = store.read();
        api.server()
                .expect()
                .put()
                .withPath("/api/v1/namespaces/kube-system/secrets/ca")
                .andReturn(code, "{}")
                .once();

        assertThrows(Conflict.class, () -> store.write(seen, DATA));
    }

    @Test
    void leavesAloneWhatBelongsToCertManager() {
        api.client()
                .resource(MockApiServer.secret("ca", Map.of(), Map.of("cert-manager.io/certificate-name", "x")))
                .create();

        StoreException failure = assertThrows(StoreException.class, store::read);

        assertEquals(
                "Secret kube-system/ca belongs to cert-manager (annotation cert-manager.io/certificate-name) and is"
                        + " left alone; use TLS mode cert-manager, or delete the annotation",
                failure.getMessage());
    }
}
