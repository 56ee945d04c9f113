import unittest

import chart

NAME = "kube-vxlan-controller"
WEBHOOK = f"{NAME}-webhook"


def rights(manifests, kind, name):
    """Every single right of a role as (group, resource, resource name or *, verb)."""
    return {
        (group, resource, target, verb)
        for rule in manifests[f"{kind}/{name}"]["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for target in rule.get("resourceNames", ["any"])
        for verb in rule["verbs"]
    }


def each(group, resource, target, *verbs):
    return {(group, resource, target, verb) for verb in verbs}


class Rbac(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.manifests = chart.render()

    def test_the_controller_may_do_this_in_the_cluster_and_no_more(self):
        self.assertEqual(
            each("", "pods", "any", "get", "list", "watch")
            | each("", "namespaces", "any", "list", "watch")
            | each("", "pods/exec", "any", "create", "get")
            | each("", "pods/status", "any", "patch")
            | each("", "events", "any", "create")
            | {
                right
                for kind in ("mutating", "validating")
                for right in each(
                    "admissionregistration.k8s.io", f"{kind}webhookconfigurations", NAME, "get", "list", "watch", "patch"
                )
            },
            rights(self.manifests, "ClusterRole", NAME),
        )

    def test_the_controller_may_do_this_in_its_namespace_and_no_more(self):
        self.assertEqual(
            each("", "configmaps", NAME, "list", "watch")
            | each("", "configmaps", "any", "create")
            | each("", "secrets", f"{NAME}-ca", "get", "list", "watch", "update")
            | each("", "secrets", f"{NAME}-webhook-tls", "get", "list", "watch", "update")
            | each("", "secrets", "any", "create")
            | each("coordination.k8s.io", "leases", NAME, "get", "patch")
            | each("coordination.k8s.io", "leases", "any", "create"),
            rights(self.manifests, "Role", NAME),
        )

    def test_the_webhook_may_only_read(self):
        self.assertEqual(
            each("", "namespaces", "any", "list", "watch"), rights(self.manifests, "ClusterRole", WEBHOOK)
        )
        self.assertEqual(
            each("", "configmaps", NAME, "list", "watch")
            | each("", "secrets", f"{NAME}-webhook-tls", "list", "watch"),
            rights(self.manifests, "Role", WEBHOOK),
        )

    def test_no_right_is_a_wildcard(self):
        roles = [key.split("/") for key in self.manifests if key.startswith(("Role/", "ClusterRole/"))]
        self.assertEqual(4, len(roles))
        for kind, name in roles:
            self.assertNotIn("*", {part for right in rights(self.manifests, kind, name) for part in right})

    def test_each_binding_gives_its_own_account_its_own_role(self):
        for name in (NAME, WEBHOOK):
            account = [{"kind": "ServiceAccount", "name": name, "namespace": "kube-system"}]
            for kind in ("Role", "ClusterRole"):
                with self.subTest(f"{kind} {name}"):
                    binding = self.manifests[f"{kind}Binding/{name}"]
                    self.assertEqual(account, binding["subjects"])
                    self.assertEqual((kind, name), (binding["roleRef"]["kind"], binding["roleRef"]["name"]))
            pod = self.manifests[f"Deployment/{name}"]["spec"]["template"]["spec"]
            self.assertEqual(name, pod["serviceAccountName"])
            self.assertIn(f"ServiceAccount/{name}", self.manifests)
