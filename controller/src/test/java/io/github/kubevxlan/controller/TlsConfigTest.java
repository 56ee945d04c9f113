package io.github.kubevxlan.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.kubevxlan.certs.Lifetimes;
import io.github.kubevxlan.common.util.ConfigException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsConfigTest {
    @Test
    void keepsCertificatesOfAYearUnlessToldOtherwise() {
        assertEquals(
                Optional.of(new TlsConfig(
                        "kube-vxlan-controller-ca",
                        "kube-vxlan-controller-webhook-tls",
                        "kube-vxlan-controller",
                        "kube-vxlan-controller-webhook",
                        Lifetimes.DEFAULT)),
                read(Map.of()));
    }

    @Test
    void readsLifetimes() {
        Map<String, String> env = Map.of(
                "KUBEVXLAN_TLS_CA_LIFETIME", "2m",
                "KUBEVXLAN_TLS_LEAF_LIFETIME", "1m",
                "KUBEVXLAN_TLS_OVERLAP", "5s");
        assertEquals(
                Optional.of(new Lifetimes(Duration.ofMinutes(2), Duration.ofMinutes(1), Duration.ofSeconds(5))),
                read(env).map(TlsConfig::lifetimes));
    }

    @Test
    void whatIsNotSetFollowsTheServingCertificate() {
        assertEquals(
                Optional.of(new Lifetimes(Duration.ofDays(365), Duration.ofMinutes(1), Duration.ofSeconds(15))),
                read(Map.of("KUBEVXLAN_TLS_LEAF_LIFETIME", "1m")).map(TlsConfig::lifetimes));
        assertEquals(
                Optional.of(Duration.ofDays(800)),
                read(Map.of("KUBEVXLAN_TLS_LEAF_LIFETIME", "9600h"))
                        .map(tls -> tls.lifetimes().ca()));
    }

    @ParameterizedTest
    @CsvSource({
        "TLS_LEAF_LIFETIME, 29s, from 30s to",
        "TLS_CA_LIFETIME, 4319h, from 259200m to",
        "TLS_OVERLAP, 541h, from 0s to 32400m",
        "TLS_MODE, helm, 'self, cert-manager, files'"
    })
    void refusesWhatIsOutOfRange(String name, String value, String allowed) {
        ConfigException refused = assertThrows(ConfigException.class, () -> read(Map.of("KUBEVXLAN_" + name, value)));
        String message = String.valueOf(refused.getMessage());
        assertTrue(
                message.startsWith("KUBEVXLAN_" + name + ": found \"" + value) && message.contains(allowed), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cert-manager", "files"})
    void leavesCertificatesToOthersInTheOtherModes(String mode) {
        assertEquals(Optional.empty(), read(Map.of("KUBEVXLAN_TLS_MODE", mode)));
        assertThrows(
                ConfigException.class,
                () -> read(Map.of("KUBEVXLAN_TLS_MODE", mode, "KUBEVXLAN_CA_SECRET", "of-no-use")));
    }

    private static Optional<TlsConfig> read(Map<String, String> env) {
        return ControllerConfig.read(env).tls();
    }
}
