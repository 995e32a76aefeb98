"""What deploy/ promises: files that parse, settings that exist, commands that the code knows."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from registry.embedded.home import Home
from registry.embedded.programs import Beat, IngestWorker, QuickWorker, Web

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
SETTINGS = set(re.findall(r'"([A-Z][A-Z0-9_]{2,})"', (DEPLOY.parent / "registry/settings.py").read_text()))
UNITS = sorted(DEPLOY.glob("systemd/*.service"))
MANIFESTS = sorted(DEPLOY.glob("kubernetes/*.yaml"))
PROCESSES = ("web", "worker-ingest", "worker-quick", "beat")


def parsed(path):
    return list(YAML(typ="safe").load_all(path.read_text()))


COMPOSE = parsed(DEPLOY / "compose.yaml")[0]
KUBERNETES = {
    document["metadata"]["name"]: document
    for path in MANIFESTS
    for document in parsed(path)
    if document["kind"] in {"Deployment", "Job"}
}


def dockerfile_command():
    text = (DEPLOY / "Dockerfile").read_text()
    words = text[text.index("CMD [") + 4 :].replace("\\\n", "")
    return YAML(typ="safe").load(words)


def unit_command(path):
    line = re.search(r"^ExecStart=(.*)$", path.read_text(), re.MULTILINE)[1]
    return shlex.split(line.replace("%%", "%"))


def commands(process):
    """Every command under which deploy/ runs a process, by where it stands."""
    container = KUBERNETES[process]["spec"]["template"]["spec"]["containers"][0]
    return {
        "compose": COMPOSE["services"][process].get("command") or dockerfile_command(),
        "kubernetes": container.get("command") or dockerfile_command(),
        "systemd": unit_command(DEPLOY / "systemd" / f"marquee-{process}.service"),
    }


def what_matters(command):
    """A command from `-m` on, without where it listens and where its notes lie."""
    words = list(command[command.index("-m") :])
    for flag in ("--host", "--port", "--schedule"):
        if flag in words:
            del words[words.index(flag) + 1]
    return words


@pytest.mark.parametrize("part", [Web, IngestWorker, QuickWorker, Beat], ids=lambda part: part.name)
def test_every_process_is_run_as_make_run_runs_it(part, tmp_path):
    program = part(Home(tmp_path), {"HOST": "127.0.0.1", "PORT": "8000"})
    expected = what_matters(program.command().argv)
    for place, command in commands(part.name).items():
        assert what_matters(command) == expected, place


def test_the_four_processes_are_all_there_are():
    ours = {name for name, service in COMPOSE["services"].items() if is_ours(service)}
    assert ours == {*PROCESSES, "migrate"}
    assert set(KUBERNETES) == {*PROCESSES, "migrate"}
    assert {path.stem for path in UNITS} == {f"marquee-{name}" for name in (*PROCESSES, "migrate")}


def is_ours(service):
    return "DATABASE_URL" in service.get("environment", {})


def test_the_schedule_runs_once():
    assert KUBERNETES["beat"]["spec"]["replicas"] == 1
    assert KUBERNETES["beat"]["spec"]["strategy"] == {"type": "Recreate"}
    assert KUBERNETES["web"]["spec"]["replicas"] > 1


def test_every_setting_in_compose_exists():
    for service in COMPOSE["services"].values():
        if is_ours(service):
            assert set(service["environment"]) <= SETTINGS


def test_every_setting_of_the_units_exists():
    lines = (DEPLOY / "systemd/marquee.env").read_text().splitlines()
    names = {line.partition("=")[0] for line in lines if line and not line.startswith("#")}
    assert names
    assert names <= SETTINGS


def test_every_setting_of_the_manifests_exists():
    text = (DEPLOY / "kubernetes/settings.yaml").read_text()
    (settings,) = parsed(DEPLOY / "kubernetes/settings.yaml")
    secret = set(re.findall(r"\b[A-Z0-9_]*_(?:URL|KEY|ID)\b", text.partition("apiVersion")[0]))
    assert set(settings["data"]) <= SETTINGS
    assert len(secret) == 8
    assert secret <= SETTINGS


def test_every_value_that_compose_asks_for_is_in_the_example():
    asked = set(re.findall(r"\$\{([A-Z_]+)", (DEPLOY / "compose.yaml").read_text()))
    lines = (DEPLOY / "env.example").read_text().splitlines()
    assert asked == {line.partition("=")[0] for line in lines if line and not line.startswith("#")}


def test_no_secret_has_a_value_anywhere_here():
    for name in ("env.example", "systemd/marquee.env"):
        for line in (DEPLOY / name).read_text().splitlines():
            key, _, value = line.partition("=")
            if re.search(r"SECRET|PASSWORD|_KEY$|KEY_ID$", key):
                assert value == "", line


def test_every_service_waits_only_for_services_that_exist():
    for service in COMPOSE["services"].values():
        assert set(service.get("depends_on", [])) <= set(COMPOSE["services"])


def test_an_object_survives_the_loss_of_one_volume_server():
    master = COMPOSE["services"]["master"]["command"]
    volumes = [name for name in COMPOSE["services"] if name.startswith("volume-")]
    assert "-defaultReplication=001" in master
    assert len(volumes) == 3
    places = {COMPOSE["services"][name]["volumes"][0] for name in volumes}
    assert len(places) == 3
    for name in volumes:
        assert f"-ip={name}" in COMPOSE["services"][name]["command"]


def test_the_image_copies_every_package_and_no_data():
    text = (DEPLOY / "Dockerfile").read_text()
    copied = set(re.findall(r"^COPY (\w+) \1$", text, re.MULTILINE))
    assert copied == {"licenses", "storage", "registry", "workers"}
    allowed = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    assert "*" in allowed
    assert {line[1:] for line in allowed if line.startswith("!")} == {
        *copied,
        "requirements.txt",
        "wsgi.py",
    }


@pytest.mark.parametrize("name", [*PROCESSES, "migrate"])
def test_every_container_is_closed(name):
    service = COMPOSE["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    pod = KUBERNETES[name]["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["automountServiceAccountToken"] is False
    assert pod["containers"][0]["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def test_the_web_is_asked_whether_it_lives_and_whether_it_is_ready():
    container = KUBERNETES["web"]["spec"]["template"]["spec"]["containers"][0]
    assert container["livenessProbe"]["httpGet"]["path"] == "/healthz"
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"


@pytest.mark.skipif(not shutil.which("kubectl"), reason="kubectl is not installed")
def test_kustomize_builds_the_manifests():
    built = subprocess.run(
        ["kubectl", "kustomize", DEPLOY / "kubernetes"], capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stderr
    documents = list(YAML(typ="safe").load_all(built.stdout))
    assert len(documents) == sum(len(parsed(path)) for path in MANIFESTS) - 1
    images = {found[1] for found in re.finditer(r"image: (\S+)", built.stdout)}
    assert images == {"registry.example.org/marquee:0.1.0"}


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.stem)
def test_systemd_understands_every_line_and_finds_the_unit_closed(unit, tmp_path):
    """The programs and the account are not here, so the units are given ones that are."""
    for path in (*UNITS, DEPLOY / "systemd/marquee.target"):
        text = path.read_text().replace("/opt/marquee/.venv/bin/python", "/bin/true")
        (tmp_path / path.name).write_text(text.replace("/opt/marquee", "/").replace("=marquee\n", "=root\n"))
    verified = analyze("verify", tmp_path / unit.name)
    assert verified.returncode == 0, verified.stderr
    assert str(tmp_path) not in verified.stderr
    exposure = re.search(r"exposure level for \S+: ([\d.]+)", analyze("security", unit).stdout)
    assert float(exposure[1]) < 2.5


def analyze(*words):
    offline = ["--offline=yes"] if words[0] == "security" else []
    command = ["systemd-analyze", *offline, "--no-pager", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)
