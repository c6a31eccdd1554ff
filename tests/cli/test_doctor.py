"""``thaigov doctor`` names what would make a crawl fail, and how to fix it."""

from __future__ import annotations

import json
import os
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from scraper.archive.database import open_for_writing
from scraper.archive.lock import WriterLock
from scraper.archive.writer import ArchiveWriter
from scraper.cli import machine_checks, main
from scraper.install import install_command, packages_of
from tests.commands import thaigov

CONTACT = {"THAIGOV_CONTACT": "archive@news.example", "THAIGOV_PERMISSION": "letter of 2 May"}


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a fake browser in the only folder on PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "chromium"
    program.write_text("#!/bin/sh\necho Chromium 1.2\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(machine_checks, "CRON_PATH", (str(folder),))
    return program


@pytest.fixture
def db(tmp_path: Path) -> Path:
    path = tmp_path / "archive" / "thaigov.db"
    open_for_writing(path).close()
    return path


def diagnose(db: Path, *, expect: int, **environment: str | None) -> dict[str, dict[str, Any]]:
    """Return the results of the doctor by name."""
    cleared = dict.fromkeys(name for name in os.environ if name.startswith("THAIGOV_"))
    result = CliRunner().invoke(
        main, ["doctor", "--json", "--db", str(db)], env={**cleared, **CONTACT, **environment}
    )
    assert result.exit_code == expect, result.output
    answer = json.loads(result.stdout)
    assert answer["well"] == (expect == 0)
    return {check["name"]: check for check in answer["checks"]}


def failed(found: dict[str, dict[str, Any]]) -> list[str]:
    return [name for name, check in found.items() if not check["well"]]


@pytest.mark.usefixtures("browser")
def test_a_machine_that_is_ready(db: Path) -> None:
    found = diagnose(db, expect=0)
    assert found["chromium"]["told"].startswith("Chromium 1.2 at ")
    assert found["archive"]["told"].endswith("0 articles, last run never")
    assert {"python", "sqlite", "browse", "fast", "render", "folder", "lock", "disk", "clock",
            "contact", "permission", "schedule"} <= set(found)  # fmt: skip
    printed = thaigov("doctor", "--db", db, expect=3).stdout
    assert "FIX  contact: THAIGOV_CONTACT is not set; live crawls need it" in printed
    assert printed.endswith(" to fix.\n")


def test_no_chromium_and_one_that_does_not_start(db: Path, browser: Path) -> None:
    none = diagnose(db, expect=3, THAIGOV_CHROMIUM="/nowhere/chromium")
    assert failed(none) == ["chromium"]
    assert "no program /nowhere/chromium" in none["chromium"]["told"]
    assert "apt-get install chromium" in none["chromium"]["mend"]
    browser.write_text("#!/bin/sh\nexit 9\n")
    assert "cannot be started" in diagnose(db, expect=3)["chromium"]["told"]


def test_a_browser_that_cron_does_not_find(
    db: Path, browser: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine_checks, "CRON_PATH", ("/usr/bin",))
    found = diagnose(db, expect=3)
    assert failed(found) == ["chromium"]
    assert found["chromium"]["mend"] == f"put THAIGOV_CHROMIUM={browser} into thaigov.env"
    assert diagnose(db, expect=0, THAIGOV_CHROMIUM=str(browser))["chromium"]["well"]


@pytest.mark.usefixtures("browser")
@pytest.mark.parametrize(
    ("module", "extra"),
    [("nlpo3", "fast"), ("scrapy_playwright", "render"), ("datasette", "browse")],
)
def test_a_missing_extra_comes_with_the_command_that_installs_it(
    db: Path, monkeypatch: pytest.MonkeyPatch, module: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    found = diagnose(db, expect=3)
    assert failed(found) == [extra]
    assert module in found[extra]["told"]
    program, *arguments = shlex.split(found[extra]["mend"])
    assert program == sys.executable
    assert arguments[:3] == ["-m", "pip", "install"]
    assert arguments[3] == "-r"
    names = Path(arguments[4]).read_text(encoding="utf-8")
    assert f"\n{module.replace('_', '-')}==" in f"\n{names}"


def test_an_installed_wheel_names_packages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("scraper.install._CHECKOUT", tmp_path)
    command = shlex.split(install_command("render"))
    assert command[:4] == [sys.executable, "-m", "pip", "install"]
    assert command[4].startswith("scrapy-playwright>=")
    assert [name.partition(">")[0].partition("<")[0] for name in packages_of("browse")] == [
        "asgi-gzip",
        "datasette",
        "icalendar",
        "uvicorn",
    ]


@pytest.mark.usefixtures("browser")
def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    found = diagnose(tmp_path / "no such" / "thaigov.db", expect=3)
    assert failed(found) == ["folder"]
    assert found["folder"]["mend"] == f"mkdir -p '{tmp_path}/no such'"
    assert not (tmp_path / "no such").exists()


@pytest.mark.usefixtures("browser")
def test_files_that_cannot_be_written_are_named(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Tests may run as root, for whom every file can be written.
    monkeypatch.setattr(os, "access", lambda path, _: path != db)
    found = diagnose(db, expect=3)
    assert failed(found) == ["folder"]
    assert found["folder"]["told"] == f"not readable and writable: {db}"


@pytest.mark.usefixtures("browser")
def test_a_file_that_is_not_an_archive(db: Path) -> None:
    db.write_text("no database " * 999)
    assert failed(diagnose(db, expect=3)) == ["archive"]


@pytest.mark.usefixtures("browser")
def test_a_held_lock_is_reported_and_is_not_a_failure(db: Path) -> None:
    lock = WriterLock(db)
    try:
        assert f"held by process {os.getpid()}, since " in diagnose(db, expect=0)["lock"]["told"]
    finally:
        lock.release()


@pytest.mark.usefixtures("browser")
def test_a_full_disk(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_checks, "CRAWL_SPACE", 10**18)
    found = diagnose(db, expect=3)
    assert failed(found) == ["disk"]
    assert "GB: 1 GB for crawls" in found["disk"]["mend"]


@pytest.mark.usefixtures("browser")
def test_clocks(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert failed(diagnose(db, expect=3, THAIGOV_CLOCK="2026-01-31T20:00:00Z")) == ["clock"]
    monkeypatch.setattr(machine_checks, "to_iso", lambda _: "2024-12-31T00:00:00Z")
    assert failed(diagnose(db, expect=3)) == ["clock"]
    monkeypatch.undo()


def test_a_last_run_in_the_future(db: Path, browser: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert browser.exists()
    ArchiveWriter(db, "test", {}).close("done", 0)
    monkeypatch.setattr(machine_checks, "to_iso", lambda _: "2025-06-01T00:00:00Z")
    assert "the last run began at" in diagnose(db, expect=3)["clock"]["told"]


@pytest.mark.usefixtures("browser")
def test_contact_and_permission_in_the_environment_file(db: Path) -> None:
    file = db.with_name("thaigov.env")
    template = thaigov("schedule", "env", "--db", db).stdout
    file.write_text(template)
    file.chmod(0o600)
    unset = dict.fromkeys(CONTACT)
    assert failed(diagnose(db, expect=3, **unset)) == ["contact", "permission"]
    file.write_text(
        template.replace("CONTACT=''", "CONTACT=a@b.example").replace(
            "PERMISSION=''", "PERMISSION='letter, 2 May'"
        )
    )
    assert diagnose(db, expect=0, **unset)["permission"]["told"] == "letter, 2 May"
    example = diagnose(db, expect=3, **{**unset, "THAIGOV_CONTACT": "archive@example.org"})
    assert "still the example" in example["contact"]["told"]
    file.chmod(0o644)
    found = diagnose(db, expect=3, **unset)
    assert failed(found) == ["schedule"]
    assert found["schedule"]["mend"] == f"chmod 600 {file}"


def test_it_creates_no_archive_and_no_folder(tmp_path: Path) -> None:
    thaigov("doctor", "--db", tmp_path / "none" / "thaigov.db", expect=3)
    thaigov("doctor", "--db", tmp_path / "thaigov.db", expect=3)
    assert list(tmp_path.iterdir()) == []
