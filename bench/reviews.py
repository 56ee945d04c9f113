"""AdmissionReviews as an API server sends them for labelled pods: eight of each size, the same ones every time.
`python3 reviews.py DIRECTORY` writes them."""
import json
import pathlib
import random
import string
import sys
import uuid

PREFIX = "vxlan.travelping.com"
VARIANTS = 8
# KiB -> containers
SIZES = {4: 1, 20: 3, 100: 8}
NETWORKS = ["vxeth0 ip=192.168.{0}.{1}/24 up", "vxeth1 ip=10.{0}.7.{1}/24", "vxeth2 name=data0 mtu=1400"]


def write(directory):
    """Writes SIZE-VARIANT.json files; returns their paths by size."""
    directory = pathlib.Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    paths = {}
    for size in SIZES:
        for variant in range(VARIANTS):
            path = directory / f"{size}-{variant}.json"
            path.write_text(of_size(size, variant))
            paths.setdefault(size, []).append(str(path))
    return paths


def of_size(size, variant):
    """The review whose length is nearest to SIZE KiB: it grows by environment variables."""
    target = size * 1024
    return min((text(size, variant, entries) for entries in range(90)), key=lambda t: abs(len(t) - target))


def text(size, variant, entries):
    return json.dumps(review(Words(f"{size} {variant}"), size, variant, entries), separators=(",", ":"))


class Words:
    """Names and ids by chance, from a seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def word(self, length):
        return "".join(self.random.choices(string.ascii_lowercase + string.digits, k=length))

    def uid(self):
        return str(uuid.UUID(int=self.random.getrandbits(128)))

    def number(self, most):
        return self.random.randrange(1, most)


def review(words, size, variant, entries):
    kind = {"group": "", "version": "v1", "kind": "Pod"}
    resource = {"group": "", "version": "v1", "resource": "pods"}
    request = {
        "uid": words.uid(), "kind": kind, "resource": resource, "requestKind": kind, "requestResource": resource,
        "namespace": "default", "operation": "CREATE",
        "userInfo": {
            "username": "system:serviceaccount:kube-system:replicaset-controller", "uid": words.uid(),
            "groups": ["system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated"],
            "extra": {"authentication.kubernetes.io/credential-id": ["JTI=" + words.uid()]}},
        "object": pod(words, size, variant, entries), "oldObject": None, "dryRun": False,
        "options": {"kind": "CreateOptions", "apiVersion": "meta.k8s.io/v1"}}
    return {"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1", "request": request}


def pod(words, size, variant, entries):
    spec = pod_spec(words, size, entries)
    metadata = pod_metadata(words, size, variant)
    if size > 4:
        metadata["managedFields"] = [{
            "manager": "kube-controller-manager", "operation": "Update", "apiVersion": "v1",
            "time": "2026-01-02T03:04:05Z", "fieldsType": "FieldsV1",
            "fieldsV1": {
                "f:metadata": fields({key: metadata[key] for key in ("labels", "annotations")}),
                "f:spec": fields({key: spec[key] for key in ("containers", "volumes", "restartPolicy")})}}]
    return {"kind": "Pod", "apiVersion": "v1", "metadata": metadata, "spec": spec, "status": {}}


def pod_metadata(words, size, variant):
    networks = [n.format(words.number(250), words.number(250)) for n in NETWORKS[:1 + variant % len(NETWORKS)]]
    annotations = {
        f"{PREFIX}/networks": ("\n" if variant % 2 else ", ").join(networks),
        "prometheus.io/scrape": "true", "checksum/config": words.word(64)}
    if size > 4:
        annotations["example.com/script"] = "".join(f'echo "{words.word(30)}"\n' for _ in range(size // 2))
    owner = f"upf-{words.word(10)}"
    return {
        "generateName": owner + "-", "namespace": "default", "uid": words.uid(),
        "creationTimestamp": "2026-01-02T03:04:05Z",
        "labels": {"app.kubernetes.io/name": "upf", "pod-template-hash": words.word(10), PREFIX: "true"},
        "annotations": annotations,
        "ownerReferences": [{
            "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": owner, "uid": words.uid(), "controller": True,
            "blockOwnerDeletion": True}]}


def pod_spec(words, size, entries):
    token = f"kube-api-access-{words.word(5)}"
    sources = [
        {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
        {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
        {"downwardAPI": {"items": [{
            "path": "namespace", "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}]}}]
    return {
        "volumes": [
            {"name": "config", "configMap": {"name": "upf-config", "defaultMode": 420}},
            {"name": token, "projected": {"sources": sources, "defaultMode": 420}}],
        "containers": [container(words, i, entries, token) for i in range(SIZES[size])],
        "restartPolicy": "Always", "terminationGracePeriodSeconds": 30, "dnsPolicy": "ClusterFirst",
        "serviceAccountName": "default", "serviceAccount": "default", "securityContext": {},
        "schedulerName": "default-scheduler",
        "tolerations": [
            {"key": f"node.kubernetes.io/{k}", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}
            for k in ("not-ready", "unreachable")],
        "priority": 0, "enableServiceLinks": True, "preemptionPolicy": "PreemptLowerPriority"}


def container(words, number, entries, token):
    made = {
        "name": f"app-{number}", "image": f"registry.example.com/{words.word(8)}/{words.word(10)}:1.{number}.1",
        "args": ["--config=/etc/app/config.yaml", f"--name=$(POD_NAME)-{words.word(6)}"],
        "ports": [{"name": f"http-{number}", "containerPort": 8080 + number, "protocol": "TCP"}],
        "env": [variable(words, i) for i in range(entries)],
        "resources": {
            "limits": {"cpu": "500m", "memory": "256Mi"}, "requests": {"cpu": "100m", "memory": "128Mi"}},
        "volumeMounts": [
            {"name": "config", "mountPath": "/etc/app"},
            {"name": token, "readOnly": True, "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"}],
        "livenessProbe": probe("/healthz"), "readinessProbe": probe("/readyz"),
        "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
        "imagePullPolicy": "IfNotPresent",
        "securityContext": {
            "capabilities": {"drop": ["ALL"]}, "runAsNonRoot": True, "allowPrivilegeEscalation": False}}
    if not entries:
        del made["env"]
    return made


def variable(words, number):
    name = f"APP_{words.word(6).upper()}_{number}"
    match number % 4:
        case 0:
            return {"name": name, "valueFrom": {"secretKeyRef": {"name": words.word(12), "key": words.word(8)}}}
        case 1:
            return {"name": name, "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "status.podIP"}}}
        case _:
            return {"name": name, "value": f'https://{words.word(12)}.svc.cluster.local/{words.word(30)}?q="{number}"'}


def probe(path):
    return {
        "httpGet": {"path": path, "port": 8080, "scheme": "HTTP"}, "initialDelaySeconds": 5, "timeoutSeconds": 1,
        "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}


def fields(value):
    """What managedFields say of a value."""
    if isinstance(value, dict):
        return {f"f:{key}": fields(each) for key, each in value.items()} | {".": {}}
    if isinstance(value, list) and value and isinstance(value[0], dict) and "name" in value[0]:
        return {'k:{"name":"%s"}' % each["name"]: fields(each) for each in value} | {".": {}}
    return {}


if __name__ == "__main__":
    write(sys.argv[1])
