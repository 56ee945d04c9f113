"""Each value, once away from its default, is found where it belongs."""

import base64
import json
import tempfile
import unittest

import chart

CONTROLLER, WEBHOOK = "kube-vxlan-controller", "kube-vxlan-controller-webhook"
DIGEST = "sha256:" + "0" * 64
PEM = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"


def at(manifest, *path):
    """The part of a manifest at a path of keys and indexes."""

    def find(manifests):
        part = manifests[manifest]
        for key in path:
            part = part[key]
        return part

    return find


def deployment(name, *path):
    return at(f"Deployment/{name}", "spec", *path)


def template(name, *path):
    return deployment(name, "template", *path)


def pod(name, *path):
    return template(name, "spec", *path)


def container(name, *path):
    return pod(name, "containers", 0, *path)


def env(name, variable):
    return lambda manifests: {one["name"]: one.get("value") for one in container(name, "env")(manifests)}[variable]


def both(find):
    """What both Deployments have, which is the same."""

    def same(manifests):
        values = [find(name)(manifests) for name in (CONTROLLER, WEBHOOK)]
        if values[0] != values[1]:
            raise AssertionError(f"not the same in both: {values}")
        return values[0]

    return same


def both_env(variable):
    return both(lambda name: env(name, variable))


def labels_of_all(key):
    return lambda manifests: {one["metadata"]["labels"].get(key) for one in manifests.values()}


def registration(*path):
    return at(f"MutatingWebhookConfiguration/{CONTROLLER}", "webhooks", 0, *path)


def present(key):
    return lambda manifests: key in manifests


TOLERATION = [{"key": "a", "operator": "Exists"}]
SPREAD = [{"maxSkew": 2, "topologyKey": "zone", "whenUnsatisfiable": "ScheduleAnyway"}]
SECOND_SPREAD = [{"maxSkew": 3, "topologyKey": "zone", "whenUnsatisfiable": "ScheduleAnyway"}]
AFFINITY = {"podAntiAffinity": {}}
STRATEGY = {"type": "Recreate"}
VOLUME = [{"name": "more", "emptyDir": {}}]
MOUNT = [{"name": "more", "mountPath": "/more"}]
PEER = [{"ipBlock": {"cidr": "192.0.2.10/32"}}]
METRICS_PEER = [{"namespaceSelector": {}}]
RESOURCE = {"cpu": "1"}

# Value, what it is set to, where it is found, what is found there.
MAIN = [
    ("nameOverride", "vx", labels_of_all("app.kubernetes.io/name"), {"vx"}),
    ("commonLabels", {"team": "net"}, labels_of_all("team"), {"net"}),
    ("keyPrefix", "vxlan.openvnf.org", both_env("KUBEVXLAN_KEY_PREFIX"), "vxlan.openvnf.org"),
    ("watchNamespaces", ["100"], both_env("KUBEVXLAN_WATCH_NAMESPACES"), "100"),
    ("image.registry", "a.example:5000", both(lambda name: container(name, "image")), "a.example:5000/vx/one:2.0"),
    ("image.repository", "vx/one", both(lambda name: container(name, "image")), "a.example:5000/vx/one:2.0"),
    ("image.tag", "2.0", both(lambda name: container(name, "image")), "a.example:5000/vx/one:2.0"),
    ("image.pullPolicy", "Always", both(lambda name: container(name, "imagePullPolicy")), "Always"),
    ("agent.mode", "classic", env(WEBHOOK, "KUBEVXLAN_AGENT_MODE"), "classic"),
    ("agent.image.registry", "b.example", env(WEBHOOK, "KUBEVXLAN_AGENT_IMAGE"), f"b.example/vx/two@{DIGEST}"),
    ("agent.image.repository", "vx/two", at("Pod/kube-vxlan-controller-test", "spec", "containers", 0, "image"),
     f"b.example/vx/two@{DIGEST}"),
    ("agent.image.digest", DIGEST, env(WEBHOOK, "KUBEVXLAN_AGENT_IMAGE"), f"b.example/vx/two@{DIGEST}"),
    ("agent.imagePullSecrets", [{"name": "one"}, {"name": "two"}], env(WEBHOOK, "KUBEVXLAN_AGENT_PULL_SECRETS"), "one,two"),
    ("agent.image.pullPolicy", "Never", env(WEBHOOK, "KUBEVXLAN_AGENT_PULL_POLICY"), "Never"),
    ("agent.resources.requests", {"cpu": "20m", "memory": None, "ephemeral-storage": None},
     env(WEBHOOK, "KUBEVXLAN_AGENT_RESOURCES"), "limits.cpu=80m,requests.cpu=20m"),
    ("agent.resources.limits", {"cpu": "80m", "memory": None, "ephemeral-storage": None},
     env(WEBHOOK, "KUBEVXLAN_AGENT_RESOURCES"), "limits.cpu=80m,requests.cpu=20m"),
    ("agent.guaranteedResources.limits.cpu", 1, env(WEBHOOK, "KUBEVXLAN_AGENT_GUARANTEED_RESOURCES"),
     "limits.cpu=1,limits.memory=32Mi"),
    ("agent.guaranteedResources.limits.memory", "32Mi", env(WEBHOOK, "KUBEVXLAN_AGENT_GUARANTEED_RESOURCES"),
     "limits.cpu=1,limits.memory=32Mi"),
    ("readinessGate", False, env(WEBHOOK, "KUBEVXLAN_READINESS_GATE"), "false"),
    ("legacyAgentImages", ["old/agent"], env(WEBHOOK, "KUBEVXLAN_LEGACY_AGENT_IMAGES"), "old/agent"),
    ("imagePullSecrets", [{"name": "pull"}], both(lambda name: pod(name, "imagePullSecrets")), [{"name": "pull"}]),
    ("networks", {"100": "7", "vxeth0": None, "vxeth1": None, "vxeth2": None, "vxeth3": None},
     env(CONTROLLER, "KUBEVXLAN_INITIAL_NETWORKS"), "100=7"),
    ("unknownNetworks", "Deny", env(WEBHOOK, "KUBEVXLAN_UNKNOWN_NETWORKS"), "Deny"),
    ("defaults.dev", "net1", both_env("KUBEVXLAN_DEFAULT_DEV"), "net1"),
    ("defaults.dstport", 4789, both_env("KUBEVXLAN_DEFAULT_DSTPORT"), "4789"),
    ("reservedRanges", ["10.0.0.0/8", "fd00::/8"], both_env("KUBEVXLAN_RESERVED_RANGES"), "10.0.0.0/8,fd00::/8"),
    ("allowPodNetworkId", True, both_env("KUBEVXLAN_ALLOW_POD_NETWORK_ID"), "true"),
    ("allowAnyMac", True, both_env("KUBEVXLAN_ALLOW_ANY_MAC"), "true"),
    ("peerFilter", False, env(CONTROLLER, "KUBEVXLAN_PEER_FILTER"), "false"),
    ("tls.self.caLifetime", "100h", env(CONTROLLER, "KUBEVXLAN_TLS_CA_LIFETIME"), "100h"),
    ("tls.self.leafLifetime", "50h", env(CONTROLLER, "KUBEVXLAN_TLS_LEAF_LIFETIME"), "50h"),
    ("tls.self.overlap", "2m", env(CONTROLLER, "KUBEVXLAN_TLS_OVERLAP"), "2m"),
    ("log.level", "debug", both_env("KUBEVXLAN_LOG_LEVEL"), "debug"),
    ("log.format", "json", both_env("KUBEVXLAN_LOG_FORMAT"), "json"),
    ("webhook.replicas", 3, deployment(WEBHOOK, "replicas"), 3),
    ("webhook.failurePolicy", "Ignore", registration("failurePolicy"), "Ignore"),
    ("webhook.timeoutSeconds", 7, registration("timeoutSeconds"), 7),
    ("webhook.requests", 8, env(WEBHOOK, "KUBEVXLAN_REQUESTS"), "8"),
    ("webhook.excludedNamespaces", ["ci"], registration("namespaceSelector", "matchExpressions", 2),
     {"key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": ["ci"]}),
    ("webhook.namespaceSelector.matchLabels", {"a": "b"}, registration("namespaceSelector", "matchLabels"), {"a": "b"}),
    ("webhook.namespaceSelector.matchExpressions", [{"key": "c", "operator": "Exists"}],
     registration("namespaceSelector", "matchExpressions", 0), {"key": "c", "operator": "Exists"}),
    ("webhook.matchConditions", [{"name": "x", "expression": "true"}], registration("matchConditions"),
     [{"name": "x", "expression": "true"}]),
    ("webhook.configurationAnnotations", {"a": "b"},
     at(f"ValidatingWebhookConfiguration/{CONTROLLER}", "metadata", "annotations"), {"a": "b"}),
    ("webhook.serviceAnnotations", {"a": "b"}, at(f"Service/{WEBHOOK}", "metadata", "annotations"), {"a": "b"}),
    ("webhook.hostNetwork", True, pod(WEBHOOK, "hostNetwork"), True),
    ("webhook.dnsPolicy", "Default", pod(WEBHOOK, "dnsPolicy"), "Default"),
    ("webhook.port", 9443, container(WEBHOOK, "ports", 0, "containerPort"), 9443),
    ("webhook.adminPort", 9080, container(WEBHOOK, "ports", 1, "containerPort"), 9080),
    ("controller.replicas", 1, deployment(CONTROLLER, "replicas"), 1),
    ("controller.execs", 65, env(CONTROLLER, "KUBEVXLAN_EXECS"), "65"),
    ("controller.execsPerNode", 17, env(CONTROLLER, "KUBEVXLAN_EXECS_PER_NODE"), "17"),
    ("controller.sessions", 257, env(CONTROLLER, "KUBEVXLAN_SESSIONS"), "257"),
    ("controller.sessionIdle", "31s", env(CONTROLLER, "KUBEVXLAN_SESSION_IDLE"), "31s"),
    ("controller.execDeadline", "11s", env(CONTROLLER, "KUBEVXLAN_EXEC_DEADLINE"), "11s"),
    ("controller.resync", "6m", env(CONTROLLER, "KUBEVXLAN_RESYNC"), "6m"),
    ("controller.neighbours", 0, env(CONTROLLER, "KUBEVXLAN_NEIGHBOURS"), "0"),
    ("controller.probePeers", 3, env(CONTROLLER, "KUBEVXLAN_PROBE_PEERS"), "3"),
    ("controller.adminPort", 9081, container(CONTROLLER, "ports", 0, "containerPort"), 9081),
    ("controller.page.enabled", False, env(CONTROLLER, "KUBEVXLAN_PAGE"), "false"),
    ("controller.page.port", 9091, env(CONTROLLER, "KUBEVXLAN_PAGE_PORT"), "9091"),
    ("controller.names.enabled", True, env(CONTROLLER, "KUBEVXLAN_NAMES"), "true"),
    ("priorityClassName", "high", pod(CONTROLLER, "priorityClassName"), "high"),
    ("nodeSelector", {"zone": "a"}, pod(CONTROLLER, "nodeSelector"), {"kubernetes.io/os": "linux", "zone": "a"}),
    ("tolerations", TOLERATION, pod(CONTROLLER, "tolerations"), TOLERATION),
    ("affinity", AFFINITY, pod(CONTROLLER, "affinity"), AFFINITY),
    ("topologySpreadConstraints", SPREAD, pod(CONTROLLER, "topologySpreadConstraints"), SPREAD),
    ("revisionHistoryLimit", 3, deployment(CONTROLLER, "revisionHistoryLimit"), 3),
    ("deploymentAnnotations", {"d": "all"}, at(f"Deployment/{CONTROLLER}", "metadata", "annotations", "d"), "all"),
    ("podAnnotations", {"p": "all"}, template(CONTROLLER, "metadata", "annotations", "p"), "all"),
    ("podLabels", {"l": "all"}, template(CONTROLLER, "metadata", "labels", "l"), "all"),
    ("extraEnv", [{"name": "A", "value": "all"}], both_env("A"), "all"),
    ("extraVolumes", VOLUME, pod(CONTROLLER, "volumes"), VOLUME),
    ("extraVolumeMounts", MOUNT, container(CONTROLLER, "volumeMounts"), MOUNT),
    ("podSecurityContext", {"runAsUser": None, "runAsGroup": None, "fsGroup": 7},
     both(lambda name: pod(name, "securityContext")),
     {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}, "fsGroup": 7}),
    ("securityContext", {"privileged": False}, both(lambda name: container(name, "securityContext", "privileged")), False),
    ("podMonitor.enabled", True, present(f"PodMonitor/{CONTROLLER}"), True),
    ("podMonitor.interval", "15s",
     at(f"PodMonitor/{CONTROLLER}", "spec", "podMetricsEndpoints", 0, "interval"), "15s"),
    ("podMonitor.labels", {"release": "a"}, at(f"PodMonitor/{CONTROLLER}", "metadata", "labels", "release"), "a"),
    ("prometheusRule.enabled", True, present(f"PrometheusRule/{CONTROLLER}"), True),
    ("prometheusRule.labels", {"release": "b"}, at(f"PrometheusRule/{CONTROLLER}", "metadata", "labels", "release"), "b"),
    ("dashboard.enabled", True, present(f"ConfigMap/{CONTROLLER}-dashboard"), True),
    ("dashboard.labels", {"board": "c"}, at(f"ConfigMap/{CONTROLLER}-dashboard", "metadata", "labels", "board"), "c"),
    ("networkPolicy.enabled", True, present(f"NetworkPolicy/{CONTROLLER}"), True),
    ("networkPolicy.apiServers", PEER, at(f"NetworkPolicy/{WEBHOOK}", "spec", "ingress", 0, "from"), PEER),
    ("networkPolicy.metrics", METRICS_PEER, at(f"NetworkPolicy/{CONTROLLER}", "spec", "ingress", 0, "from"), METRICS_PEER),
]

# What a Deployment has of its own, over or beside the common value.
for component, name in (("webhook", WEBHOOK), ("controller", CONTROLLER)):
    MAIN += [
        (f"{component}.serviceAccount.name", f"{component}-own", pod(name, "serviceAccountName"), f"{component}-own"),
        (f"{component}.serviceAccount.annotations", {"a": component},
         at(f"ServiceAccount/{component}-own", "metadata", "annotations"), {"a": component}),
        (f"{component}.podDisruptionBudget.maxUnavailable", "50%",
         at(f"PodDisruptionBudget/{name}", "spec", "maxUnavailable"), "50%"),
        (f"{component}.resources.requests", RESOURCE, container(name, "resources", "requests", "cpu"), "1"),
        (f"{component}.resources.limits", {"memory": "1Gi"}, container(name, "resources", "limits", "memory"), "1Gi"),
    ]

OWN = [
    row
    for component, name in (("webhook", WEBHOOK), ("controller", CONTROLLER))
    for row in (
        (f"{component}.strategy", STRATEGY, deployment(name, "strategy"), STRATEGY),
        (f"{component}.podDisruptionBudget.enabled", False, present(f"PodDisruptionBudget/{name}"), False),
        (f"{component}.priorityClassName", "low", pod(name, "priorityClassName"), "low"),
        (f"{component}.nodeSelector", {"zone": "b"}, pod(name, "nodeSelector"), {"zone": "b"}),
        (f"{component}.tolerations", TOLERATION, pod(name, "tolerations"), TOLERATION),
        (f"{component}.affinity", AFFINITY, pod(name, "affinity"), AFFINITY),
        (f"{component}.topologySpreadConstraints", SECOND_SPREAD, pod(name, "topologySpreadConstraints"), SECOND_SPREAD),
        (f"{component}.revisionHistoryLimit", 0, deployment(name, "revisionHistoryLimit"), 0),
        (f"{component}.deploymentAnnotations", {"d": "own"}, at(f"Deployment/{name}", "metadata", "annotations"),
         {"d": "own", "other": "all"}),
        (f"{component}.podAnnotations", {"p": "own"}, template(name, "metadata", "annotations"), {"p": "own", "other": "all"}),
        (f"{component}.podLabels", {"l": "own"}, template(name, "metadata", "labels", "l"), "own"),
        (f"{component}.extraEnv", [{"name": "B", "value": "own"}], env(name, "B"), "own"),
        (f"{component}.extraVolumes", VOLUME, pod(name, "volumes"), [{"name": "common", "emptyDir": {}}, *VOLUME]),
        (f"{component}.extraVolumeMounts", MOUNT, container(name, "volumeMounts"),
         [{"name": "common", "mountPath": "/common"}, *MOUNT]),
    )
] + [
    ("deploymentAnnotations", {"d": "all", "other": "all"}, present(f"Deployment/{WEBHOOK}"), True),
    ("podAnnotations", {"p": "all", "other": "all"}, present(f"Deployment/{WEBHOOK}"), True),
    ("extraEnv", [{"name": "A", "value": "all"}], both_env("A"), "all"),
    ("extraVolumes", [{"name": "common", "emptyDir": {}}], present(f"Deployment/{WEBHOOK}"), True),
    ("extraVolumeMounts", [{"name": "common", "mountPath": "/common"}], present(f"Deployment/{WEBHOOK}"), True),
    ("global.imageRegistry", "c.example", both(lambda name: container(name, "image")), f"c.example/kube-vxlan-controller@{DIGEST}"),
    ("image.digest", DIGEST, both(lambda name: container(name, "image")), f"c.example/kube-vxlan-controller@{DIGEST}"),
    ("agent.image.tag", "3.0", env(WEBHOOK, "KUBEVXLAN_AGENT_IMAGE"), "c.example/kube-vxlan-controller-agent:3.0"),
    ("tls.mode", "cert-manager", env(CONTROLLER, "KUBEVXLAN_TLS_MODE"), "cert-manager"),
    ("tls.certManager.issuerRef", {"name": "mine"}, at(f"Certificate/{WEBHOOK}", "spec", "issuerRef"), {"name": "mine"}),
]

# Accounts of one's own, and certificates in files.
REST = [
    row
    for component, name in (("webhook", WEBHOOK), ("controller", CONTROLLER))
    for row in (
        (f"{component}.serviceAccount.create", False, present(f"ServiceAccount/{component}-mine"), False),
        (f"{component}.serviceAccount.name", f"{component}-mine",
         at(f"RoleBinding/{name}", "subjects", 0, "name"), f"{component}-mine"),
    )
] + [
    ("tls.mode", "files", env(CONTROLLER, "KUBEVXLAN_TLS_MODE"), "files"),
    ("tls.files.volume", {"secret": {"secretName": "mine"}}, pod(WEBHOOK, "volumes", 0, "secret", "secretName"), "mine"),
    ("tls.files.caBundle", PEM, registration("clientConfig", "caBundle"), base64.b64encode(PEM.encode()).decode()),
]


def nested(rows):
    """The rows' values as a tree."""
    tree = {}
    for value, setting, *_ in rows:
        *parents, last = value.split(".")
        node = tree
        for key in parents:
            node = node.setdefault(key, {})
        node[last] = setting
    return tree


class Table(unittest.TestCase):
    def test_each_value_is_found_where_it_belongs(self):
        for rows in (MAIN, OWN, REST):
            with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
                json.dump(nested(rows), file)
                file.flush()
                manifests = chart.render("--values", file.name)
            for value, _, find, expected in rows:
                with self.subTest(value):
                    self.assertEqual(expected, find(manifests))

    def test_every_value_is_in_the_table(self):
        schema = json.loads((chart.CHART / "values.schema.json").read_text())
        tested = {value for value, *_ in MAIN + OWN + REST}
        self.assertEqual(set(leaves(schema, schema["definitions"], "")), tested)


def leaves(schema, definitions, name):
    """The dotted names of all values whose insides the schema does not name."""
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rsplit("/", 1)[1]]
    if "properties" not in schema or name in ("agent.resources.requests", "agent.resources.limits"):
        yield name
        return
    for key, inner in schema["properties"].items():
        yield from leaves(inner, definitions, f"{name}.{key}".lstrip("."))
