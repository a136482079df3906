"""What an operator copies is true: container, compose file, services; commands, settings and files exist."""

import os
import re
import shlex
import subprocess
from pathlib import Path
from shutil import which
from typing import Any

import pytest
import yaml

from app.cli import COMMANDS
from app.foundation.settings import Settings

ROOT = Path(__file__).parents[1]
PACKAGING = ROOT / "packaging"
SETTINGS = {name.upper() for name in Settings.model_fields}
OURS = {"migrate", "app", "worker"}
UNITS = sorted(PACKAGING.glob("*.service"))


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return told


def test_the_image_takes_in_only_what_runs() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"}
    for line in lines:
        if line.startswith("COPY ") and "--from" not in line:
            for name in line.split()[1:-1]:
                assert (ROOT / name).exists(), name
                assert any(Path(name).match(pattern) for pattern in allowed), name
    assert "USER kuliss" in lines
    assert not any(line.startswith("USER root") for line in lines)
    assert "/healthz" in "\n".join(lines)


def test_the_parts_know_each_other(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(services) == OURS | {"proxy", "database"}
    for name, service in services.items():
        for other, wanted in service.get("depends_on", {}).items():
            checked = wanted["condition"] != "service_healthy" or (
                other == "app" or "healthcheck" in services[other]
            )
            assert checked, (name, other)
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert source in compose["volumes"] or (ROOT / source).exists(), volume
    assert services["database"]["networks"] == ["back"]
    assert compose["networks"]["back"]["internal"] is True
    assert "ports" not in services["database"]
    assert "ports" not in services["app"]


def test_the_programs_of_the_containers_exist(compose: dict[str, Any]) -> None:
    for name in OURS:
        service = compose["services"][name]
        assert service["command"][0] == "kuliss"
        assert service["command"][1] in COMMANDS
        assert set(service["environment"]) <= SETTINGS
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    asked = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "compose.yaml").read_text(encoding="utf-8")))
    assert asked == {"PUBLIC_URL", "POSTGRES_PASSWORD"}
    subnet = compose["networks"]["front"]["ipam"]["config"][0]["subnet"]
    assert compose["services"]["app"]["environment"]["TRUSTED_PROXIES"] == subnet


def test_the_proxy_leads_to_the_pages_and_not_to_the_numbers(compose: dict[str, Any]) -> None:
    said = (PACKAGING / "Caddyfile").read_text(encoding="utf-8")
    port = compose["services"]["app"]["environment"]["PORT"]
    assert f"reverse_proxy app:{port}" in said
    assert "respond /metrics 404" in said
    assert "{$PUBLIC_URL} {" in said


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_services_call_what_exists_and_may_little(unit: Path) -> None:
    said = unit.read_text(encoding="utf-8")
    called = re.search(r"^ExecStart=\S+/kuliss ([a-z-]+)", said, re.MULTILINE)
    assert called is not None
    assert called[1] in COMMANDS
    named = re.search(r"^Environment=(.*)$", said, re.MULTILINE)
    assert named is not None
    assert {each.split("=")[0] for each in named[1].split()} <= SETTINGS | {"PYTHONUNBUFFERED"}
    for line in ("User=kuliss", "NoNewPrivileges=yes", "CapabilityBoundingSet=", "ProtectSystem=strict",
                 "ProtectHome=yes", "PrivateDevices=yes", "SystemCallFilter=@system-service"):  # fmt: skip
        assert line in said, line


def test_a_command_by_hand_runs_as_the_service_does() -> None:
    said = (PACKAGING / "kuliss.service").read_text(encoding="utf-8")
    by_hand = (PACKAGING / "kuliss").read_text(encoding="utf-8").replace("\\\n", "")
    words = shlex.split(by_hand.split("\nexec ", 1)[1])
    given = dict(re.findall(r"^(\w+)=(\S+)", said, re.MULTILINE))
    assert words[0] == "systemd-run"
    assert {
        f"--uid={given['User']}", f"--gid={given['Group']}",
        f"--working-directory={given['WorkingDirectory']}", f"--setenv={given['Environment']}",
        *(f"--property={name}={given[name]}"
          for name in ("EnvironmentFile", "StateDirectory", "StateDirectoryMode", "UMask")),
    } <= set(words)  # fmt: skip
    assert words[-2:] == [given["ExecStart"], "$@"]
    assert os.access(PACKAGING / "kuliss", os.X_OK)


def test_the_nightly_backup_makes_its_folder() -> None:
    said = (PACKAGING / "kuliss-backup.service").read_text(encoding="utf-8")
    folder = re.search(r"^ReadWritePaths=(\S+)$", said, re.MULTILINE)
    assert folder is not None
    made = re.search(r"^ExecStartPre=\+/usr/bin/install -d -o kuliss -g kuliss (.*)$", said, re.MULTILINE)
    assert made is not None  # without it the sandbox finds nothing to open, and no backup is ever made
    assert made[1].split()[-1] == folder[1]


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_itself_finds_no_fault(unit: Path, tmp_path: Path) -> None:
    """Where systemd is installed; elsewhere the rest of this file has to do."""
    if which("systemd-analyze") is None:
        return
    copy = tmp_path / unit.name
    said = unit.read_text(encoding="utf-8").replace("/srv/kuliss/.venv/bin/kuliss", "/bin/true")
    copy.write_text(re.sub(r"^(User|Group)=kuliss$", r"\1=daemon", said, flags=re.MULTILINE))
    done = subprocess.run(["systemd-analyze", "verify", copy], check=False, capture_output=True, text=True)
    told = [line for line in done.stderr.splitlines() if unit.name in line]
    assert told == []
