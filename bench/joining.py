#!/usr/bin/env python3
"""bench/joining.py WORK STATE CGROUP: how long 40, 20 and 10 pods that are made at once take to join, in the lab whose folder and
control group those are, beside bare pods and pods with a sidecar that does nothing. SIZES=3,5 and ROUNDS=1 measure less;
ROUNDS (5) is that of the most pods. Times are those at which the API server told a watch of it, and at which the kernels
had it; the lab's machines are this one, so all have one clock."""
import base64
import datetime
import glob
import http.client
import json
import os
import pathlib
import re
import signal
import ssl
import sys
import tempfile
import threading
import time
import urllib.parse

import joins
from cluster import await_that
from joins import BARE, IDLE, MEMBERS, PREFIX, SIDECAR, One, Round, Times
from kernels import Kernels
from results import finish

NAMESPACE = "e2e-bench-joining"
NETWORK = "bench-join"
VNI = "7900"
SYSTEM = "kube-system"
IMAGE = "vxlan-lab-app:lab"
SERVICES = "control-kube-apiserver", "node1-kubelet", "node2-kubelet", "node1-containerd", "node2-containerd"
OURS = "kube-vxlan-controller", "kube-vxlan-controller-webhook"
AUDITED = re.compile(r'"requestURI":"([^"]*)","verb":"([^"]*)".*?serviceaccount:[^:]*:([^"]*)".*"requestReceivedTimestamp":"([^"]*)"')
LIMIT = 180


class Api:
    """The API server as the admin of KUBECONFIG, by one connection."""

    def __init__(self):
        config = pathlib.Path(os.environ["KUBECONFIG"]).read_text()
        found = {key: re.search(rf'{key}: "?([^",}}\s]*)', config)[1] for key in
                 ("server", "certificate-authority-data", "client-certificate-data", "client-key-data")}
        self.address = urllib.parse.urlsplit(found["server"]).netloc
        with tempfile.TemporaryDirectory() as folder:
            files = []
            for key in list(found)[1:]:
                files.append(pathlib.Path(folder, key))
                files[-1].write_bytes(base64.b64decode(found[key]))
            self.context = ssl.create_default_context(cafile=str(files[0]))
            self.context.load_cert_chain(files[1], files[2])
        self.connection = self.connect()

    def connect(self):
        return http.client.HTTPSConnection(self.address, context=self.context, timeout=LIMIT)

    def call(self, method, path, body=None, kind="application/json", missing=False):
        self.connection.request(method, path, json.dumps(body) if body is not None else None, {"Content-Type": kind})
        response = self.connection.getresponse()
        text = response.read()
        if response.status >= 300 and not (missing and response.status == 404):
            raise RuntimeError(f"{method} {path}: {response.status} {text[:300]}")
        return json.loads(text)

    def watch(self, path, see):
        """Calls it for each change, in a thread of its own, with when it came."""
        connection = self.connect()
        connection.request("GET", f"{path}?watch=1")
        response = connection.getresponse()

        def read():
            while line := response.readline():
                now = time.time()
                see(json.loads(line), now)
        threading.Thread(target=read, daemon=True).start()


class Lab:
    """What is made, seen and spent in the lab."""

    def __init__(self, state, group):
        self.state, self.group, self.audit = pathlib.Path(state), group, pathlib.Path(state, "logs/audit.log")
        self.api = Api()
        self.pods, self.found, self.gone = {}, {}, {}
        nodes = [process(self.state, node) for node in ("node1", "node2")]
        self.kernels = Kernels(f"/proc/{node}/root/run/netns" for node in nodes)
        self.path = f"/api/v1/namespaces/{NAMESPACE}/pods"
        self.remove()
        self.api.call("POST", "/api/v1/namespaces", {"metadata": {"name": NAMESPACE}})
        self.define(VNI)
        account = f"/api/v1/namespaces/{NAMESPACE}/serviceaccounts/default"
        await_that("the namespace takes pods", lambda: self.api.call("GET", account, missing=True).get("kind") == "ServiceAccount", 60)
        self.api.watch(self.path, self.see)

    def remove(self):
        path = f"/api/v1/namespaces/{NAMESPACE}"
        self.api.call("DELETE", path, missing=True)
        await_that("the namespace is gone", lambda: self.api.call("GET", path, missing=True).get("kind") == "Status", LIMIT, 0.5)
        self.define(None)

    def define(self, definition):
        self.api.call("PATCH", f"/api/v1/namespaces/{SYSTEM}/configmaps/kube-vxlan-controller", {"data": {NETWORK: definition}},
                      "application/merge-patch+json")

    def see(self, event, now):
        pod = event["object"]
        name = pod["metadata"]["name"]
        if event["type"] == "DELETED":
            self.gone[name] = now
        else:
            self.found[name] = pod
            self.pods.setdefault(name, Times(name)).see(pod, now)

    def create(self, pod):
        """Gives its times, which go on."""
        times = self.pods.setdefault(pod["metadata"]["name"], Times(pod["metadata"]["name"]))
        times.at["asked"] = time.time()
        self.api.call("POST", self.path, pod)
        times.at["admitted"] = time.time()
        return times

    def await_ready(self, pods):
        await_that("all pods are ready", lambda: all("ready" in pod.at for pod in pods), LIMIT)

    def ip(self, name):
        return self.found[name]["status"]["podIP"]

    def await_entries(self, pods):
        """Every kernel has an entry for each other pod, and says that it is complete; notes when."""
        ips = {pod.name: self.ip(pod.name) for pod in pods}
        every = set(ips.values())

        def exact():
            for name, ip in ips.items():
                kernel = self.kernels.of(ip)
                self.pods[name].at["complete"] = kernel.complete
                self.pods[name].at["everything"] = joins.everything(dict(kernel.sends), every - {ip})
                if not kernel.complete or not every - {ip} <= set(kernel.sends):
                    return False
            return True
        await_that("every entry is in every kernel", exact, LIMIT)

    def delete(self, names):
        """Until their namespaces are gone too: what a kubelet takes away is in no later figure."""
        ips = {self.ip(name) for name in names}  # the last that is heard of a pod may lack it
        for name in names:
            self.api.call("DELETE", f"{self.path}/{name}", missing=True)
        await_that("the pods are gone", lambda: set(names) <= set(self.gone), LIMIT)
        left = self.kernels.paths_of(ips)
        await_that("their namespaces are gone", lambda: not left & self.kernels.paths(), LIMIT, 0.2)
        self.kernels.forget(left)

    # What was spent.

    def cpu(self):
        spent = {name: stat(process(self.state, name)) for name in SERVICES}
        for pod in self.api.call("GET", f"/api/v1/namespaces/{SYSTEM}/pods")["items"]:
            name = pod["metadata"]["name"].rsplit("-", 2)[0]
            if name in OURS:
                for container in pod["status"].get("containerStatuses", []):
                    spent[name] = spent.get(name, 0) + self.spent(pod["metadata"]["uid"], container)
        return spent

    def sidecars(self, pods):
        return sum(self.spent(self.found[pod.name]["metadata"]["uid"], container) for pod in pods
                   for container in self.found[pod.name]["status"].get("initContainerStatuses", []))

    def spent(self, uid, container):
        """By the container's control group: sessions that ended count too."""
        identity = container.get("containerID", "").rpartition("/")[2]
        for place in f"/sys/fs/cgroup/cpuacct/{self.group}", f"/sys/fs/cgroup/{self.group}":
            for group in glob.glob(f"{place}/node*/kubepods/**/pod{uid}/{identity}", recursive=True):
                usage = pathlib.Path(group, "cpuacct.usage")
                if usage.exists():
                    return int(usage.read_text()) / 1e9
                return int(re.search(r"usage_usec (\d+)", pathlib.Path(group, "cpu.stat").read_text())[1]) / 1e6
        return 0

    def asked(self, offset):
        """The requests of ours since then: account, verb, URI and time."""
        with open(self.audit, "rb") as log:
            log.seek(offset)
            for line in log.read().decode().splitlines():
                if found := AUDITED.search(line):
                    yield found[3], found[2], found[1], datetime.datetime.fromisoformat(found[4]).timestamp()


def process(state, name):
    """The one that entered the machine, or its first: the child of the one that is noted."""
    noted = (state / "run" / f"{name}.pid").read_text().split()[0]
    return pathlib.Path(f"/proc/{noted}/task/{noted}/children").read_text().split()[0]


def stat(pid):
    """User and system seconds, those of children that ended included."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def pod(name):
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": {
        "terminationGracePeriodSeconds": 1,
        "containers": [{"name": "app", "image": IMAGE, "imagePullPolicy": "IfNotPresent", "command": ["hold"]}]}}


def member(name):
    made = pod(name)
    made["metadata"] |= {"labels": {PREFIX: "true"}, "annotations": {f"{PREFIX}/networks": NETWORK}}
    return made


def idle(name, injected):
    """With a sidecar as the webhook's, in which nothing is done: its rights, resources, mounts and probe are the agent's."""
    sidecar = next(one for one in injected["initContainers"] if one["name"] == SIDECAR)
    sidecar = sidecar | {"name": "idle", "image": IMAGE, "command": ["hold"],
                         "startupProbe": sidecar["startupProbe"] | {"exec": {"command": ["true"]}}}
    mounted = {mount["name"] for mount in sidecar["volumeMounts"]}
    made = pod(name)
    made["spec"] |= {"initContainers": [sidecar], "volumes": [one for one in injected["volumes"] if one["name"] in mounted]}
    return made


def measure(lab, kind, size, number):
    injected = lab.api.call("POST", f"{lab.path}?dryRun=All", member("injected"))["spec"]
    make = {BARE: pod, IDLE: lambda name: idle(name, injected), MEMBERS: member}[kind]
    word = kind.split()[0]
    before, offset, began = lab.cpu(), lab.audit.stat().st_size, time.time()
    pods = [lab.create(make(f"{word}-{size}-{number}-{each}")) for each in range(size)]
    lab.await_ready(pods)
    found = Round(kind, size, began, pods)
    if kind == MEMBERS:
        lab.await_entries(pods)
    found.cpu = {name: spent - before.get(name, 0) for name, spent in lab.cpu().items()}
    found.sidecars = lab.sidecars(pods)
    for account, verb, _, _ in lab.asked(offset):
        found.requests[f"{account}: {verb}"] = found.requests.get(f"{account}: {verb}", 0) + 1
    names = [each.name for each in pods]
    if kind == MEMBERS:
        found.one = one(lab, pods, f"{word}-{size}-{number}-one")
    lab.delete(names)
    execs = {}
    for _, _, uri, at in lab.asked(offset):
        if f"/namespaces/{NAMESPACE}/" in uri and "/exec?" in uri:
            execs.setdefault(uri.split("/")[6], []).append(at)
    for each in pods:
        if each.name in execs:
            each.at["called"] = min(execs[each.name])
    found.execs = sum(len(execs.get(name, [])) for name in names)
    return found


def one(lab, pods, name):
    """One more joins the others and leaves them again."""
    times = lab.create(member(name))
    lab.await_ready([times])
    own = lab.ip(name)
    peers = [lab.kernels.of(lab.ip(each.name)) for each in pods]
    await_that("every peer has the one more", lambda: all(own in peer.sends for peer in peers), LIMIT)
    times.at["complete"] = lab.kernels.of(own).complete
    everywhere = max(peer.sends[own] for peer in peers)
    lab.delete([name])
    await_that("no peer has it any more", lambda: all(own in peer.ceased for peer in peers), LIMIT)
    return One(times, everywhere, max(peer.ceased[own] for peer in peers) - lab.gone[name])


def main(work, state, group):
    sizes = sorted(int(size) for size in os.environ.get("SIZES", "10,20,40").split(","))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("bench/joining.py: told to end"))
    rounds = []
    lab = Lab(state, group)
    try:
        for size in sizes:
            for number in range(int(os.environ.get("ROUNDS", "5")) if size == sizes[-1] else 1):
                kinds = BARE, IDLE, MEMBERS
                for kind in kinds if number % 2 == 0 else reversed(kinds):
                    rounds.append(measure(lab, kind, size, number))
                    print(f"{size} {kind}: run after {rounds[-1].until('app'):.1f} s, ready after {rounds[-1].until('ready'):.1f} s,"
                          f" load {os.getloadavg()[0]:.1f}", file=sys.stderr)
        if lab.kernels.lost:
            sys.exit("bench/joining.py: a kernel told more than could be read")
    finally:
        lab.remove()
        lab.kernels.close()
    finish(pathlib.Path(work) / "results", joins.figures(rounds), joins.tables(rounds))


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
