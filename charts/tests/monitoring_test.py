import json
import re
import unittest

import chart

OPERATIONS = (chart.ROOT / "docs" / "operations.md").read_text()
NAME = re.compile(r"\bkube_vxlan_[a-z_]+")


def rules():
    rule = chart.render("--set", "prometheusRule.enabled=true")["PrometheusRule/kube-vxlan-controller"]
    (group,) = rule["spec"]["groups"]
    return group["rules"]


def documented():
    """The metrics in the table of docs/operations.md."""
    return set(re.findall(r"^\| `(kube_vxlan_[a-z_]+)` \|", OPERATIONS, re.MULTILINE))


def metrics(expression):
    """The metrics that an expression names; a histogram by its own name."""
    return {re.sub(r"(_seconds)_(bucket|count|sum)$", r"\1", name) for name in NAME.findall(expression)}


class Monitoring(unittest.TestCase):
    def test_is_off_by_default(self):
        kinds = {one["kind"] for one in chart.render().values()}
        self.assertTrue(kinds.isdisjoint({"PodMonitor", "PrometheusRule", "ConfigMap"}), kinds)

    def test_has_a_runbook_for_each_alert_and_an_alert_for_each_runbook(self):
        alerts = {rule["alert"] for rule in rules()}
        self.assertEqual(alerts, set(re.findall(r"^### (KubeVxlan\w+)$", OPERATIONS, re.MULTILINE)))
        for rule in rules():
            self.assertTrue(rule["annotations"]["runbook_url"].endswith(f"/docs/operations.md#{rule['alert'].lower()}"))

    def test_leaves_the_words_of_an_alert_to_prometheus(self):
        words = {rule["alert"]: rule["annotations"]["description"] for rule in rules()}
        self.assertIn("{{ $labels.network }}", words["KubeVxlanMembersNotReady"])

    def test_asks_for_documented_metrics_alone(self):
        board = chart.render("--set", "dashboard.enabled=true")["ConfigMap/kube-vxlan-controller-dashboard"]
        panels = json.loads(board["data"]["kube-vxlan-controller.json"])["panels"]
        expressions = [rule["expr"] for rule in rules()]
        expressions += [target["expr"] for panel in panels for target in panel["targets"]]
        self.assertGreater(len(expressions), 20)
        for expression in expressions:
            self.assertLessEqual(metrics(expression), documented(), expression)
