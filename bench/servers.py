"""The webhooks that are measured, each in a process of its own on the cores it is given, and what they use."""
import json
import os
import pathlib
import re
import subprocess
import time
import urllib.request

API_PORT = 19400
AGENT_IMAGE = "kube-vxlan-controller-agent:0"


class Bench:
    """Where everything is: the staged image, the programs of peer/, certificates, logs."""

    def __init__(self, directory, rootfs, limit_mib):
        self.directory = pathlib.Path(directory)
        self.rootfs = pathlib.Path(rootfs)
        self.limit_mib = limit_mib
        self.tls = self.directory / "tls"
        self.api = f"https://127.0.0.1:{API_PORT}"

    def program(self, name):
        return str(self.directory / "bin" / name)

    def command(self, name, port):
        """The command of one server; its probes are on the next port."""
        peer = [self.program(name), f"--port={port}", f"--admin-port={port + 1}", f"--tls={self.tls}",
                f"--agent-image={AGENT_IMAGE}"]
        return {"webhook": self.webhook(), "typed": peer, "lean": [*peer, f"--api={self.api}"]}[name]

    def webhook(self):
        """As the image starts it. Here the options file's paths would be those of this machine, and no cgroup limits it."""
        app = self.rootfs / "app"
        options = [
            line.replace("/app/", f"{app}/") for line in (app / "webhook.options").read_text().splitlines()
            if line and not line.startswith("#")]
        return [str(self.rootfs / "opt/java/bin/java"), *options, "-XX:AOTMode=on", f"-XX:MaxRAM={self.limit_mib}m",
                *os.environ.get("JAVA_FLAGS", "").split(), "-jar", str(app / "kube-vxlan-controller.jar"), "webhook"]

    def environment(self, port):
        return {
            "PATH": os.environ["PATH"], "MALLOC_ARENA_MAX": "1", "KUBECONFIG": str(self.directory / "kubeconfig"),
            "KUBERNETES_MASTER": self.api, "KUBERNETES_CERTS_CA_FILE": str(self.tls / "tls.crt"),
            "KUBERNETES_AUTH_TOKEN": "token", "KUBERNETES_AUTH_TRYKUBECONFIG": "false",
            "KUBEVXLAN_AGENT_IMAGE": AGENT_IMAGE, "KUBEVXLAN_TLS_DIR": str(self.tls), "KUBEVXLAN_PORT": str(port),
            "KUBEVXLAN_ADMIN_PORT": str(port + 1)}

    def write_kubeconfig(self):
        (self.directory / "kubeconfig").write_text(json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "c",
            "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
            "clusters": [{"name": "c", "cluster": {
                "server": self.api, "certificate-authority": str(self.tls / "tls.crt")}}],
            "users": [{"name": "u", "user": {"token": "token"}}]}))

    def start_api(self):
        process = subprocess.Popen([self.program("api"), f"--port={API_PORT}", f"--tls={self.tls}"])
        time.sleep(0.5)
        return process

    def load(self, kind, server, bodies, *options, core="1"):
        """What peer/load measured, as it prints it."""
        command = ["taskset", "-c", core, self.program("load"), kind, f"-address={server.address}",
                   f"-pid={server.process.pid}", *options, *bodies]
        figures = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        if figures["failed"]:
            raise RuntimeError(f"{server.name}: {figures}")
        server.answered += figures["requests"]
        return figures


class Server:
    """A running webhook; to be closed."""

    def __init__(self, bench, name, port, core="0"):
        self.name = name
        self.answered = 0
        self.address = f"127.0.0.1:{port}"
        self.process = subprocess.Popen(
            ["taskset", "-c", core, *bench.command(name, port)], env=bench.environment(port),
            stdout=(bench.directory / f"{name}.log").open("w"), stderr=subprocess.STDOUT)
        for _ in range(3000):
            if self.process.poll() is not None:
                raise RuntimeError(f"{name} ended, see its log in {bench.directory}")
            if is_ready(port + 1):
                return
            time.sleep(0.01)
        raise RuntimeError(f"{name} is not ready")

    def memory_mib(self):
        """Resident memory: all of it, and without files."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return [int(re.search(key + r":\s+(\d+)", status)[1]) / 1024 for key in ("VmRSS", "RssAnon")]

    def close(self):
        self.process.kill()
        self.process.wait()


def is_ready(port):
    try:
        return urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1).status == 200
    except OSError:
        return False
