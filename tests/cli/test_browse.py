"""``thaigov browse`` as a user runs it: a process that serves until a signal ends it."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import httpx
import pytest

from scraper.archive.writer import ArchiveWriter
from scraper.install import install_command
from tests.browse.conftest import store
from tests.commands import ENVIRONMENT, THAIGOV, thaigov
from tests.factories import make_article

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def db(db_path: Path) -> Path:
    with ArchiveWriter(db_path, "test", {}) as writer:
        store(writer, 1, make_article(1, title="ข่าวทดลอง"), b"1")
    return db_path


def test_it_serves_until_a_signal_ends_it(db: Path) -> None:
    command = [*THAIGOV, "browse", "--db", str(db), "--port", "0", "--public"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT
    ) as process:
        assert process.stdout
        address = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
        assert address
        answer = httpx.get(address[0] + "-/search", params={"q": "ทดลอง"})
        assert "ข่าว<mark>ทดลอง</mark>" in answer.text
        process.terminate()
        _, stderr = process.communicate(timeout=30)
    assert (process.returncode, stderr) == (0, "")


def test_errors_are_one_message(db: Path, tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])
        done = thaigov("browse", "--db", db, "--port", port, expect=1)
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr
    assert "no archive there" in thaigov("browse", "--db", tmp_path / "no.db", expect=1).stderr
    with ArchiveWriter(db, "test", {}):
        done = thaigov("browse", "--db", db, "--public", expect=1)
    assert "thaigov snapshot" in done.stderr


def test_without_datasette_it_says_what_to_install(db: Path) -> None:
    without = (
        "import sys; sys.modules['datasette'] = None; sys.modules['datasette.app'] = None; "
        "from scraper.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", without, "browse", "--db", str(db)],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        check=False,
    )
    assert done.returncode == 1
    assert install_command("browse") in done.stderr
