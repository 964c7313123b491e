"""The image and its composition: as far as can be told without an engine that runs containers."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
OURS = ("web", "worker", "backup")


@pytest.fixture(scope="module")
def composition() -> dict[str, Any]:
    made: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return made


@pytest.mark.parametrize("name", OURS)
def test_service_is_confined(composition: dict[str, Any], name: str) -> None:
    service = composition["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "ports" not in service


def test_no_secret_stands_in_the_composition(composition: dict[str, Any]) -> None:
    for service in composition["services"].values():
        for name, value in service.get("environment", {}).items():
            assert name.endswith("_FILE") or not re.search("PASSWORD|SECRET|TOKEN", name)
            assert not re.search(r"://[^@/]*:[^@/]*@", str(value))
    ignored = (ROOT / ".gitignore").read_text()
    for secret in composition["secrets"].values():
        # Podman takes a name without a slash for that of a volume.
        assert secret["file"].startswith("./")
        file = secret["file"].removeprefix("./")
        assert f"/deploy/{file}" in ignored
        assert f"deploy/{file}" in (ROOT / ".dockerignore").read_text()


def test_image_can_back_up_the_database_of_the_composition(composition: dict[str, Any]) -> None:
    """pg_dump refuses a server that is newer than itself."""
    image = composition["services"]["database"]["image"]
    server = re.search(r":(\d+)", image)
    containerfile = (DEPLOY / "Containerfile").read_text()
    client = re.search(r"^ARG POSTGRESQL=(\d+)$", containerfile, re.MULTILINE)
    assert server is not None
    assert client is not None
    assert client[1] == server[1]
    assert "postgresql-client-${POSTGRESQL}" in containerfile
    assert re.search(r"install .* age ", containerfile)


def test_database_is_healthy_only_when_it_takes_connections_by_tcp(composition: dict[str, Any]) -> None:
    """At its first start the image runs a server on the socket alone, which ends again."""
    test = composition["services"]["database"]["healthcheck"]["test"]
    assert test[test.index("--host") + 1] == "127.0.0.1"


def test_server_has_the_check_of_the_image_in_every_format(composition: dict[str, Any]) -> None:
    """Podman builds images in a format without a check of health."""
    text = (DEPLOY / "Containerfile").read_text()
    found = re.search(
        r"^HEALTHCHECK --interval=(\S+) --timeout=(\S+) --start-period=(\S+) CMD (.+)$", text, re.MULTILINE
    )
    assert found is not None
    interval, timeout, start_period, command = found.groups()
    check = composition["services"]["web"]["healthcheck"]
    assert check == {
        "test": ["CMD", *json.loads(command)],
        "interval": interval,
        "timeout": timeout,
        "start_period": start_period,
    }


def test_kernel_settings_are_a_list(composition: dict[str, Any]) -> None:
    """The podman-compose of Debian 12 passes the keys of a mapping without their values."""
    assert composition["services"]["web"]["sysctls"] == ["net.ipv4.tcp_migrate_req=1"]


def test_sets_can_be_reached_by_backups_alone(composition: dict[str, Any]) -> None:
    """The folder belongs to a service of its own, which `up` does not leave running."""
    services = composition["services"]
    mounting = [name for name in OURS if any("/srv/backups" in one for one in services[name]["volumes"])]
    assert mounting == ["backup"]
    assert services["backup"]["profiles"] == ["backup"]
    assert services["backup"]["command"] == ["true"]
    assert services["backup"]["restart"] == "no"
    page = (ROOT / "docs" / "operators" / "installing.md").read_text()
    assert len(re.findall(r"run --rm -T --no-deps backup python manage.py \w+ /srv/backups", page)) == 2


def test_no_command_of_the_guide_passes_by_the_entry(composition: dict[str, Any]) -> None:
    """What `exec` starts has no password, which the entry reads from its file."""
    assert composition["services"]["web"]["environment"]["PGPASSWORD_FILE"]
    for name in ("installing.md", "upgrading.md", "restoring.md"):
        page = (ROOT / "docs" / "operators" / name).read_text()
        assert not re.search(r" exec (?:web|worker|backup) python", page), name


def test_images_are_named_with_their_registry(composition: dict[str, Any]) -> None:
    """Podman asks, or refuses, where a name is short."""
    fetched = [one["image"] for one in composition["services"].values() if "build" not in one]
    fetched += re.findall(r"^ARG BASE=(.+)$", (DEPLOY / "Containerfile").read_text(), re.MULTILINE)
    assert len(fetched) == 3
    assert all(name.startswith("docker.io/") for name in fetched), fetched


def test_no_site_of_the_image_logs_addresses(composition: dict[str, Any]) -> None:
    """Its own site would answer other names on port 80; ours lies over it and is the default."""
    (mounted,) = (one for one in composition["services"]["proxy"]["volumes"] if "/conf.d/" in one)
    assert mounted.split(":")[:2] == ["./nginx/geoparticipation.conf", "/etc/nginx/conf.d/default.conf"]
    site = (DEPLOY / "nginx" / "geoparticipation.conf").read_text()
    listening = re.findall(r"^ +listen ((?:\[::\]:)?80\b.*);$", site, re.MULTILINE)
    assert listening == ["80 default_server", "[::]:80 default_server"]


def test_what_is_mounted_exists(composition: dict[str, Any]) -> None:
    made_by_operators = {"./certificates"}
    sources = {one.split(":")[0] for one in composition["services"]["proxy"]["volumes"]}
    for source in sources - made_by_operators:
        assert (DEPLOY / source).exists(), source


def test_image_starts_the_server_as_the_unit_does() -> None:
    text = (DEPLOY / "Containerfile").read_text().replace("\\\n", " ")
    (inside,) = re.findall(r"^CMD (\[.*\])$", text, re.MULTILINE)
    unit = (DEPLOY / "systemd" / "geoparticipation-web.service").read_text().replace("\\\n", " ")
    (outside,) = re.findall(r"^ExecStart=\S+ (.+)$", unit, re.MULTILINE)
    # In a container it listens on all addresses, elsewhere on the one of the environment.
    everywhere = ["--host", "0.0.0.0"]  # noqa: S104
    started = json.loads(inside)[1:]
    place = started.index("--host")
    assert started[place : place + 2] == everywhere
    assert started[:place] + started[place + 2 :] == outside.split()


def test_image_runs_as_nobody_special() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    assert re.findall(r"^USER (.+)$", text, re.MULTILINE) == ["10001"]
    assert text.count("\nFROM ") == 2
    assert "\nHEALTHCHECK " in text


def test_both_upstreams_differ_in_the_address_alone() -> None:
    ours, theirs = (
        [line for line in (DEPLOY / name).read_text().splitlines() if not line.startswith("#")]
        for name in ("nginx/snippets/upstream.conf", "container/upstream.conf")
    )
    assert [line.replace("web:8000", "127.0.0.1:8000") for line in theirs] == ours


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """The folder of the program as an image has it, with two built files."""
    place = tmp_path / "program"
    shutil.copytree(DEPLOY / "container", place / "deploy" / "container")
    (place / "var" / "built" / "js").mkdir(parents=True)
    (place / "var" / "built" / "js" / "page-NEW.js").write_text("new")
    (place / "var" / "built" / "manifest.json").write_text('{"page": "NEW"}')
    return place


def entered(image: Path, script: str, **environment: str) -> str:
    """What a command prints that the entry point starts."""
    surroundings = {"PATH": os.environ["PATH"], "VAR_DIR": str(image.parent / "var"), **environment}
    command = [str(image / "deploy" / "container" / "entrypoint.sh"), "sh", "-c", script]
    done = subprocess.run(command, cwd=image, env=surroundings, capture_output=True, text=True, check=True)
    return done.stdout


def test_entry_reads_secrets_from_files(image: Path, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("a b$c'd\n")
    script = 'printf "%s|%s" "$PGPASSWORD" "${PGPASSWORD_FILE-none}"'
    assert entered(image, script, PGPASSWORD_FILE=str(file)) == "a b$c'd|none"


def test_entry_lays_built_files_beside_those_of_former_releases(image: Path) -> None:
    built = image.parent / "var" / "built"
    (built / "js").mkdir(parents=True)
    for name, days in (("page-OLD.js", 3), ("page-ANCIENT.js", 20)):
        (built / "js" / name).write_text("old")
        long_ago = (built / "js" / name).stat().st_mtime - days * 86_400
        os.utime(built / "js" / name, (long_ago, long_ago))
    (built / "manifest.json").write_text('{"page": "OLD"}')
    entered(image, "true")
    assert sorted(one.name for one in (built / "js").iterdir()) == ["page-NEW.js", "page-OLD.js"]
    assert json.loads((built / "manifest.json").read_text()) == {"page": "NEW"}
