import base64
import unittest

import chart
from rbac_test import each, rights

NAME = "kube-vxlan-controller"
WEBHOOK = f"{NAME}-webhook"
CONFIGURATIONS = (f"MutatingWebhookConfiguration/{NAME}", f"ValidatingWebhookConfiguration/{NAME}")
CERT_MANAGER_SECRET = f"{NAME}-cert-manager-tls"
PEM = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
FILES = ("--set", "tls.mode=files", "--set-json", 'tls.files.volume={"secret":{"secretName":"mine"}}')


def of_cert_manager(manifests):
    return {key: one for key, one in manifests.items() if one["apiVersion"].startswith("cert-manager.io/")}


def secrets_and_configurations(manifests):
    """The rights of both accounts to Secrets and webhook configurations."""
    return {
        right
        for kind in ("Role", "ClusterRole")
        for name in (NAME, WEBHOOK)
        for right in rights(manifests, kind, name)
        if right[1] == "secrets" or right[1].endswith("webhookconfigurations")
    }


class CertManager(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.manifests = chart.render("--set", "tls.mode=cert-manager", namespace="vxlan")

    def test_issues_the_certificate_by_a_ca_of_its_own(self):
        self.assertEqual(
            {
                f"Issuer/{NAME}-self-signed",
                f"Certificate/{NAME}-ca",
                f"Issuer/{NAME}-ca",
                f"Certificate/{WEBHOOK}",
            },
            set(of_cert_manager(self.manifests)),
        )
        ca = self.manifests[f"Certificate/{NAME}-ca"]["spec"]
        self.assertTrue(ca["isCA"])
        self.assertEqual(f"{NAME}-self-signed", ca["issuerRef"]["name"])
        self.assertEqual({"ca": {"secretName": ca["secretName"]}}, self.manifests[f"Issuer/{NAME}-ca"]["spec"])

    def test_names_the_service_and_the_secret_that_the_webhook_watches(self):
        leaf = self.manifests[f"Certificate/{WEBHOOK}"]["spec"]
        self.assertEqual([f"{WEBHOOK}.vxlan.svc", f"{WEBHOOK}.vxlan.svc.cluster.local"], leaf["dnsNames"])
        self.assertEqual(f"{NAME}-ca", leaf["issuerRef"]["name"])
        watched = chart.environment(self.manifests, WEBHOOK)["KUBEVXLAN_TLS_SECRET"]
        self.assertEqual((CERT_MANAGER_SECRET, CERT_MANAGER_SECRET), (leaf["secretName"], watched))

    def test_fills_in_the_ca_bundle(self):
        for key in CONFIGURATIONS:
            with self.subTest(key):
                one = self.manifests[key]
                self.assertEqual(
                    {"cert-manager.io/inject-ca-from": f"vxlan/{WEBHOOK}"}, one["metadata"]["annotations"]
                )
                self.assertNotIn("caBundle", str(one["webhooks"]))

    def test_takes_the_users_issuer(self):
        issuer = {"name": "mine", "kind": "ClusterIssuer", "group": "example.org"}
        options = [f"tls.certManager.issuerRef.{key}={value}" for key, value in issuer.items()]
        changed = chart.render("--set", ",".join(["tls.mode=cert-manager", *options]))
        (only,) = of_cert_manager(changed).values()
        self.assertEqual(issuer, only["spec"]["issuerRef"])

    def test_leaves_no_right_to_the_controller(self):
        self.assertEqual(
            each("", "secrets", CERT_MANAGER_SECRET, "list", "watch"), secrets_and_configurations(self.manifests)
        )
        tls = {key for key in chart.environment(self.manifests, NAME) if "TLS" in key or "CA_SECRET" in key}
        self.assertEqual({"KUBEVXLAN_TLS_MODE"}, tls)


class Files(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.manifests = chart.render(*FILES, "--set", f"tls.files.caBundle={PEM}")

    def test_are_mounted_where_the_webhook_reads(self):
        pod = self.manifests[f"Deployment/{WEBHOOK}"]["spec"]["template"]["spec"]
        self.assertEqual([{"name": "tls", "secret": {"secretName": "mine"}}], pod["volumes"])
        (mount,) = chart.container(self.manifests, WEBHOOK)["volumeMounts"]
        environment = chart.environment(self.manifests, WEBHOOK)
        self.assertEqual(environment["KUBEVXLAN_TLS_DIR"], mount["mountPath"])
        self.assertNotIn("KUBEVXLAN_TLS_SECRET", environment)

    def test_are_trusted_by_the_given_bundle(self):
        for key in CONFIGURATIONS:
            with self.subTest(key):
                (webhook,) = self.manifests[key]["webhooks"]
                self.assertEqual(PEM, base64.b64decode(webhook["clientConfig"]["caBundle"]).decode())

    def test_need_no_right(self):
        self.assertEqual(set(), secrets_and_configurations(self.manifests))

    def test_need_volume_and_bundle(self):
        self.assertIn("tls.files.caBundle: found nothing", chart.refusal(*FILES))
        self.assertIn(
            "tls.files.volume: found nothing",
            chart.refusal("--set", "tls.mode=files", "--set", f"tls.files.caBundle={PEM}"),
        )


class Self(unittest.TestCase):
    def test_asks_nothing_of_cert_manager(self):
        self.assertNotIn("cert-manager.io", chart.template())
