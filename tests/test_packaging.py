"""The Dockerfile names what exists; Docker itself is not needed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

from scraper.cli.browse import browse
from tests.conftest import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

DOCKERFILE = (REPOSITORY / "packaging" / "Dockerfile").read_text()
IGNORED = (REPOSITORY / "packaging" / "Dockerfile.dockerignore").read_text().splitlines()
SENT = [line.removeprefix("!") for line in IGNORED if line.startswith("!")]


def test_the_command_of_the_image_can_be_parsed() -> None:
    found = re.search(r"^CMD (.+)$", DOCKERFILE, re.MULTILINE)
    assert found is not None
    program, name, *arguments = json.loads(found[1])
    assert (program, name) == ("thaigov", "browse")
    context = browse.make_context(name, arguments)
    assert context.params["public"]
    assert f"EXPOSE {context.params['port']}" in DOCKERFILE


def test_the_wheel_can_be_built_from_what_docker_is_sent(tmp_path: Path) -> None:
    for name in SENT:
        source = REPOSITORY / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, tmp_path / "src" / name, ignore=ignored)
        else:
            (tmp_path / "src" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, tmp_path / "src" / name)
    for line in re.findall(r"^COPY (?!--from)(\S+) ", DOCKERFILE, re.MULTILINE):
        assert (tmp_path / "src" / line).exists()
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / "dist"],
        cwd=tmp_path / "src", check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = (tmp_path / "dist").iterdir()
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "scraper/_reference/browse_tables.csv" in names
    assert "scraper/_reference/data_dictionary.csv" in names
    assert "scraper/browse/plain_queries/search_texts.sql" in names
