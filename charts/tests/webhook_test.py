import json
import unittest

import chart

NAME = "kube-vxlan-controller-webhook"


def registration(manifests):
    (only,) = manifests["MutatingWebhookConfiguration/kube-vxlan-controller"]["webhooks"]
    return only


class Webhook(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.defaults = chart.render()

    def test_sees_labelled_pods_alone_and_only_when_they_are_made(self):
        webhook = registration(self.defaults)
        self.assertEqual({"matchLabels": {"vxlan.travelping.com": "true"}}, webhook["objectSelector"])
        self.assertEqual(
            [
                {
                    "apiGroups": [""],
                    "apiVersions": ["v1"],
                    "operations": ["CREATE"],
                    "resources": ["pods"],
                    "scope": "Namespaced",
                }
            ],
            webhook["rules"],
        )

    def test_refuses_rather_than_forgets_and_has_no_side_effects(self):
        webhook = registration(self.defaults)
        self.assertEqual(
            ("Fail", "None", "IfNeeded", "Equivalent", 5),
            tuple(
                webhook[key]
                for key in ("failurePolicy", "sideEffects", "reinvocationPolicy", "matchPolicy", "timeoutSeconds")
            ),
        )

    def test_leaves_the_ca_bundle_to_the_controller(self):
        self.assertNotIn("caBundle", str(registration(self.defaults)))

    def test_is_reached_through_its_service(self):
        client = registration(self.defaults)["clientConfig"]["service"]
        service = self.defaults[f"Service/{client['name']}"]
        (port,) = service["spec"]["ports"]
        ports = {one["name"]: one["containerPort"] for one in chart.container(self.defaults, NAME)["ports"]}
        self.assertEqual((client["port"], 8443), (port["port"], ports[port["targetPort"]]))
        labels = self.defaults[f"Deployment/{NAME}"]["spec"]["template"]["metadata"]["labels"]
        self.assertLessEqual(service["spec"]["selector"].items(), labels.items())

    def test_judges_edits_of_the_one_config_map_and_never_blocks_its_repair(self):
        (only,) = self.defaults["ValidatingWebhookConfiguration/kube-vxlan-controller"]["webhooks"]
        self.assertEqual(
            [(["CREATE", "UPDATE", "DELETE"], ["configmaps"])], [(rule["operations"], rule["resources"]) for rule in only["rules"]]
        )
        self.assertEqual({"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}, only["namespaceSelector"])
        conditions = {one["name"]: one["expression"] for one in only["matchConditions"]}
        self.assertIn("? oldObject.metadata.name == 'kube-vxlan-controller'", conditions["holds-the-networks"])
        self.assertIn("&& object.metadata.name == 'kube-vxlan-controller'", conditions["holds-the-networks"])
        self.assertIn("namespace-controller", conditions["not-with-its-namespace"])
        self.assertEqual(("Ignore", "None"), (only["failurePolicy"], only["sideEffects"]))
        self.assertEqual("/validate", only["clientConfig"]["service"]["path"])
        self.assertNotIn("caBundle", only["clientConfig"])

    def test_follows_the_key_prefix(self):
        changed = chart.render("--set", "keyPrefix=vxlan.openvnf.org")
        self.assertEqual({"vxlan.openvnf.org": "true"}, registration(changed)["objectSelector"]["matchLabels"])
        names = [[one["webhooks"][0]["name"] for key, one in manifests.items() if "WebhookConfiguration/" in key]
                 for manifests in (self.defaults, changed)]
        self.assertEqual(names[0], names[1], "an entry of another name would begin without its caBundle")
        for name in ("kube-vxlan-controller", NAME):
            self.assertEqual("vxlan.openvnf.org", chart.environment(changed, name)["KUBEVXLAN_KEY_PREFIX"])

    def test_leaves_excluded_namespaces_alone(self):
        self.assertNotIn("namespaceSelector", registration(self.defaults))
        changed = chart.render("--set", "webhook.excludedNamespaces={kube-system,ci}")
        self.assertEqual(
            {
                "matchExpressions": [
                    {"key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": ["kube-system", "ci"]}
                ]
            },
            registration(changed)["namespaceSelector"],
        )

    def test_sees_pods_of_chosen_namespaces_alone(self):
        changed = chart.render("--set", "watchNamespaces={team-a,team-b},webhook.excludedNamespaces={ci}")
        self.assertEqual(
            {
                "matchExpressions": [
                    {"key": "kubernetes.io/metadata.name", "operator": "In", "values": ["team-a", "team-b"]},
                    {"key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": ["ci"]},
                ]
            },
            registration(changed)["namespaceSelector"],
        )
        for name in ("kube-vxlan-controller", NAME):
            self.assertEqual("team-a,team-b", chart.environment(changed, name)["KUBEVXLAN_WATCH_NAMESPACES"])

    def test_tries_itself_where_pods_become_members(self):
        for chosen, namespace in {"team-a,team-b": "team-a", "team-a,kube-system": "kube-system"}.items():
            with self.subTest(chosen):
                changed = chart.render("--set", f"watchNamespaces={{{chosen}}}")
                self.assertEqual(namespace, changed["Pod/kube-vxlan-controller-test"]["metadata"]["namespace"])

    def test_is_told_every_setting(self):
        self.assertEqual(
            {
                "KUBEVXLAN_KEY_PREFIX": "vxlan.travelping.com",
                "KUBEVXLAN_NAMESPACE": "kube-system",
                "KUBEVXLAN_CONFIGMAP": "kube-vxlan-controller",
                "KUBEVXLAN_WATCH_NAMESPACES": "",
                "KUBEVXLAN_DEFAULT_DEV": "eth0",
                "KUBEVXLAN_DEFAULT_DSTPORT": "",
                "KUBEVXLAN_RESERVED_RANGES": "",
                "KUBEVXLAN_ALLOW_POD_NETWORK_ID": "false",
                "KUBEVXLAN_ALLOW_ANY_MAC": "false",
                "KUBEVXLAN_ADMIN_PORT": "8080",
                "KUBEVXLAN_LOG_LEVEL": "info",
                "KUBEVXLAN_LOG_FORMAT": "text",
                "KUBEVXLAN_PORT": "8443",
                "KUBEVXLAN_AGENT_IMAGE": f"kube-vxlan-controller-agent:{chart.VERSION}",
                "KUBEVXLAN_AGENT_PULL_POLICY": "IfNotPresent",
                "KUBEVXLAN_AGENT_PULL_SECRETS": "",
                "KUBEVXLAN_AGENT_MODE": "auto",
                "KUBEVXLAN_AGENT_RESOURCES": "limits.cpu=40m,limits.ephemeral-storage=16Mi,limits.memory=64Mi,"
                "requests.cpu=10m,requests.ephemeral-storage=4Mi,requests.memory=16Mi",
                "KUBEVXLAN_AGENT_GUARANTEED_RESOURCES": "limits.cpu=25m,limits.memory=64Mi",
                "KUBEVXLAN_READINESS_GATE": "true",
                "KUBEVXLAN_REQUESTS": "64",
                "KUBEVXLAN_UNKNOWN_NETWORKS": "Wait",
                "KUBEVXLAN_LEGACY_AGENT_IMAGES": "openvnf/kube-vxlan-controller-agent,"
                "aialferov/kube-vxlan-controller-agent",
                "KUBEVXLAN_TLS_SECRET": "kube-vxlan-controller-webhook-tls",
            },
            chart.environment(self.defaults, NAME),
        )

    def test_is_told_what_agents_ask_for(self):
        for options, expected in {
            "agent.resources.limits.cpu=null,agent.resources.requests=null": "limits.ephemeral-storage=16Mi,limits.memory=64Mi",
            "agent.resources.limits=null,agent.resources.requests=null": "none",
            "agent.resources.limits=null,agent.resources.requests.cpu=1,agent.resources.requests.memory=1.5e9": "requests.cpu=1,"
            "requests.ephemeral-storage=4Mi,requests.memory=1.5e9",
        }.items():
            with self.subTest(options):
                changed = chart.environment(chart.render("--set", options), NAME)
                self.assertEqual(expected, changed["KUBEVXLAN_AGENT_RESOURCES"])
        changed = chart.render("--set", "agent.guaranteedResources.limits.cpu=50m")
        self.assertEqual(
            "limits.cpu=50m,limits.memory=64Mi",
            chart.environment(changed, NAME)["KUBEVXLAN_AGENT_GUARANTEED_RESOURCES"],
        )

    def test_is_spread_and_keeps_serving_through_updates_and_drains(self):
        deployment = self.defaults[f"Deployment/{NAME}"]["spec"]
        self.assertEqual(2, deployment["replicas"])
        self.assertEqual({"maxSurge": 1, "maxUnavailable": 0}, deployment["strategy"]["rollingUpdate"])
        (spread,) = deployment["template"]["spec"]["topologySpreadConstraints"]
        self.assertEqual("kubernetes.io/hostname", spread["topologyKey"])
        budget = self.defaults[f"PodDisruptionBudget/{NAME}"]["spec"]
        self.assertEqual((1, deployment["selector"]), (budget["maxUnavailable"], budget["selector"]))


class Both(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.defaults = chart.render()

    def test_are_one_image_with_two_commands(self):
        seen = [chart.container(self.defaults, name) for name in ("kube-vxlan-controller", NAME)]
        self.assertEqual([["controller"], ["webhook"]], [one["args"] for one in seen])
        self.assertEqual({f"kube-vxlan-controller:{chart.VERSION}"}, {one["image"] for one in seen})

    def test_differ_in_the_options_of_java(self):
        entry = (chart.ROOT / "images/controller/Dockerfile").read_text().rsplit("ENTRYPOINT ", 1)[1]
        self.assertNotIn("command", chart.container(self.defaults, "kube-vxlan-controller"))
        self.assertEqual(
            [one.replace("jvm.options", "webhook.options") for one in json.loads(entry)],
            chart.container(self.defaults, NAME)["command"],
        )

    def test_have_the_least_privilege(self):
        for name in ("kube-vxlan-controller", NAME):
            with self.subTest(name):
                pod = self.defaults[f"Deployment/{name}"]["spec"]["template"]["spec"]
                self.assertEqual(
                    {
                        "runAsNonRoot": True,
                        "runAsUser": 65532,
                        "runAsGroup": 65532,
                        "seccompProfile": {"type": "RuntimeDefault"},
                    },
                    pod["securityContext"],
                )
                self.assertEqual(
                    {
                        "allowPrivilegeEscalation": False,
                        "readOnlyRootFilesystem": True,
                        "capabilities": {"drop": ["ALL"]},
                    },
                    pod["containers"][0]["securityContext"],
                )
                self.assertNotIn("volumes", pod)
                memory = {"kube-vxlan-controller": "512Mi", NAME: "384Mi"}[name]
                self.assertEqual(memory, pod["containers"][0]["resources"]["limits"]["memory"])

    def test_are_never_members_themselves(self):
        for name in ("kube-vxlan-controller", NAME):
            labels = self.defaults[f"Deployment/{name}"]["spec"]["template"]["metadata"]["labels"]
            self.assertNotIn("vxlan.travelping.com", labels)

    def test_run_where_the_user_says(self):
        changed = chart.render(
            "--set", "priorityClassName=,imagePullSecrets[0].name=pull,podAnnotations.team=net,nodeSelector.zone=a",
            "--set-json", 'tolerations=[{"operator":"Exists"}]',
            "--set-json", 'affinity={"podAntiAffinity":{}}',
            "--set", "image.repository=example.org/vxlan,image.tag=2.0,image.pullPolicy=Always",
        )
        for name in ("kube-vxlan-controller", NAME):
            with self.subTest(name):
                template = changed[f"Deployment/{name}"]["spec"]["template"]
                pod = template["spec"]
                self.assertEqual({"team": "net"}, template["metadata"]["annotations"])
                self.assertNotIn("priorityClassName", pod)
                self.assertEqual([{"name": "pull"}], pod["imagePullSecrets"])
                self.assertEqual({"kubernetes.io/os": "linux", "zone": "a"}, pod["nodeSelector"])
                self.assertEqual([{"operator": "Exists"}], pod["tolerations"])
                self.assertEqual({"podAntiAffinity": {}}, pod["affinity"])
                self.assertEqual("example.org/vxlan:2.0", pod["containers"][0]["image"])
                self.assertEqual("Always", pod["containers"][0]["imagePullPolicy"])

    def test_keep_their_names_in_any_release_and_follow_its_namespace(self):
        changed = chart.render(release="other", namespace="vxlan")
        without_test = {key for key in changed if "-test" not in key}
        self.assertEqual({key for key in self.defaults if "-test" not in key}, without_test)
        text = chart.template(release="other", namespace="vxlan")
        # A Kubernetes account of that name, whatever the release.
        self.assertNotIn("kube-system", text.replace("system:serviceaccount:kube-system:namespace-controller", ""))
