"""Sets encrypted with GPG: made with the public key alone, read with the private one."""

import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from geoparticipation.backup.sealing import configured_seal, trial_complaint
from geoparticipation.deployment import surroundings
from tests.restoring.conftest import Site
from tests.restoring.test_drill import WITHOUT_LIST

RECIPIENT = "backup@nowhere.invalid"


@dataclass(frozen=True)
class Rings:
    """Key rings of three machines: the site, where sets are read, and where the key still needs its passphrase."""

    public: Path
    private: Path
    locked: Path


def gpg(home: Path, *arguments: str, given: bytes = b"") -> bytes:
    """What gpg prints."""
    command = ["gpg", "--homedir", str(home), "--batch", "--quiet", *arguments]
    return subprocess.run(command, input=given, check=True, capture_output=True).stdout


def made_key(home: Path, passphrase: str) -> None:
    gpg(
        home,
        *("--pinentry-mode", "loopback", "--passphrase", passphrase),
        *("--quick-generate-key", RECIPIENT, "rsa2048", "encr", "never"),
    )


@pytest.fixture(scope="module")
def rings() -> Iterator[Rings]:
    """Not below pytest's directories: paths of an agent's sockets are short."""
    with tempfile.TemporaryDirectory(prefix="gp-gpg-", ignore_cleanup_errors=True) as name:
        made = Rings(*(Path(name) / one for one in ("public", "private", "locked")))
        homes = (made.public, made.private, made.locked)
        for home in homes:
            home.mkdir(mode=0o700)
            (home / "gpg-agent.conf").write_text("pinentry-program /bin/false\n")
        made_key(made.private, "")
        gpg(made.public, "--import", given=gpg(made.private, "--export"))
        made_key(made.locked, "river stone")
        yield made
        for home in homes:
            subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], check=False)  # noqa: S607 - Debian's


@pytest.fixture(scope="module")
def sealed(filled_site: Site, rings: Rings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set of the site, made where only the public key is."""
    sets = tmp_path_factory.mktemp("sets")
    filled_site.manage("backup", sets, BACKUP_GPG_RECIPIENT=RECIPIENT, GNUPGHOME=str(rings.public))
    (made,) = sets.glob("2*")
    return made


def test_all_but_the_manifest_is_encrypted(sealed: Path) -> None:
    assert {path.suffix for path in sealed.iterdir() if not path.name.startswith("manifest.json")} == {".gpg"}


def test_set_is_restored_with_the_private_key(
    sealed: Path, filled_site: Site, rings: Rings, tmp_path: Path
) -> None:
    before = filled_site.look()
    other = filled_site.another("from_gpg", tmp_path / "var")
    said = other.manage("backup", "--verify", sealed, GNUPGHOME=str(rings.private))
    assert "pg_restore lists" in said
    other.manage("restore", sealed, "--without-erasures", GNUPGHOME=str(rings.private))
    after = other.look()
    assert after.files == before.files
    # Making the set is recorded after its snapshot.
    assert before.differing(after) <= WITHOUT_LIST


def test_site_itself_cannot_read_its_sets(sealed: Path, filled_site: Site, rings: Rings) -> None:
    said = filled_site.refuses("backup", "--verify", sealed, GNUPGHOME=str(rings.public))
    assert "No secret key" in said
    assert "With GPG" in said


def test_key_that_waits_for_its_passphrase_is_explained(
    filled_site: Site, rings: Rings, tmp_path: Path
) -> None:
    locked = {"BACKUP_GPG_RECIPIENT": RECIPIENT, "GNUPGHOME": str(rings.locked)}
    filled_site.manage("backup", tmp_path, **locked)
    (made,) = tmp_path.glob("2*")
    subprocess.run(["gpgconf", "--homedir", str(rings.locked), "--kill", "all"], check=True)  # noqa: S607 - Debian's
    said = filled_site.refuses("backup", "--verify", made, **locked)
    assert "unlock it" in said


def test_missing_key_is_looked_for_nowhere_else(
    filled_site: Site, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By itself gpg would fetch the key of an address from its domain."""
    empty = {"BACKUP_GPG_RECIPIENT": RECIPIENT, "GNUPGHOME": str(tmp_path)}
    tmp_path.chmod(0o700)
    said = filled_site.refuses("backup", tmp_path / "sets", **empty)
    assert RECIPIENT in said
    assert "WKD" not in said
    assert not list((tmp_path / "sets").glob("2*"))
    monkeypatch.setenv("GNUPGHOME", str(tmp_path))
    settings.BACKUP_AGE_RECIPIENT, settings.BACKUP_GPG_RECIPIENT = "", RECIPIENT
    assert "WKD" not in complaint()


def complaint() -> str:
    seal = configured_seal()
    assert seal is not None
    return trial_complaint(seal)


def test_deploy_check_tries_the_encryption(
    rings: Rings, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.BACKUP_AGE_RECIPIENT = settings.BACKUP_GPG_RECIPIENT = ""
    levels = [one.level for one in surroundings.backup_encryption()]
    settings.BACKUP_GPG_RECIPIENT = RECIPIENT
    monkeypatch.setenv("GNUPGHOME", str(rings.public))
    levels += [one.level for one in surroundings.backup_encryption()]
    monkeypatch.setenv("GNUPGHOME", str(tmp_path))
    levels += [one.level for one in surroundings.backup_encryption()]
    monkeypatch.setenv("PATH", str(tmp_path))
    found = [*surroundings.backup_encryption()]
    assert levels == ["warning", "ok", "error"]
    assert [one.level for one in found] == ["error"]
    assert "gpg cannot be started" in found[0].sentence
