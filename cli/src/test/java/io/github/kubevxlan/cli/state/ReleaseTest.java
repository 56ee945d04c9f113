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

    @Test
    void commandsGoToTheClusterThatTheCallerChose() {
        Connection prod = new Connection("/my configs/prod", "prod", "https://10.0.0.1:6443");
        Release release = new Release("kube-system", "kube-vxlan-controller", prod);
        String options = "--kubeconfig '/my configs/prod' --context prod --server https://10.0.0.1:6443";

        assertEquals("kubectl " + options + " --namespace kube-system", release.kubectl());
        assertEquals("vxlan doctor " + options, release.vxlan("doctor"));
        assertEquals(
                "helm --kubeconfig '/my configs/prod' --kube-context prod --kube-apiserver https://10.0.0.1:6443"
                        + " --namespace kube-system get manifest kube-vxlan-controller | kubectl " + options
                        + " apply --filename -",
                release.reapply());
        assertEquals(
                "kubectl " + options + " apply --filename k8s.yaml",
                release.installedBy(Map.of()).reapply());
    }

    @Test
    void aNameThatAShellWouldReadOtherwiseIsQuoted() {
        assertEquals(
                "kubectl --context 'a'\\''; b' --namespace net",
                new Release("net", "x", new Connection("", "a'; b", "")).kubectl());
    }
}
