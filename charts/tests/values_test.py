import json
import pathlib
import shutil
import tempfile
import unittest

import chart


class Values(unittest.TestCase):
    def test_a_bad_value_is_refused_with_its_place(self):
        for options, place in {
            "webhok.replicas=3": "webhok",
            "webhook.replica=3": "replica",
            "webhook.replicas=0": "webhook/replicas",
            "webhook.failurePolicy=Sometimes": "webhook/failurePolicy",
            "webhook.timeoutSeconds=31": "webhook/timeoutSeconds",
            "unknownNetworks=Ignore": "unknownNetworks",
            "webhook.requests=0": "webhook/requests",
            "webhook.excludedNamespaces={Kube_System}": "webhook/excludedNamespaces/0",
            "watchNamespaces={team_a}": "watchNamespaces/0",
            "watchNamespaces={a,a}": "watchNamespaces",
            "keyPrefix=nodots": "keyPrefix",
            "keyPrefix=vxlan.travelping.com/": "keyPrefix",
            "defaults.dstport=65536": "defaults/dstport",
            "defaults.dev=far-too-long-name": "defaults/dev",
            "reservedRanges={10.244.0.0}": "reservedRanges/0",
            "allowPodNetworkId=maybe": "allowPodNetworkId",
            "allowAnyMac=maybe": "allowAnyMac",
            "networks.vxeth0=16777216": "networks/vxeth0",
            "networks.vxeth0=": "networks/vxeth0",
            "networks.-x=7": "-x",
            "controller.sessionIdle=30": "controller/sessionIdle",
            "controller.resync=0s": "controller/resync",
            "controller.execs=0": "controller/execs",
            "controller.sessions=63": "controller.sessions: found 63, allowed: at least controller.execs",
            "tls.mode=helm": "tls/mode",
            "tls.certManager.issuerRef.kind=Issuer": "issuerRef",
            "tls.files.caBundle=AAAA": "tls/files/caBundle",
            "tls.self.overlap=1d": "tls/self/overlap",
            "log.level=loud": "log/level",
            "log.format=xml": "log/format",
            "agent.mode=modern": "agent/mode",
            "legacyAgentImages={Old/Agent}": "legacyAgentImages/0",
            "image.pullPolicy=Sometimes": "image/pullPolicy",
            "agent.image.tag=a:b": "agent/image/tag",
            "agent.resources.requests.cpu=10 m": "agent/resources/requests/cpu",
            "agent.resources.limits.gpu=1": "agent/resources/limits",
            "agent.guaranteedResources=null": "agent",
            "image.digest=sha256:0": "image/digest",
            "image.registry=https://example.com": "image/registry",
            "controller.replicas=10": "controller/replicas",
            "webhook.port=0": "webhook/port",
            "webhook.dnsPolicy=Sometimes": "webhook/dnsPolicy",
            "controller.serviceAccount.name=A": "controller/serviceAccount/name",
            "webhook.extraEnv[0].name=KUBEVXLAN_PORT": "webhook/extraEnv/0/name",
            "webhook.podDisruptionBudget.maxUnavailable=half": "webhook/podDisruptionBudget/maxUnavailable",
            "webhook.revisionHistoryLimit=-1": "webhook/revisionHistoryLimit",
        }.items():
            with self.subTest(options):
                self.assertIn(place, chart.refusal("--set", options))

    def test_a_duration_that_would_stop_the_controller_is_refused_with_what_is_allowed(self):
        twice = "from twice tls.self.leafLifetime, which is"
        quarter = "at most a quarter of tls.self.leafLifetime, which is"
        for options, says in {
            "controller.sessionIdle=999ms": "controller.sessionIdle: found 999ms, allowed: 1s to 24h",
            "controller.sessionIdle=25h": "controller.sessionIdle: found 25h, allowed: 1s to 24h",
            "controller.execDeadline=10m": "controller.execDeadline: found 10m, allowed: 1s to 5m",
            "controller.execDeadline=500ms": "controller.execDeadline: found 500ms, allowed: 1s to 5m",
            "controller.resync=25h": "controller.resync: found 25h, allowed: 1s to 24h",
            "controller.resync=86400001ms": "controller.resync: found 86400001ms, allowed: 1s to 24h",
            "tls.self.leafLifetime=29s": "tls.self.leafLifetime: found 29s, allowed: 30s to 43800h",
            "tls.self.leafLifetime=43801h": "tls.self.leafLifetime: found 43801h, allowed: 30s to 43800h",
            "tls.self.leafLifetime=4400h": f"tls.self.caLifetime: found 8760h, allowed: {twice} 4400h, to 175200h",
            "tls.self.caLifetime=175201h": f"tls.self.caLifetime: found 175201h, allowed: {twice} 2160h, to 175200h",
            "tls.self.overlap=541h": f"tls.self.overlap: found 541h, allowed: {quarter} 2160h",
        }.items():
            with self.subTest(options):
                self.assertIn(says, chart.refusal("--set", options))

    def test_a_duration_at_the_end_of_its_range_is_taken(self):
        for options in (
            "controller.sessionIdle=24h,controller.execDeadline=300s,controller.resync=86400000ms",
            "controller.sessionIdle=1s,controller.execDeadline=1000ms,controller.resync=1s",
            "tls.self.leafLifetime=43800h,tls.self.caLifetime=87600h,tls.self.overlap=10950h",
            "tls.self.leafLifetime=30s,tls.self.caLifetime=1m,tls.self.overlap=7500ms",
            "tls.mode=cert-manager,tls.self.leafLifetime=4400h",
        ):
            with self.subTest(options):
                chart.template("--set", options)

    def test_a_chart_around_this_one_may_pass_its_globals(self):
        chart.template("--set", "global.any=thing")

    def test_every_value_has_a_place_in_the_schema_and_the_other_way_round(self):
        schema = json.loads((chart.CHART / "values.schema.json").read_text())
        (values,) = chart.parse((chart.CHART / "values.yaml").read_text())
        self.assert_same_keys(values, schema, schema["definitions"], "")

    def assert_same_keys(self, values, schema, definitions, where):
        if "$ref" in schema:
            schema = definitions[schema["$ref"].rsplit("/", 1)[1]]
        if "properties" not in schema:
            return
        # A chart around this one may have globals of its own.
        self.assertIs(where == "/global", schema.get("additionalProperties", True), where)
        self.assertEqual(set(values), set(schema["properties"]), where)
        for key, value in values.items():
            self.assert_same_keys(value, schema["properties"][key], definitions, f"{where}/{key}")


class Lint(unittest.TestCase):
    def test_helm_finds_nothing_to_complain_of(self):
        status, out, err = chart.helm("lint", "--strict", "--kube-version", chart.KUBE_VERSION, chart.CHART)
        self.assertEqual(0, status, out + err)


class Notes(unittest.TestCase):
    def test_say_which_policies_this_server_has_not(self):
        for count, names in ((4, "false"), (5, "true")):
            option = ("--set", f"controller.names.enabled={names}")
            rendered = chart.render(*option)
            policies = {key.split("/")[1] for key in rendered if key.startswith("ValidatingAdmissionPolicy/")}
            self.assertEqual(count, len(policies))
            missing = self.missing("1.29.0", *option)
            self.assertEqual(policies, {word for word in missing.split() if word.startswith("kube-vxlan-controller-")})
            self.assertIn("1.29.0", missing)
            self.assertEqual("", self.missing("1.30.0", *option))

    @staticmethod
    def missing(kube_version, *options):
        """Helm shows notes only of a real server; here a manifest holds the part in question."""
        with tempfile.TemporaryDirectory() as folder:
            copy = shutil.copytree(chart.CHART, pathlib.Path(folder) / "copy")
            (copy / "templates" / "said.yaml").write_text(
                "kind: Said\nmetadata: {name: it}\n"
                'text: {{ include "kube-vxlan-controller.missingPolicies" . | trim | toJson }}\n'
            )
            status, out, err = chart.helm(
                "template", copy, "--kube-version", kube_version, "--show-only", "templates/said.yaml", *options
            )
            if status:
                raise AssertionError(err)
            (said,) = chart.parse(out)
            return said["text"]


class PodsOfOurs(unittest.TestCase):
    def test_have_a_priority_of_the_system_in_its_namespace_alone(self):
        for namespace, priority in {"kube-system": "system-cluster-critical", "vxlan": None}.items():
            for name in ("kube-vxlan-controller", "kube-vxlan-controller-webhook"):
                pod = chart.render(namespace=namespace)[f"Deployment/{name}"]["spec"]["template"]["spec"]
                self.assertEqual(priority, pod.get("priorityClassName"), namespace)

    def test_leave_their_security_context_to_the_platform_where_it_is_null(self):
        manifests = chart.render("--set", "podSecurityContext=null,securityContext=null")
        pods = [one["spec"]["template"]["spec"] for one in manifests.values() if one["kind"] == "Deployment"]
        for pod in (*pods, manifests["Pod/kube-vxlan-controller-test"]["spec"]):
            self.assertNotIn("securityContext", pod)
            self.assertNotIn("securityContext", pod["containers"][0])

    def test_have_each_label_once_their_own_before_the_common_one(self):
        out = chart.template("--set", "commonLabels.team=common,podLabels.team=all,webhook.podLabels.team=own")
        pod_labels = [part.split("    spec:")[0] for part in out.split("  template:")[1:]]
        self.assertEqual([["team: all"], ["team: own"]], [
            [line.strip() for line in part.splitlines() if "team:" in line] for part in pod_labels
        ])

    def test_on_their_nodes_network_give_way_before_the_next_begins(self):
        manifests = chart.render("--set", "webhook.hostNetwork=true,webhook.port=10443")
        deployment = manifests["Deployment/kube-vxlan-controller-webhook"]["spec"]
        self.assertEqual({"maxSurge": 0, "maxUnavailable": 1}, deployment["strategy"]["rollingUpdate"])
        self.assertEqual("ClusterFirstWithHostNet", deployment["template"]["spec"]["dnsPolicy"])
        self.assertEqual("10443", chart.environment(manifests, "kube-vxlan-controller-webhook")["KUBEVXLAN_PORT"])

    def test_may_be_disrupted_one_at_a_time_and_block_no_drain_when_unhealthy(self):
        manifests = chart.render()
        for name in ("kube-vxlan-controller", "kube-vxlan-controller-webhook"):
            budget = manifests[f"PodDisruptionBudget/{name}"]["spec"]
            self.assertEqual((1, "AlwaysAllow"), (budget["maxUnavailable"], budget["unhealthyPodEvictionPolicy"]))
            self.assertEqual(manifests[f"Deployment/{name}"]["spec"]["selector"], budget["selector"])

    def test_of_the_controller_may_be_none(self):
        manifests = chart.render("--set", "controller.replicas=0")
        self.assertEqual(0, manifests["Deployment/kube-vxlan-controller"]["spec"]["replicas"])
        self.assertNotIn("PodDisruptionBudget/kube-vxlan-controller", manifests)

    def test_have_what_larger_clusters_need(self):
        manifests = chart.render("--values", str(chart.CHART / "values-ha.yaml"))
        for name in ("kube-vxlan-controller", "kube-vxlan-controller-webhook"):
            deployment = manifests[f"Deployment/{name}"]["spec"]
            self.assertEqual(3, deployment["replicas"])
            keys = [one["topologyKey"] for one in deployment["template"]["spec"]["topologySpreadConstraints"]]
            self.assertEqual(["topology.kubernetes.io/zone", "kubernetes.io/hostname"], keys)

    def test_of_an_account_that_is_yours_need_its_name(self):
        self.assertIn(
            "webhook.serviceAccount.name: found nothing",
            chart.refusal("--set", "webhook.serviceAccount.create=false"),
        )

    def test_are_the_ones_that_the_policies_confine(self):
        policies = [
            one
            for key, one in chart.render(
                "--set", "controller.serviceAccount.name=mine,controller.names.enabled=true"
            ).items()
            if key.startswith("ValidatingAdmissionPolicy/")
        ]
        for policy in policies:
            (condition,) = policy["spec"]["matchConditions"]
            self.assertIn("'system:serviceaccount:kube-system:mine'", condition["expression"])

    def test_are_closed_to_others_where_policies_of_the_network_are_wanted(self):
        manifests = chart.render("--set", "networkPolicy.enabled=true")
        self.assertNotIn("ingress", manifests["NetworkPolicy/kube-vxlan-controller"]["spec"])
        webhook = manifests["NetworkPolicy/kube-vxlan-controller-webhook"]["spec"]
        self.assertEqual([{"ports": [{"port": "https"}]}], webhook["ingress"])
        self.assertFalse([key for key in chart.render() if key.startswith("NetworkPolicy/")])


class HelmTest(unittest.TestCase):
    def test_asks_for_a_network_by_label_and_annotation_alone(self):
        pod = chart.render()["Pod/kube-vxlan-controller-test"]
        self.assertEqual("true", pod["metadata"]["labels"]["vxlan.travelping.com"])
        self.assertEqual("vxeth0", pod["metadata"]["annotations"]["vxlan.travelping.com/names"])
        self.assertEqual("test", pod["metadata"]["annotations"]["helm.sh/hook"])
        self.assertEqual(["member"], [one["name"] for one in pod["spec"]["containers"]])

    def test_pulls_as_the_others_do(self):
        pod = chart.render("--set", "imagePullSecrets[0].name=pull")["Pod/kube-vxlan-controller-test"]
        self.assertEqual([{"name": "pull"}], pod["spec"]["imagePullSecrets"])

    def test_takes_a_name_that_looks_like_a_number(self):
        networks = 'networks={"100":"7","vxeth0":null,"vxeth1":null,"vxeth2":null,"vxeth3":null}'
        for options in ((), ("--set", "tls.mode=cert-manager"), ("--set-json", 'watchNamespaces=["100","1e3"]')):
            with self.subTest(options):
                manifests = chart.parse(chart.template("--set-json", networks, *options, namespace="100"))
                namespaces = [one["metadata"]["namespace"] for one in manifests if "namespace" in one["metadata"]]
                self.assertLessEqual(set(namespaces), {"100", "1e3"})
                (pod,) = [one for one in manifests if one["kind"] == "Pod"]
                self.assertEqual("100", pod["metadata"]["annotations"]["vxlan.travelping.com/names"])
                for one in manifests:
                    for subject in one.get("subjects", []):
                        self.assertEqual("100", subject["namespace"])
                    for webhook in one.get("webhooks", []):
                        self.assertEqual("100", webhook["clientConfig"]["service"]["namespace"])

    def test_is_left_out_where_there_is_no_network(self):
        self.assertNotIn("Pod/kube-vxlan-controller-test", chart.render("--set", "networks=null"))
