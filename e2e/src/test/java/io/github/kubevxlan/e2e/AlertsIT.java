package io.github.kubevxlan.e2e;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.github.kubevxlan.e2e.harness.Alone;
import io.github.kubevxlan.e2e.harness.Certificates;
import io.github.kubevxlan.e2e.harness.Controller;
import io.github.kubevxlan.e2e.harness.Issuer;
import io.github.kubevxlan.e2e.harness.Lab;
import io.github.kubevxlan.e2e.harness.Networks;
import io.github.kubevxlan.e2e.harness.Pods;
import io.github.kubevxlan.e2e.harness.Prometheus;
import io.github.kubevxlan.e2e.harness.Shell;
import io.github.kubevxlan.e2e.harness.Silence;
import io.github.kubevxlan.e2e.harness.Stage;
import io.github.kubevxlan.e2e.harness.Webhook;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Each alert of the chart fires by the fault that it is for, and ends with it, in a real Prometheus. */
@Alone("stops the controllers, and the webhooks")
class AlertsIT {
    private static final String NETWORK = "e2e-alerts";

    @RegisterExtension
    static final Stage stage = Stage.named("alerts");

    private static Prometheus prometheus;
    private static List<Pod> members = List.of();

    @BeforeAll
    static void start() {
        stage.define(NETWORK, "id=8875 subnet=10.98.75.0/28");
        members = stage.start(Pods.member("one", NETWORK), Pods.member("two", NETWORK));
        prometheus = Prometheus.start();
    }

    @AfterAll
    static void stop() {
        prometheus.close();
    }

    @Test
    void noLeaderFiresWhileNoControllerRuns() {
        prometheus.awaitQuiet("KubeVxlanNoLeader");
        Controller.kill();
        try {
            prometheus.awaitFiring("KubeVxlanNoLeader");
        } finally {
            Controller.start();
        }
        prometheus.awaitQuiet("KubeVxlanNoLeader");
    }

    @Test
    void webhookDownFiresWhileNoWebhookRuns() {
        prometheus.awaitQuiet("KubeVxlanWebhookDown");
        int replicas = Webhook.stop();
        try {
            prometheus.awaitFiring("KubeVxlanWebhookDown");
        } finally {
            Webhook.start(replicas);
        }
        prometheus.awaitQuiet("KubeVxlanWebhookDown");
    }

    @Test
    void membersNotReadyFiresAsLongAsADefinitionDoesNotFit() {
        stage.define("e2e-unfit-alert", "8876");
        stage.start(Pods.member("unfit", "e2e-unfit-alert"));
        prometheus.awaitQuiet("KubeVxlanMembersNotReady");
        stage.define("e2e-unfit-alert", "id=8876 mtu=9000");
        prometheus.awaitFiring("KubeVxlanMembersNotReady");
        stage.define("e2e-unfit-alert", "id=8876 mtu=1400");
        prometheus.awaitQuiet("KubeVxlanMembersNotReady");
    }

    @Test
    void addressesScarceFiresUntilTheSubnetIsLarger() {
        stage.define("e2e-small-alert", "id=8877 subnet=10.98.77.0/30");
        prometheus.awaitQuiet("KubeVxlanAddressesScarce");
        stage.start(Pods.member("first", "e2e-small-alert"), Pods.member("second", "e2e-small-alert"));
        prometheus.awaitFiring("KubeVxlanAddressesScarce");
        stage.define("e2e-small-alert", "id=8877 subnet=10.98.77.0/28");
        prometheus.awaitQuiet("KubeVxlanAddressesScarce");
    }

    @Test
    void networksGoneFiresUntilTheConfigMapIsBack() {
        prometheus.awaitQuiet("KubeVxlanNetworksGone");
        ConfigMap before = Networks.deleteMap();
        try {
            prometheus.awaitFiring("KubeVxlanNetworksGone");
        } finally {
            Networks.restore(before);
            Networks.annotate("allow-delete", null);
        }
        prometheus.awaitQuiet("KubeVxlanNetworksGone");
    }

    /** As long as no controller runs, nobody renews what the webhook serves. */
    @Test
    void certificateEndsFiresUntilAControllerRenewsIt(@TempDir Path folder) {
        prometheus.awaitQuiet("KubeVxlanCertificateEnds");
        Controller.kill();
        try {
            Issuer.Pair ending = new Issuer(folder, "somebody").pair(1);
            Certificates.overwrite(
                    Certificates.TLS_SECRET,
                    Map.of(
                            "tls.crt", Certificates.encoded(ending.certificate()),
                            "tls.key", Certificates.encoded(ending.key())));
            prometheus.awaitFiring("KubeVxlanCertificateEnds", Webhook::hurryKubelet);
        } finally {
            Controller.start();
        }
        prometheus.awaitQuiet("KubeVxlanCertificateEnds", Webhook::hurryKubelet);
    }

    @Test
    void driftAndStrangersPacketsFireAsLongAsSomebodyDoesThat() {
        Pod stranger = stage.start(Pods.plain("stranger", "exec hold")).getFirst();
        Lab.inPod(stranger, """
            set -e
            /sbin/ip link add intruder type vxlan id 8875 dstport 14789 dev eth0 remote %s
            /sbin/ip address add 10.98.75.14/28 dev intruder
            /sbin/ip link set intruder up
            /sbin/ip neigh add 10.98.75.13 lladdr 02:00:00:00:00:01 dev intruder
            """.formatted(Pods.ip(members.getFirst())));
        Controller.setResync("1s");
        try {
            prometheus.awaitQuiet("KubeVxlanDriftRepeated");
            prometheus.awaitFiring(
                    "KubeVxlanDriftRepeated",
                    () -> members.forEach(
                            pod -> Lab.inPod(pod, "/sbin/ip neigh flush dev " + NETWORK + " nud permanent")));
            prometheus.awaitQuiet("KubeVxlanDriftRepeated");

            prometheus.awaitQuiet("KubeVxlanStrangersPackets");
            prometheus.awaitFiring(
                    "KubeVxlanStrangersPackets",
                    () -> Shell.run(stranger, Pods.APP, "ping -c 200 -i 0.01 -W 1 10.98.75.13"));
            prometheus.awaitQuiet("KubeVxlanStrangersPackets");
        } finally {
            Controller.setResync("5m");
        }
    }

    @Test
    void pathBrokenFiresUntilTheUnderlayIsMended() {
        String network = "e2e-path-alert";
        stage.define(network, "id=8515 subnet=10.85.15.0/24 ready=probed");
        stage.start(Pods.onNode(0, Pods.member("near", network)));
        prometheus.awaitQuiet("KubeVxlanPathBroken");
        Lab.outside("nft 'table bridge e2e-path { chain forward { type filter hook forward priority 0;"
                + " udp dport 14789 @th,96,24 8515 meta length gt 1300 drop; }; }'");
        try {
            stage.create(Pods.onNode(1, Pods.member("far", network)));
            prometheus.awaitFiring("KubeVxlanPathBroken");
        } finally {
            Lab.outside("nft delete table bridge e2e-path");
        }
        prometheus.awaitQuiet("KubeVxlanPathBroken");
        stage.ready("far");
    }

    @Test
    void agentsFailingFiresAsLongAsTheyEndAtOnce() {
        prometheus.awaitQuiet("KubeVxlanAgentsFailing");
        stage.create(Pods.withShell(Pods.member("failing", NETWORK), "#!/bin/sh\nexit 1"));
        prometheus.awaitFiring("KubeVxlanAgentsFailing");
        stage.delete("failing");
        prometheus.awaitQuiet("KubeVxlanAgentsFailing");
    }

    @Test
    void watchStaleFiresWhileTheWebhooksHearNothing() {
        prometheus.awaitQuiet("KubeVxlanWatchStale");
        try (Silence _ = Silence.of(Webhook.pods())) {
            prometheus.awaitFiring("KubeVxlanWatchStale");
        }
        prometheus.awaitQuiet("KubeVxlanWatchStale");
        Webhook.awaitReady();
    }

    /** Bodies that are huge and come slowly take all the memory there is for bodies, and each other's. */
    @Test
    void webhookFailingAndSlowFireWhileSomebodyFloodsTheWebhooks() {
        List<String> alerts = List.of("KubeVxlanWebhookFailing", "KubeVxlanWebhookSlow");
        alerts.forEach(prometheus::awaitQuiet);
        for (String alert : alerts) {
            prometheus.awaitFiring(alert, () -> Webhook.pods().forEach(AlertsIT::flood));
        }
        alerts.forEach(prometheus::awaitQuiet);
    }

    /** Sends six bodies of 9 MiB at once, three seconds each. */
    private static void flood(Pod webhook) {
        Lab.outside("""
            for i in $(seq 6); do
                head -c 9437184 /dev/zero | tr '\\0' ' ' | curl --silent --insecure --limit-rate 3M --output /dev/null \\
                    --header 'Content-Type: application/json' --data-binary @- https://%s:8443/mutate &
            done
            wait
            """.formatted(Pods.ip(webhook)));
    }
}
