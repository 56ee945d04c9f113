"""Renders the chart with Helm and gives its manifests as Python dictionaries."""

import json
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHART = ROOT / "charts" / "kube-vxlan-controller"
AS_JSON = pathlib.Path(__file__).resolve().parent / "as-json"
HELM = os.environ.get("HELM", str(ROOT / "lab" / "helm"))
KUBE_VERSION = "1.34.0"
VERSION = (ROOT / "VERSION").read_text().strip()


def helm(*arguments, text=None):
    """Runs Helm; gives exit status, stdout and stderr."""
    done = subprocess.run([HELM, *map(str, arguments)], input=text, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def template(*options, namespace="kube-system", release="kube-vxlan-controller", kube_version=KUBE_VERSION):
    """The chart's manifests as YAML text; options are Helm's (--set and the like)."""
    status, out, err = helm("template", release, CHART, "-n", namespace, "--kube-version", kube_version, *options)
    if status:
        raise AssertionError(f"helm template {' '.join(options)}: {err}")
    return out


def parse(text):
    """YAML documents as a list of dictionaries, in their order."""
    status, out, err = helm("template", AS_JSON, "--set-file", "text=/dev/stdin", text=text)
    if status:
        raise AssertionError(err)
    return [json.loads(line) for line in out.splitlines() if line.startswith("{")]


def render(*options, **how):
    """The chart's manifests by kind and name, such as `Deployment/kube-vxlan-controller`."""
    return {f"{one['kind']}/{one['metadata']['name']}": one for one in parse(template(*options, **how))}


def refusal(*options):
    """What Helm says when it refuses these options; fails if it accepts them."""
    status, out, err = helm("template", CHART, "--kube-version", KUBE_VERSION, *options)
    if not status:
        raise AssertionError(f"accepted: {' '.join(options)}")
    return err


def container(manifests, deployment):
    """The one container of a Deployment."""
    (only,) = manifests[f"Deployment/{deployment}"]["spec"]["template"]["spec"]["containers"]
    return only


def environment(manifests, deployment):
    """The environment of a Deployment's container as a dictionary."""
    return {one["name"]: one["value"] for one in container(manifests, deployment)["env"]}
