"""What each platform's file of values changes, and what no other setting does."""

import re
import unittest

import chart

CONTROLLER, WEBHOOK = "kube-vxlan-controller", "kube-vxlan-controller-webhook"
DEPLOYMENTS = [f"Deployment/{name}" for name in (CONTROLLER, WEBHOOK)]


def rendered(platform):
    return chart.render("--values", str(chart.CHART / f"values-{platform}.yaml"), namespace="vxlan")


def pod(manifests, deployment):
    return manifests[deployment]["spec"]["template"]["spec"]


def ports(manifests, name):
    return [one["containerPort"] for one in chart.container(manifests, name)["ports"]]


class Platforms(unittest.TestCase):
    def test_each_has_its_words_and_each_file_that_is_spoken_of_is_there(self):
        page = (chart.ROOT / "docs" / "platforms.md").read_text()
        files = {one.name for one in chart.CHART.glob("values-*.yaml")}
        self.assertEqual(files, set(re.findall(r"values-[a-z-]+\.yaml", page)))

    def test_openshift_chooses_the_user(self):
        manifests = rendered("openshift")
        for deployment in DEPLOYMENTS:
            context = pod(manifests, deployment)["securityContext"]
            self.assertEqual({"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}, context)

    def test_a_webhook_that_the_api_server_reaches_by_nodes_alone_is_on_its_nodes_network(self):
        manifests = rendered("eks-own-cni")
        self.assertTrue(pod(manifests, DEPLOYMENTS[1])["hostNetwork"])
        self.assertNotIn("hostNetwork", pod(manifests, DEPLOYMENTS[0]))
        self.assertEqual([10443, 10444], ports(manifests, WEBHOOK))

    def test_a_private_gke_reaches_the_webhook_on_a_port_that_its_firewall_opens(self):
        for platform in ("gke-private", "gke-autopilot"):
            manifests = rendered(platform)
            self.assertEqual(10250, ports(manifests, WEBHOOK)[0])
            self.assertEqual("10250", chart.environment(manifests, WEBHOOK)["KUBEVXLAN_PORT"])

    def test_autopilots_own_namespaces_are_out_of_the_webhooks_sight(self):
        (webhook,) = rendered("gke-autopilot")[f"MutatingWebhookConfiguration/{CONTROLLER}"]["webhooks"]
        excluded = [one["values"] for one in webhook["namespaceSelector"]["matchExpressions"] if one["operator"] == "NotIn"]
        self.assertIn(["kube-system", "gke-managed-system"], excluded)

    def test_no_platform_gives_the_webhook_another_service(self):
        for file in chart.CHART.glob("values-*.yaml"):
            ports = chart.render("--values", str(file))[f"Service/{WEBHOOK}"]["spec"]["ports"]
            self.assertEqual([("https", 443)], [(one["targetPort"], one["port"]) for one in ports], file.name)
