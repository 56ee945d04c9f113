package io.github.kubevxlan.cli.state;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ReleaseTest {
    private static final Release USUAL = new Release("kube-system", "kube-vxlan-controller");

    @Test
    void aHelmReleaseIsMadeAgainByItsOwnName() {
        Map<String, String> helm =
                Map.of("meta.helm.sh/release-name", "overlay", "meta.helm.sh/release-namespace", "net");

        assertEquals(
                "helm --namespace net get manifest overlay | kubectl apply --filename -",
                USUAL.installedBy(helm).reapply());
    }

    @Test
    void whatHelmDoesNotKnowIsMadeAgainByTheManifest() {
        assertEquals(
                "kubectl apply --filename k8s.yaml", USUAL.installedBy(Map.of()).reapply());
    }

    @Test
    void ourOwnCommandsSayWhereTheReleaseIs() {
        assertEquals("vxlan inspect pod --namespace lab one", USUAL.inspect("lab", "one"));
        assertEquals(
                "vxlan inspect pod --namespace lab one --release-namespace net --release other",
                new Release("net", "other").inspect("lab", "one"));
    }
}
