"""A stage that misbehaves on pages that ask for it, for tests of the worker processes.

A test puts it before the other stages of ``ITEM_PIPELINES``.
"""

from __future__ import annotations

import ctypes
import os
import re
import signal
import sys
import time
from typing import TYPE_CHECKING

from tests.commands import ENVIRONMENT, RUN_MAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scraper.model import Capture, Page

STAGE = "tests.poison.Poison"
MARK = "poison: "
# The command with this stage and with bounds that are quickly reached.
PROGRAM = """\
from scraper import settings
settings.ITEM_PIPELINES["{stage}"] = 50
settings.PAGE_CPU_SECONDS, settings.PAGE_WALL_SECONDS = {cpu}, {wall}
settings.PAGE_MEMORY = {memory}
{run}
"""


def poisoned(cpu: float = 3, wall: float = 10, memory: int = 300 << 20) -> list[str]:
    """Return the start of a ``thaigov`` command line with this stage and these bounds."""
    program = PROGRAM.format(stage=STAGE, cpu=cpu, wall=wall, memory=memory, run=RUN_MAIN)
    return [sys.executable, "-W", "error", "-c", program]


def environment(**more: str) -> Mapping[str, str]:
    """Return the environment of such a command."""
    return ENVIRONMENT | more


def spin() -> None:
    while True:
        pass


def spin_in_c() -> None:
    re.fullmatch(r"(a+)+b", "a" * 60)  # holds the GIL


def allocate() -> None:
    taken = []
    while True:
        taken.append(bytearray(1 << 22))


def allocate_at_once() -> None:
    bytearray(1 << 40)


def end() -> None:
    os._exit(7)


def leave() -> None:
    raise SystemExit(3)


def crash() -> None:
    ctypes.string_at(0)


def abort() -> None:
    os.abort()


def hang() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    ctypes.PyDLL(None).sleep(3600)  # holds the GIL and takes no CPU time


def spin_with_signals_blocked() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    spin_in_c()


def stop() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def be_killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail_oddly() -> None:
    raise OSError("this value cannot be handled")  # as functions of the C library do


def be_slow() -> None:
    until = time.process_time() + 0.3
    while time.process_time() < until:
        pass


ACTS: dict[str, Callable[[], None]] = {
    act.__name__: act
    for act in (
        spin, spin_in_c, allocate, allocate_at_once, end, leave, crash, abort, hang,
        spin_with_signals_blocked, stop, be_killed, fail_oddly, be_slow,
    )
}  # fmt: skip
# The problem of a page by its act: the kind, and a part of the detail.
KINDS = {
    "spin": ("over-time-limit", "s of CPU time"),
    "spin_in_c": ("over-time-limit", "s of CPU time"),
    "allocate": ("over-memory-limit", "300 MiB"),
    "allocate_at_once": ("over-memory-limit", "300 MiB"),
    "end": ("worker-died", "exit code 7"),
    "leave": ("worker-died", "exit code 3"),
    "crash": ("worker-died", "SIGSEGV"),
    "abort": ("worker-died", "SIGABRT"),
    "hang": ("over-time-limit", "no answer for"),
    "spin_with_signals_blocked": ("over-time-limit", "s of CPU time"),
    "stop": ("over-time-limit", "no answer for"),
    "be_killed": ("worker-died", "SIGKILL"),
    "fail_oddly": ("stage-crashed", "cannot be handled"),
}


def act_of(capture: Capture) -> str | None:
    """Return the name of the act that a page asks for."""
    found = re.search(rb"poison: (\w+)", capture.body)
    return None if found is None else found[1].decode()


class Poison:
    """Does what a page asks for."""

    def process_item(self, item: Page) -> Page:
        name = act_of(item.capture)
        if name is not None:
            ACTS[name]()
        return item
