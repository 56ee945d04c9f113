"""An API server in miniature for the training run of cli/stage: a controller, its networks and two members.

Its arguments: an authority's certificate, one that it signed, and that one's key, all in PEM, and the file to which it writes
a kubeconfig. Caller and server have the same certificate. Serves until it is ended.
"""
import base64
import http.server
import json
import ssl
import sys

STATUS = [{"name": "vxeth1", "interface": "vxeth1", "ips": ["10.11.0.%d"], "mac": "72:78:00:00:00:0%d", "mtu": 1450,
           "vni": 101, "state": "Ready", "uid": "%d"}]


def pod(number, name):
    status = json.loads(json.dumps(STATUS).replace("%d", str(number)))
    agent = {"name": "vxlan-controller-agent", "image": "agent"}
    return {
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": name, "namespace": "default", "uid": str(number), "resourceVersion": "1",
                     "labels": {"vxlan.travelping.com": "true"},
                     "annotations": {"vxlan.travelping.com/networks": "vxeth1 ip=10.11.0.%d/24" % number,
                                     "vxlan.travelping.com/status": json.dumps(status)}},
        "spec": {"nodeName": "node", "containers": [{"name": "app", "image": "app"}], "initContainers": [agent]},
        "status": {"phase": "Running", "podIP": "10.0.0.%d" % number, "podIPs": [{"ip": "10.0.0.%d" % number}],
                   "conditions": [{"type": "vxlan.travelping.com/ready", "status": "True"}],
                   "initContainerStatuses": [{"name": agent["name"], "containerID": "x", "ready": True, "image": "agent",
                                              "imageID": "", "restartCount": 0,
                                              "state": {"running": {"startedAt": "2026-01-01T00:00:00Z"}}}]}}


def listing(kind, *items):
    return {"apiVersion": "v1", "kind": kind, "metadata": {"resourceVersion": "1"}, "items": items}


CONTROLLER = {
    "apiVersion": "apps/v1", "kind": "Deployment",
    "metadata": {"name": "kube-vxlan-controller", "namespace": "kube-system"},
    "spec": {"template": {"spec": {"containers": [
        {"name": "controller", "image": "controller",
         "env": [{"name": "KUBEVXLAN_NAMESPACE", "value": "kube-system"}]}]}}}}
NETWORKS = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "kube-vxlan-controller"},
            "data": {"vxeth1": "id=101", "broken": "id=abc"}}
ANSWERS = {
    "/apis/apps/v1/namespaces/kube-system/deployments/kube-vxlan-controller": CONTROLLER,
    "/api/v1/namespaces/kube-system/configmaps/kube-vxlan-controller": NETWORKS,
    "/api/v1/pods": listing("PodList", pod(1, "one"), pod(2, "two")),
    "/api/v1/namespaces": listing("NamespaceList", {"metadata": {"name": "default"}}),
    "/api/v1/namespaces/default/pods/one": pod(1, "one"),
    "/api/v1/namespaces/default/pods/two": pod(2, "two"),
    "/api/v1/namespaces/default/events": listing("EventList"),
}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or each answer waits 40 ms for an acknowledgement of its headers

    def do_GET(self):
        answer = ANSWERS.get(self.path.split("?")[0])
        body = json.dumps(answer or {"kind": "Status", "status": "Failure", "code": 404}).encode()
        self.send_response(200 if answer else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET


def encoded(path):
    with open(path, "rb") as file:
        return base64.b64encode(file.read()).decode()


authority, certificate, key, file = sys.argv[1:]
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
context.load_verify_locations(authority)
context.verify_mode = ssl.CERT_REQUIRED
server.socket = context.wrap_socket(server.socket, server_side=True)
with open(file, "w", encoding="utf-8") as kubeconfig:
    kubeconfig.write(f"""\
apiVersion: v1
kind: Config
clusters:
- name: training
  cluster:
    server: https://127.0.0.1:{server.server_port}
    certificate-authority-data: {encoded(authority)}
users:
- name: training
  user:
    client-certificate-data: {encoded(certificate)}
    client-key-data: {encoded(key)}
contexts:
- name: training
  context: {{cluster: training, user: training, namespace: default}}
current-context: training
""")
server.serve_forever()
