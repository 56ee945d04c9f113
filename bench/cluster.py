"""A cluster without nodes: etcd, the API server alone, bench/peer/kubelet for all kubelets, pods that are network namespaces,
and the real controller. In namespaces of its own, whose end ends it."""
import http.client
import json
import os
import pathlib
import signal
import ssl
import subprocess
import time
import urllib.request

PREFIX = "vxlan.travelping.com"
NETWORK = "bench"
SYSTEM = "kube-system"
NODE_PODS = 100
IMAGE = "agent@sha256:" + "0" * 64
TOKEN = "bench"
KUBELET = 10250
API = 6443
NEVER = 600


def await_that(what, holds, seconds=NEVER, pause=0.05):
    until = time.monotonic() + seconds
    while not (found := holds()):
        if time.monotonic() > until:
            raise SystemExit(f"bench: {what}: not within {seconds} s")
        time.sleep(pause)
    return found


class Process:
    """A program that runs until the cluster ends, with its log."""

    def __init__(self, work, name, command, **environment):
        self.log = work / f"{name}.log"
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                            env={**os.environ, **environment})

    def cpu(self):
        """User and system seconds, those of children that ended included."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(") ")[2].split()
        return sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


class Api:
    """The API server, by one connection."""

    def __init__(self):
        context = ssl._create_unverified_context()
        self.connection = http.client.HTTPSConnection("127.0.0.1", API, context=context, timeout=60)

    def call(self, method, path, body=None, kind="application/json"):
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": kind}
        self.connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        response = self.connection.getresponse()
        text = response.read()
        if response.status >= 300:
            raise RuntimeError(f"{method} {path}: {response.status} {text[:300]}")
        return json.loads(text) if text[:1] == b"{" else text.decode()

    def is_ready(self):
        try:
            self.call("GET", "/readyz")
            self.call("GET", f"/api/v1/namespaces/{SYSTEM}")
            self.call("GET", "/api/v1/namespaces/default")
            return True
        except (OSError, RuntimeError, http.client.HTTPException):
            self.connection.close()
            return False


class Cluster:
    """Takes the folder to work in and the programs: etcd, apiserver, kubelet, agent, java, jar; a dictionary of paths."""

    def __init__(self, work, programs, delay):
        self.work, self.programs = work, programs
        self.members = work / "members"
        self.members.mkdir(parents=True)
        self.holders = {}
        self.numbers = {}
        self.controllers = 0
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        tls = work / "kubelet"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                        "-subj", "/CN=kubelet", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", f"{tls}.key",
                        "-out", f"{tls}.crt"], check=True, stderr=subprocess.DEVNULL)
        subprocess.run(["openssl", "genrsa", "-out", work / "accounts.key", "2048"], check=True, stderr=subprocess.DEVNULL)
        (work / "tokens").write_text(f"{TOKEN},admin,admin,system:masters\n")
        self.etcd = Process(work, "etcd", [
            programs["etcd"], "--data-dir", work / "etcd", "--unsafe-no-fsync", "--log-level", "error",
            "--listen-peer-urls", "http://127.0.0.1:2380"])
        self.server = Process(work, "apiserver", [
            programs["apiserver"], "--etcd-servers", "http://127.0.0.1:2379", "--bind-address", "127.0.0.1",
            "--advertise-address", "10.202.0.1", "--secure-port", str(API), "--cert-dir", work / "certs", "--token-auth-file",
            work / "tokens", "--authorization-mode", "RBAC", "--allow-privileged", "--endpoint-reconciler-type", "none",
            "--service-cluster-ip-range", "10.202.0.0/16", "--service-account-issuer", "https://kubernetes.default.svc",
            "--service-account-key-file", work / "accounts.key", "--service-account-signing-key-file", work / "accounts.key",
            "--disable-admission-plugins", "ServiceAccount,TaintNodesByCondition,Priority",
            "--kubelet-preferred-address-types", "InternalIP"])
        self.kubelet = Process(work, "kubelet", [
            programs["kubelet"], f"127.0.0.1:{KUBELET}", f"{tls}.crt", f"{tls}.key", self.members, programs["agent"], delay])
        self.api = Api()
        await_that("the API server is ready", self.api.is_ready, 120, 0.5)
        self.write_kubeconfig()
        self.api.call("POST", f"/api/v1/namespaces/{SYSTEM}/configmaps",
                      {"metadata": {"name": "kube-vxlan-controller"}, "data": {NETWORK: "8601"}})

    def write_kubeconfig(self):
        (self.work / "kubeconfig").write_text(json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "it",
            "clusters": [{"name": "it", "cluster": {"server": f"https://127.0.0.1:{API}",
                                                     "certificate-authority": str(self.work / "certs/apiserver.crt")}}],
            "users": [{"name": "it", "user": {"token": TOKEN}}],
            "contexts": [{"name": "it", "context": {"cluster": "it", "user": "it"}}]}))

    def start_controller(self, **settings):
        """With settings by name, as SESSIONS=64; its admin port is the next one."""
        self.controllers += 1
        name = f"controller-{self.controllers}"
        variables = {f"KUBEVXLAN_{key}": str(value) for key, value in settings.items()}
        # The heap of the chart's limit, 40 % of 512 MiB.
        controller = Process(self.work, name, [
            self.programs["java"], "-Xmx205m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", self.programs["jar"], "controller"],
            KUBECONFIG=str(self.work / "kubeconfig"), KUBEVXLAN_TLS_MODE="files", KUBEVXLAN_PAGE="false", HOSTNAME=name,
            KUBEVXLAN_ADMIN_PORT=str(8100 + self.controllers), **variables)
        controller.admin = 8100 + self.controllers
        return controller

    # Members.

    def make_holders(self, numbers):
        """Namespaces for pods, so many at once as there are cores."""
        started = []
        for number in numbers:
            script = ("set -e; mount -t tmpfs tmpfs /dev/shm; ip link set lo up; ip link add eth0 type veth peer eth1; "
                      f"ip address add {vtep(number)}/8 dev eth0; ip link set eth0 up; exec sleep infinity")
            self.holders[number] = subprocess.Popen(["unshare", "--net", "--mount", "sh", "-c", script])
            started.append(number)
        for number in started:
            await_that(f"{name(number)} has its namespaces", lambda one=number: self.holds(one))
            (self.members / name(number)).write_text(str(self.holders[number].pid))

    def holds(self, number):
        if self.holders[number].poll() is not None:
            raise SystemExit(f"bench: no namespaces for {name(number)}")
        return pathlib.Path(f"/proc/{self.holders[number].pid}/comm").read_text().strip() == "sleep"

    def create(self, number):
        """A pod whose agent does not run yet."""
        path = "/api/v1/namespaces/default/pods"
        container = {"image": IMAGE}
        made = self.api.call("POST", path, {
            "metadata": {"name": name(number), "labels": {PREFIX: "true"}, "annotations": {f"{PREFIX}/networks": NETWORK}},
            "spec": {"nodeName": node(number), "automountServiceAccountToken": False,
                     "readinessGates": [{"conditionType": f"{PREFIX}/ready"}],
                     "initContainers": [{"name": "vxlan-controller-agent", "restartPolicy": "Always", **container}],
                     "containers": [{"name": "app", **container}]}})
        self.numbers[number] = made["metadata"]["uid"]

    def run(self, number):
        """The kubelet says that the agent runs."""
        running = {"image": IMAGE, "imageID": IMAGE, "ready": True, "restartCount": 0, "started": True,
                   "containerID": f"containerd://{self.numbers[number]}", "state": {"running": {"startedAt": "2026-01-01T00:00:00Z"}}}
        self.api.call("PATCH", f"/api/v1/namespaces/default/pods/{name(number)}/status", {"status": {
            "phase": "Running", "podIP": vtep(number), "podIPs": [{"ip": vtep(number)}],
            "initContainerStatuses": [{"name": "vxlan-controller-agent", **running}],
            "containerStatuses": [{"name": "app", **running}]}}, "application/merge-patch+json")

    def delete(self, number, grace=0):
        """At once, or with so many seconds to end, which nobody here ends before."""
        self.api.call("DELETE", f"/api/v1/namespaces/default/pods/{name(number)}", {"gracePeriodSeconds": grace})

    def drop_holder(self, number):
        (self.members / name(number)).unlink()
        holder = self.holders.pop(number)
        holder.kill()
        holder.wait()

    def make_nodes(self, count):
        for number in range(count):
            made = self.api.call("POST", "/api/v1/nodes", {"metadata": {"name": f"node-{number}"}})
            self.api.call("PATCH", f"/api/v1/nodes/{made['metadata']['name']}/status", {"status": {
                "addresses": [{"type": "InternalIP", "address": "127.0.0.1"}],
                "daemonEndpoints": {"kubeletEndpoint": {"Port": KUBELET}}}}, "application/merge-patch+json")

    def ready(self):
        """How many pods have the condition."""
        pods = self.api.call("GET", "/api/v1/namespaces/default/pods?resourceVersion=0")["items"]
        return sum(any(one["type"] == f"{PREFIX}/ready" and one["status"] == "True" for one in pod["status"].get("conditions", []))
                   for pod in pods)

    def stats(self):
        return self.ask("/stats")

    def watch(self, text):
        """The kubelet counts from now on who answered a request with that text."""
        self.ask(f"/watch?text={text}")

    def ask(self, path):
        with urllib.request.urlopen(f"https://127.0.0.1:{KUBELET}{path}", context=ssl._create_unverified_context()) as response:
            return json.loads(response.read() or b"{}")

    def vteps(self, number):
        """Those to which a pod's kernel floods."""
        shown = subprocess.run(["nsenter", f"--net=/proc/{self.holders[number].pid}/ns/net", "bridge", "fdb", "show", "dev", NETWORK],
                               capture_output=True, text=True, check=True).stdout
        return {line.split(" dst ")[1].split()[0] for line in shown.splitlines() if line.startswith("00:00:00:00:00:00 dst")}


def name(number):
    return f"pod-{number}"


def node(number):
    return f"node-{number // NODE_PODS}"


def vtep(number):
    return f"10.{100 + number // 250 // 250}.{number // 250 % 250}.{1 + number % 250}"
