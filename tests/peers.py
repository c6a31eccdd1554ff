"""Programs of other projects that the tests run: pywb and wacz, in a venv of their own.

Their pins conflict with ours, so ``make test`` installs requirements/peers.txt into .venv-peers.
Where that is not possible, the tests that need them are skipped; in CI it is a failure.
"""

from __future__ import annotations

import os
import socket
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from tests.conftest import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def peer(name: str) -> Path:
    """Return the program, or skip the test where it is not installed."""
    program = REPOSITORY / ".venv-peers" / "bin" / name
    if not program.exists() and not os.environ.get("CI"):
        pytest.skip(f"{name} is not installed; `make test` tries to")
    return program


def free_port() -> int:
    """Return a port nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int, seconds: float = 60) -> None:
    """Return once somebody listens on a port."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


class Recorder:
    """pywb, recording what is fetched through it.

    Attributes:
        archive: folder where its WARC files come to stand.
    """

    def __init__(self, port: int, archive: Path) -> None:
        self.archive = archive
        self._prefix = f"http://127.0.0.1:{port}/all/record/id_/"

    def fetch(self, url: str) -> int:
        """Fetch an address and return its status."""
        try:
            with urlopen(self._prefix + url) as response:
                response.read()
                return int(response.status)
        except HTTPError as error:
            with error:
                return error.code


@contextmanager
def recording(folder: Path) -> Iterator[Recorder]:
    """Run pywb's recorder in a new folder."""
    program = peer("wayback")
    subprocess.run([peer("wb-manager"), "init", "all"], cwd=folder, check=True, capture_output=True)
    port = free_port()
    server = subprocess.Popen(
        [program, "--live", "--record", "-p", str(port), "-b", "127.0.0.1"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        yield Recorder(port, folder / "collections" / "all" / "archive")
    finally:
        server.terminate()
        server.wait()


def make_wacz(warcs: list[Path], out: Path) -> Path:
    """Pack WARC files as the reference implementation of WACZ does."""
    subprocess.run(
        [peer("wacz"), "create", "-f", *warcs, "-o", out], check=True, capture_output=True
    )
    return out
