import json
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
        }.items():
            with self.subTest(options):
                self.assertIn(place, chart.refusal("--set", options))

    def test_a_duration_that_would_stop_the_controller_is_refused_with_what_is_allowed(self):
        twice = "from twice tls.self.leafLifetime, which is"
        quarter = "at most a quarter of tls.self.leafLifetime, which is"
        for options, says in {
            "controller.sessionIdle=999ms": "controller.sessionIdle: found 999ms, allowed: 1s to 1h",
            "controller.sessionIdle=61m": "controller.sessionIdle: found 61m, allowed: 1s to 1h",
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
            "controller.sessionIdle=1h,controller.execDeadline=300s,controller.resync=86400000ms",
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
        self.assertIs(False, schema["additionalProperties"], where)
        self.assertEqual(set(values), set(schema["properties"]) - {"global"}, where)
        for key, value in values.items():
            self.assert_same_keys(value, schema["properties"][key], definitions, f"{where}/{key}")


class Lint(unittest.TestCase):
    def test_helm_finds_nothing_to_complain_of(self):
        status, out, err = chart.helm("lint", "--strict", "--kube-version", chart.KUBE_VERSION, chart.CHART)
        self.assertEqual(0, status, out + err)


class HelmTest(unittest.TestCase):
    def test_asks_for_a_network_by_label_and_annotation_alone(self):
        pod = chart.render()["Pod/kube-vxlan-controller-test"]
        self.assertEqual("true", pod["metadata"]["labels"]["vxlan.travelping.com"])
        self.assertEqual("vxeth0", pod["metadata"]["annotations"]["vxlan.travelping.com/names"])
        self.assertEqual("test", pod["metadata"]["annotations"]["helm.sh/hook"])
        self.assertEqual(["member"], [one["name"] for one in pod["spec"]["containers"]])

    def test_is_left_out_where_there_is_no_network(self):
        self.assertNotIn("Pod/kube-vxlan-controller-test", chart.render("--set", "networks=null"))
