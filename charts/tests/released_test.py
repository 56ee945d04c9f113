"""What charts/generate lays out for a release."""

import pathlib
import subprocess
import tempfile
import unittest

import chart

REGISTRY = "registry.example/owner"


class Released(unittest.TestCase):
    def test_has_the_images_of_its_registry_in_chart_and_manifest(self):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([chart.ROOT / "charts" / "generate", "released", REGISTRY, folder], check=True)
            manifest = (pathlib.Path(folder) / "k8s.yaml").read_text()
            readme = (pathlib.Path(folder) / chart.CHART.name / "README.md").read_text()
        for image in ("kube-vxlan-controller", "kube-vxlan-controller-agent"):
            self.assertIn(f'"{REGISTRY}/{image}:{chart.VERSION}"', manifest)
            self.assertNotIn(f'"{image}:', manifest)
        self.assertIn(f"| `agent.image.registry` | `{REGISTRY}` |", readme)
