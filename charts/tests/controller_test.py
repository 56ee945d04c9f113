import unittest

import chart

NAME = "kube-vxlan-controller"


class Controller(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.defaults = chart.render()

    def test_has_one_to_work_and_one_to_wait_on_another_node(self):
        spec = self.defaults[f"Deployment/{NAME}"]["spec"]
        self.assertEqual(2, spec["replicas"])
        spread = spec["template"]["spec"]["topologySpreadConstraints"]
        self.assertEqual(["kubernetes.io/hostname"], [constraint["topologyKey"] for constraint in spread])

    def test_is_told_every_setting(self):
        self.assertEqual(
            {
                "KUBEVXLAN_KEY_PREFIX": "vxlan.travelping.com",
                "KUBEVXLAN_NAMESPACE": "kube-system",
                "KUBEVXLAN_CONFIGMAP": "kube-vxlan-controller",
                "KUBEVXLAN_INITIAL_NETWORKS": "vxeth0=100\nvxeth1=101\nvxeth2=102\nvxeth3=103",
                "KUBEVXLAN_WATCH_NAMESPACES": "",
                "KUBEVXLAN_DEFAULT_DEV": "eth0",
                "KUBEVXLAN_DEFAULT_DSTPORT": "",
                "KUBEVXLAN_RESERVED_RANGES": "",
                "KUBEVXLAN_ALLOW_POD_NETWORK_ID": "false",
                "KUBEVXLAN_ALLOW_ANY_MAC": "false",
                "KUBEVXLAN_ADMIN_PORT": "8080",
                "KUBEVXLAN_PAGE": "true",
                "KUBEVXLAN_PAGE_PORT": "8090",
                "KUBEVXLAN_NAMES": "false",
                "KUBEVXLAN_LOG_LEVEL": "info",
                "KUBEVXLAN_LOG_FORMAT": "text",
                "KUBEVXLAN_TLS_MODE": "self",
                "KUBEVXLAN_TLS_SECRET": "kube-vxlan-controller-webhook-tls",
                "KUBEVXLAN_CA_SECRET": "kube-vxlan-controller-ca",
                "KUBEVXLAN_WEBHOOK_CONFIGURATION": "kube-vxlan-controller",
                "KUBEVXLAN_WEBHOOK_SERVICE": "kube-vxlan-controller-webhook",
                "KUBEVXLAN_TLS_CA_LIFETIME": "8760h",
                "KUBEVXLAN_TLS_LEAF_LIFETIME": "2160h",
                "KUBEVXLAN_TLS_OVERLAP": "1m",
                "KUBEVXLAN_EXECS": "64",
                "KUBEVXLAN_EXECS_PER_NODE": "16",
                "KUBEVXLAN_SESSIONS": "256",
                "KUBEVXLAN_SESSION_IDLE": "1h",
                "KUBEVXLAN_EXEC_DEADLINE": "10s",
                "KUBEVXLAN_RESYNC": "5m",
                "KUBEVXLAN_NEIGHBOURS": "256",
                "KUBEVXLAN_PROBE_PEERS": "0",
                "KUBEVXLAN_PEER_FILTER": "true",
            },
            chart.environment(self.defaults, NAME),
        )

    def test_gets_each_network_on_one_line(self):
        changed = chart.render("--set-json", 'networks={"a":"id=7\\n  up ip=10.0.0.1/8;10.0.0.2/8\\n","b":16777215}')
        self.assertEqual(
            "a=id=7 up ip=10.0.0.1/8;10.0.0.2/8\nb=16777215\nvxeth0=100\nvxeth1=101\nvxeth2=102\nvxeth3=103",
            chart.environment(changed, NAME)["KUBEVXLAN_INITIAL_NETWORKS"],
        )

    def test_gets_no_networks_where_none_are_wanted(self):
        changed = chart.render("--set", "networks=null")
        self.assertEqual("", chart.environment(changed, NAME)["KUBEVXLAN_INITIAL_NETWORKS"])

    def test_leaves_out_an_example_that_is_null(self):
        changed = chart.render("--set", "networks.vxeth1=null,networks.vxeth2=null,networks.vxeth3=null")
        self.assertEqual("vxeth0=100", chart.environment(changed, NAME)["KUBEVXLAN_INITIAL_NETWORKS"])

    def test_no_manifest_carries_the_networks_that_users_edit(self):
        kinds = {key.split("/")[0] for key in self.defaults}
        self.assertFalse({"ConfigMap", "Secret"} & kinds)

    def test_may_exec_into_the_agent_alone_where_policies_are_there(self):
        policy = self.defaults[f"ValidatingAdmissionPolicy/{NAME}-exec"]["spec"]
        self.assertEqual(
            "request.userInfo.username == 'system:serviceaccount:kube-system:kube-vxlan-controller'",
            policy["matchConditions"][0]["expression"],
        )
        self.assertIn(
            "object.container in ['vxlan-controller-agent', 'vxlan-controller-agent-init']",
            policy["validations"][0]["expression"],
        )
        binding = self.defaults[f"ValidatingAdmissionPolicyBinding/{NAME}-exec"]["spec"]
        self.assertEqual(["Deny"], binding["validationActions"])

    def test_may_write_its_own_annotation_and_condition_alone_and_nobody_else_that_annotation(self):
        changed = chart.render("--set", "keyPrefix=example.com", namespace="vx")
        account = "'system:serviceaccount:vx:kube-vxlan-controller'"
        for name, compared, key in (
            ("status", f"== {account}", "'example.com/ready'"),
            ("status-of-others", f"!= {account}", "'example.com/status'"),
        ):
            with self.subTest(name):
                policy = changed[f"ValidatingAdmissionPolicy/{NAME}-{name}"]["spec"]
                self.assertEqual(
                    f"request.userInfo.username {compared}", policy["matchConditions"][0]["expression"]
                )
                self.assertIn(key, str(policy))
                self.assertNotIn("travelping", str(policy))
                rule = policy["matchConstraints"]["resourceRules"][0]
                self.assertEqual((["UPDATE"], ["pods", "pods/*"]), (rule["operations"], rule["resources"]))
                more = [(one["operations"], one["resources"]) for one in policy["matchConstraints"]["resourceRules"][1:]]
                bindings = [(["CREATE"], ["pods/binding", "bindings"])]
                self.assertEqual(bindings if name == "status-of-others" else [], more)
                binding = changed[f"ValidatingAdmissionPolicyBinding/{NAME}-{name}"]["spec"]
                self.assertEqual(["Deny"], binding["validationActions"])

    def test_no_failure_of_a_policy_keeps_others_from_writing_pods(self):
        policies = {
            key: one["spec"]["failurePolicy"]
            for key, one in self.defaults.items()
            if key.startswith("ValidatingAdmissionPolicy/")
        }
        self.assertEqual({f"ValidatingAdmissionPolicy/{NAME}-status-of-others"}, {
            key for key, policy in policies.items() if policy == "Ignore"
        })

    def test_installs_on_a_server_without_policies(self):
        old = chart.render(kube_version="1.29.0")
        self.assertFalse([key for key in old if "Policy" in key])
        self.assertIn(f"Deployment/{NAME}", old)
