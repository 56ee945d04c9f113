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

    def test_tells_artifact_hub_whose_it_is_and_where_to_read_on(self):
        (about,) = chart.parse((chart.CHART / "Chart.yaml").read_text())
        for field in ("home", "sources", "icon", "maintainers", "keywords", "description"):
            self.assertTrue(about.get(field), field)
        self.assertTrue((chart.CHART / about["icon"].rsplit("/", 1)[1]).is_file())
        self.assertLessEqual(
            {"artifacthub.io/category", "artifacthub.io/license", "artifacthub.io/links"}, about["annotations"].keys())
