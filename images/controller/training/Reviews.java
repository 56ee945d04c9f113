import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Admission reviews of pods as clusters have them, from 4 to 100 KiB. */
final class Reviews {
    static final String PREFIX = "vxlan.travelping.com";

    private static final int VARIABLES_PER_CONTAINER = 6;

    private Reviews() {}

    /** A review with an id of its own; the more containers, the more environment variables each of them has. */
    static String review(int number, int containers) {
        String networks = number % 2 == 0
                ? "vxeth0 ip=192.168.11.%d/24 up".formatted(number % 250 + 1)
                : "vxeth0 ip=10.0.7.%d/24\\nvxeth1 name=data0 mtu=1400".formatted(number % 250 + 1);
        return """
            {"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1",
             "request": {"uid": "uid-%1$d", "operation": "CREATE", "namespace": "default",
               "kind": {"group": "", "version": "v1", "kind": "Pod"},
               "resource": {"group": "", "version": "v1", "resource": "pods"},
               "userInfo": {"username": "system:serviceaccount:kube-system:replicaset-controller",
                            "groups": ["system:serviceaccounts", "system:authenticated"]},
               "object": {"apiVersion": "v1", "kind": "Pod",
                 "metadata": {"generateName": "app-%1$d-", "namespace": "default",
                   "labels": {"%2$s": "true", "app.kubernetes.io/name": "app", "pod-template-hash": "%1$d"},
                   "annotations": {"%2$s/networks": "%3$s", "checksum/config": "%4$s"},
                   "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "app-%1$d",
                                        "controller": true, "blockOwnerDeletion": true}],
                   "managedFields": [{"manager": "kube-controller-manager", "operation": "Update", "apiVersion": "v1",
                     "fieldsType": "FieldsV1", "fieldsV1": {"f:metadata": {"f:labels": {".": {}, "f:app": {}}}}}]},
                 "spec": {"volumes": [{"name": "config", "configMap": {"name": "app", "defaultMode": 420}}],
                   "containers": [%5$s],
                   "restartPolicy": "Always", "terminationGracePeriodSeconds": 30, "dnsPolicy": "ClusterFirst",
                   "securityContext": {}, "schedulerName": "default-scheduler", "priority": 0,
                   "tolerations": [{"key": "node.kubernetes.io/not-ready", "operator": "Exists",
                                    "effect": "NoExecute", "tolerationSeconds": 300}]},
                 "status": {}},
               "oldObject": null, "dryRun": false,
               "options": {"kind": "CreateOptions", "apiVersion": "meta.k8s.io/v1"}}}\
            """.formatted(number, PREFIX, networks, "0123456789abcdef".repeat(4), all(containers));
    }

    private static String all(int containers) {
        return IntStream.range(0, containers)
                .mapToObj(number -> container(number, containers * VARIABLES_PER_CONTAINER))
                .collect(Collectors.joining(", "));
    }

    private static String container(int number, int variables) {
        return """
            {"name": "app-%1$d", "image": "registry.example.com/team/app:1.%1$d",
             "args": ["--config=/etc/app/config.yaml"], "ports": [{"containerPort": 8080, "protocol": "TCP"}],
             "env": [%2$s],
             "resources": {"limits": {"cpu": "500m", "memory": "256Mi"}, "requests": {"cpu": "100m", "memory": "128Mi"}},
             "volumeMounts": [{"name": "config", "mountPath": "/etc/app"}],
             "livenessProbe": {"httpGet": {"path": "/healthz", "port": 8080, "scheme": "HTTP"}, "periodSeconds": 10},
             "imagePullPolicy": "IfNotPresent", "terminationMessagePath": "/dev/termination-log",
             "securityContext": {"capabilities": {"drop": ["ALL"]}, "runAsNonRoot": true}}\
            """.formatted(
                number,
                IntStream.range(0, variables).mapToObj(Reviews::variable).collect(Collectors.joining(", ")));
    }

    private static String variable(int number) {
        return number % 3 == 0 ? """
            {"name": "APP_%d", "valueFrom": {"secretKeyRef": {"name": "app", "key": "key"}}}\
            """.formatted(number) : """
                {"name": "APP_%1$d", "value": "https://app-%1$d.svc.cluster.local:8443/path?query=\\"%1$d\\""}\
                """.formatted(number);
    }
}
