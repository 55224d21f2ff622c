"""What Kubernetes is told, held against the service and against itself: nothing here has a cluster."""

import json
import re
import shutil
import subprocess
from typing import Any

import pytest
import yaml
from django.urls import resolve

from imageservice.environment.variables import Variables
from rendering import views
from tests.tracked import ROOT

BASE = ROOT / "hosting/kubernetes/base"
KUSTOMIZATION: dict[str, Any] = yaml.safe_load((BASE / "kustomization.yaml").read_text())
OBJECTS: list[dict[str, Any]] = [
    one for name in KUSTOMIZATION["resources"] for one in yaml.safe_load_all((BASE / name).read_text())
]
DOCKERFILE = (ROOT / "hosting/Dockerfile").read_text()


def kind(name: str) -> dict[str, dict[str, Any]]:
    return {one["metadata"]["name"]: one for one in OBJECTS if one["kind"] == name}


def pods() -> dict[str, dict[str, Any]]:
    """The templates of pods, by the name of what makes them."""
    found = {name: one["spec"]["template"] for name, one in kind("Deployment").items()}
    jobs = {name: one["spec"]["jobTemplate"]["spec"]["template"] for name, one in kind("CronJob").items()}
    return {**found, **jobs}


def containers() -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    return [
        (f"{name}.{one['name']}", pod, one)
        for name, pod in pods().items()
        for one in (*pod["spec"].get("initContainers", ()), *pod["spec"]["containers"])
    ]


def test_every_file_is_a_resource():
    assert sorted([*KUSTOMIZATION["resources"], "kustomization.yaml"]) == sorted(path.name for path in BASE.iterdir())


def test_planes_scale_and_are_kept_apart():
    assert set(pods()) == {"pictures", "admin", "outbox"}
    (scaled,) = kind("HorizontalPodAutoscaler").values()
    assert scaled["spec"]["scaleTargetRef"]["name"] == "pictures"
    assert "replicas" not in kind("Deployment")["pictures"]["spec"], "the autoscaler decides"
    assert kind("Deployment")["admin"]["spec"]["replicas"] == 1, "two would migrate at once"
    assert kind("PodDisruptionBudget").keys() == {"pictures"}
    assert scaled["spec"]["minReplicas"] > kind("PodDisruptionBudget")["pictures"]["spec"]["minAvailable"]


def test_probes_ask_what_the_service_answers_where_it_listens():
    port = int(re.findall(r"^EXPOSE (\d+)$", DOCKERFILE, re.MULTILINE)[0])
    probed = 0
    for name, _, one in containers():
        for key, probe in one.items():
            if key.endswith("Probe"):
                assert resolve(probe["httpGet"]["path"]).func is views.healthz, name
                assert {"name": probe["httpGet"]["port"], "containerPort": port} in one["ports"], name
                probed += 1
    assert probed == 6
    for name in ("pictures", "admin"):
        notes = pods()[name]["metadata"]["annotations"]
        assert resolve(notes["prometheus.io/path"]).func is views.metrics
        assert notes["prometheus.io/port"] == str(port)


def test_ports_and_labels_agree():
    listening = {
        name: {one["name"] for one in pod["spec"]["containers"][0].get("ports", ())} for name, pod in pods().items()
    }
    services = kind("Service")
    for name, service in services.items():
        assert service["spec"]["selector"].items() <= pods()[name]["metadata"]["labels"].items()
        assert {one["targetPort"] for one in service["spec"]["ports"]} <= listening[name]
    (ingress,) = kind("Ingress").values()
    (rule,) = ingress["spec"]["rules"]
    backends = [path["backend"]["service"] for path in rule["http"]["paths"]]
    assert [(path["path"], path["backend"]["service"]["name"]) for path in rule["http"]["paths"]] == [
        ("/admin", "admin"), ("/static", "admin"), ("/", "pictures"),
    ]  # fmt: skip
    for backend in backends:
        assert backend["port"]["name"] in {one["name"] for one in services[backend["name"]]["spec"]["ports"]}
    for one in OBJECTS:
        if one["kind"] in ("Deployment", "PodDisruptionBudget"):
            labels = one["spec"]["selector"]["matchLabels"]
            assert labels.items() <= pods()[one["metadata"]["name"]]["metadata"]["labels"].items()
    components = {pod["metadata"]["labels"]["app.kubernetes.io/component"] for pod in pods().values()}
    for policy in kind("NetworkPolicy").values():
        selector = policy["spec"]["podSelector"]
        chosen = set(selector.get("matchLabels", {}).values())
        chosen |= {value for one in selector.get("matchExpressions", ()) for value in one["values"]}
        assert chosen <= components
        for rule in policy["spec"].get("ingress", ()):
            assert {one["port"] for one in rule["ports"]} == {"http"}
    # Whoever answers nothing is asked for nothing.
    assert listening["outbox"] == set()


def test_every_name_in_an_environment_is_one_that_the_service_reads():
    known = {one.name for one in Variables.variables()} | {"AWS_REGION"}
    literals = {one["name"]: one["literals"] for one in KUSTOMIZATION["configMapGenerator"]}
    assert {line.partition("=")[0] for lines in literals.values() for line in lines} <= known
    for name, _, one in containers():
        assert {variable["name"] for variable in one["env"]} == {"PLANE"}
        plane = one["env"][0]["value"]
        assert plane == ("images" if name.startswith("pictures") else "admin")
        maps = [source["configMapRef"]["name"] for source in one["envFrom"] if "configMapRef" in source]
        secrets = [source["secretRef"]["name"] for source in one["envFrom"] if "secretRef" in source]
        assert set(maps) <= set(literals)
        assert ("imageservice-admin" in secrets) is (plane == "admin"), name


def test_secrets_are_named_and_not_included():
    assert not kind("Secret")
    page = (ROOT / "docs/self-hosting.md").read_text()
    for name in ("imageservice-pictures", "imageservice-admin"):
        assert name in page


@pytest.mark.parametrize(("name", "pod", "one"), [pytest.param(*found, id=found[0]) for found in containers()])
def test_a_container_may_do_little(name, pod, one):
    assert pod["spec"]["securityContext"] == {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    assert pod["spec"]["automountServiceAccountToken"] is False
    assert pod["spec"]["serviceAccountName"] in kind("ServiceAccount")
    assert one["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert one["image"] == KUSTOMIZATION["images"][0]["name"]
    assert {"requests", "limits"} == set(one["resources"])
    assert [mount["mountPath"] for mount in one["volumeMounts"]] == ["/tmp"]


@pytest.mark.skipif(not shutil.which("kubectl"), reason="kubectl is not on this machine")
def test_kubectl_builds_it():
    done = subprocess.run(["kubectl", "kustomize", str(BASE)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    built = list(yaml.safe_load_all(done.stdout))
    assert len(built) == len(OBJECTS) + len(KUSTOMIZATION["configMapGenerator"])
    # Names of generated maps hold a hash: a changed setting restarts what reads it.
    assert re.search(r"name: imageservice-[a-z0-9]{10}\n", done.stdout)
    assert json.dumps(built).count('"image": "imageservice:unset"') == len(containers())
