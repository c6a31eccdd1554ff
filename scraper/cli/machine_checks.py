"""The checks of ``thaigov doctor``: the machine and the folder of an archive.

No check sends a request or writes anything.
"""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from scraper.archive.database import OLDEST_SQLITE, ArchiveError, open_for_reading
from scraper.archive.lock import lock_holder, lock_path
from scraper.archive.opening import WARC_FOLDER
from scraper.clock import now, to_iso
from scraper.install import install_command
from scraper.render.shell import BROWSERS

CRAWL_SPACE = 10**9  # bytes of disk for crawls
SNAPSHOT_COPIES = 2  # a snapshot needs room for so many copies of the database
OLDEST_CLOCK = "2025-01-01"  # a clock that shows an earlier day was never set
CRON_PATH = ("/usr/bin", "/bin")  # where cron jobs look for programs
VERSION_SECONDS = 30  # for `chromium --version`
EXTRAS = {
    "browse": (("datasette", "uvicorn"), "needed by `thaigov browse`"),
    "fast": (("nlpo3",), "without it, newmm segments words: same words, five times slower"),
    "render": (("scrapy_playwright",), "needed for today's pages, which scripts fill in"),
}


class CheckResult(NamedTuple):
    """The result of a check; its attributes are keys of ``doctor --json``.

    Attributes:
        name: of the check.
        well: nothing needs fixing.
        told: what was found.
        mend: how to fix it, empty if nothing needs fixing.
    """

    name: str
    well: bool
    told: str
    mend: str = ""


Check = Callable[[Path], Iterator[CheckResult]]


def _check_python(_: Path) -> Iterator[CheckResult]:
    yield CheckResult("python", True, f"{platform.python_version()} at {sys.executable}")


def _check_sqlite(_: Path) -> Iterator[CheckResult]:
    wanted = ".".join(map(str, OLDEST_SQLITE))
    features = {
        "STRICT tables": "CREATE TABLE s (a TEXT) STRICT",
        "FTS5 with the trigram tokenizer": "CREATE VIRTUAL TABLE t USING fts5(a, tokenize=trigram)",
        "JSON": "SELECT json_group_array(value) FROM json_each('[1]')",
    }
    lacking = []
    with closing(sqlite3.connect(":memory:")) as connection:
        for name, statement in features.items():
            try:
                connection.execute(statement)
            except sqlite3.Error:
                lacking.append(name)
    if sqlite3.sqlite_version_info < OLDEST_SQLITE or lacking:
        lacks = f", without {', '.join(lacking)}" if lacking else ""
        text = f"{sqlite3.sqlite_version}{lacks}; the archive needs {wanted} or newer"
        yield CheckResult("sqlite", False, text, "use a Python with a newer SQLite")
    else:
        text = f"{sqlite3.sqlite_version} with {', '.join(features)}"
        yield CheckResult("sqlite", True, text)


def _check_extras(_: Path) -> Iterator[CheckResult]:
    for extra, (packages, purpose) in EXTRAS.items():
        found, lacking = [], []
        for package in packages:
            if (installed := _installed_version(package)) is None:
                lacking.append(package)
            else:
                found.append(f"{package} {installed}")
        if lacking:
            text = f"{', '.join(lacking)} is not installed ({purpose})"
            yield CheckResult(extra, False, text, install_command(extra))
        else:
            yield CheckResult(extra, True, ", ".join(found))


def _installed_version(module: str) -> str | None:
    """Return the version of an installed module, None if it cannot be imported."""
    try:
        return version(module.replace("_", "-")) if find_spec(module) else None
    except (PackageNotFoundError, ValueError):  # the latter for a module set to None
        return None


def _check_chromium(_: Path) -> Iterator[CheckResult]:
    named = os.environ.get("THAIGOV_CHROMIUM", "")
    found = next(filter(None, map(shutil.which, [named] if named else BROWSERS)), None)
    if found is None:
        text = f"no program {named or ' or '.join(BROWSERS)}"
        mend = "install Chromium, on Debian: apt-get install chromium"
        yield CheckResult("chromium", False, text, f"{mend}; or set THAIGOV_CHROMIUM")
        return
    try:
        done = subprocess.run(  # noqa: S603 - the operator's own browser
            [found, "--version"],
            capture_output=True,
            text=True,
            timeout=VERSION_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        text = f"{found} cannot be started ({error})"
        yield CheckResult("chromium", False, text, "reinstall it, or set THAIGOV_CHROMIUM")
        return
    text = f"{done.stdout.strip() or 'unknown version'} at {found}"
    if named or str(Path(found).parent) in CRON_PATH:
        yield CheckResult("chromium", True, text)
    else:
        mend = f"put THAIGOV_CHROMIUM={shlex.quote(found)} into thaigov.env"
        yield CheckResult("chromium", False, f"{text}, where cron jobs do not look", mend)


def _check_folder(db: Path) -> Iterator[CheckResult]:
    folder = db.parent
    if not folder.is_dir():
        mend = f"mkdir -p {shlex.quote(str(folder))}"
        yield CheckResult("folder", False, f"{folder} does not exist", mend)
        return
    files = [
        folder / WARC_FOLDER,
        db,
        lock_path(db),
        *(Path(f"{db}{e}") for e in ("-wal", "-shm")),
    ]
    closed = [
        str(path)
        for path in (folder, *files)
        if path.exists() and not os.access(path, os.R_OK | os.W_OK)
    ]
    if closed:
        whose = f"chown -R {os.geteuid()} {shlex.quote(str(folder))}"
        text = f"not readable and writable: {', '.join(closed)}"
        yield CheckResult("folder", False, text, f"{whose}; remount a read-only disk")
    else:
        yield CheckResult("folder", True, f"{folder} is writable")


def _check_archive(db: Path) -> Iterator[CheckResult]:
    if not db.exists():
        yield CheckResult("archive", True, f"{db} does not exist yet; the first run creates it")
        return
    try:
        with closing(open_for_reading(db)) as archive:
            (articles,) = archive.execute("SELECT count(*) FROM articles").fetchone()
    except (ArchiveError, sqlite3.Error) as error:
        yield CheckResult("archive", False, str(error), "change --db or THAIGOV_DB")
        return
    yield CheckResult(
        "archive", True, f"{db}: {articles:,} articles, last run {_newest_run(db) or 'never'}"
    )


def _check_lock(db: Path) -> Iterator[CheckResult]:
    running = lock_holder(db)
    yield CheckResult("lock", True, f"held by {running}" if running else "free")


def _check_disk(db: Path) -> Iterator[CheckResult]:
    existing = next(path for path in (db.parent, *db.parent.parents) if path.exists())
    usage = shutil.disk_usage(existing)
    size = db.stat().st_size if db.exists() else 0
    captures = sum(file.stat().st_size for file in (db.parent / WARC_FOLDER).glob("*.warc*"))
    needed = max(CRAWL_SPACE, SNAPSHOT_COPIES * size)
    text = (
        f"{usage.free / 1e9:,.1f} GB free at {existing}; the database takes {size / 1e9:,.1f} GB, "
        f"the captures {captures / 1e9:,.1f} GB"
    )
    if usage.free < needed:
        mend = f"free {needed / 1e9:,.1f} GB: 1 GB for crawls, twice the database for a snapshot"
        yield CheckResult("disk", False, text, mend)
    else:
        yield CheckResult("disk", True, text)


def _check_clock(db: Path) -> Iterator[CheckResult]:
    override, moment = os.environ.get("THAIGOV_CLOCK", ""), to_iso(now())
    if override:
        mend = "unset it, except to test on the practice site"
        yield CheckResult("clock", False, f"THAIGOV_CLOCK={override} sets another time", mend)
    elif moment < OLDEST_CLOCK:
        yield CheckResult("clock", False, f"it shows {moment}", "set it and enable NTP")
    elif (began := _newest_run(db)) > moment:
        text = f"it shows {moment}, but the last run began at {began}"
        yield CheckResult("clock", False, text, "set it and enable NTP")
    else:
        yield CheckResult("clock", True, moment)


def _newest_run(db: Path) -> str:
    """Return when the newest run of an archive began, empty if there is none."""
    try:
        with closing(open_for_reading(db)) as archive:
            (newest,) = archive.execute("SELECT max(started_at) FROM runs").fetchone()
    except (ArchiveError, sqlite3.Error):
        return ""  # the check "archive" reports it
    return str(newest or "")


def _check_permission(db: Path) -> Iterator[CheckResult]:
    """Check contact and permission, in the environment or in the file that cron jobs read."""
    file = db.with_name("thaigov.env")
    in_file = _environment(file)
    for name in ("THAIGOV_CONTACT", "THAIGOV_PERMISSION"):
        value = os.environ.get(name, "").strip() or in_file.get(name, "").strip()
        check = name.removeprefix("THAIGOV_").lower()
        if not value or "example.org" in value:
            text = f"{name} is {'still the example' if value else 'not set'}; live crawls need it"
            yield CheckResult(check, False, text, f"set it in {shlex.quote(str(file))}")
        else:
            yield CheckResult(check, True, value)


def _check_schedule(db: Path) -> Iterator[CheckResult]:
    """Check the environment file of scheduled runs, and for cron or systemd."""
    file = db.with_name("thaigov.env")
    runners = [name for name in ("crontab", "systemctl") if shutil.which(name)]
    text = f"{' and '.join(runners) or 'neither crontab nor systemctl'} on this machine"
    if not file.exists():
        yield CheckResult(
            "schedule", True, f"{text}; {file} does not exist yet (thaigov schedule env)"
        )
    elif not os.access(file, os.R_OK):
        yield CheckResult(
            "schedule", False, f"{file} is not readable", f"chown {os.geteuid()} {file}"
        )
    elif file.stat().st_mode & 0o077:
        mend = f"chmod 600 {shlex.quote(str(file))}"
        yield CheckResult("schedule", False, f"other users can read {file}", mend)
    else:
        yield CheckResult("schedule", True, f"{text}; {file} exists")


def _environment(file: Path) -> dict[str, str]:
    """Return the variables that a file of NAME='value' lines sets; empty if there is no file."""
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    words = [word for row in lines for word in _shell_words(row)]
    return dict(word.split("=", 1) for word in words if "=" in word)


def _shell_words(text: str) -> list[str]:
    try:
        return shlex.split(text, comments=True)
    except ValueError:
        return []  # a quotation mark that is not closed


MACHINE_CHECKS: tuple[Check, ...] = (
    _check_python,
    _check_sqlite,
    _check_extras,
    _check_chromium,
    _check_folder,
    _check_archive,
    _check_lock,
    _check_disk,
    _check_clock,
    _check_permission,
    _check_schedule,
)


def check_machine(db: Path) -> list[CheckResult]:
    """Run all checks; one that raises an OSError counts as failed."""
    results: list[CheckResult] = []
    for check in MACHINE_CHECKS:
        try:
            results += check(db.absolute())
        except OSError as error:
            name = check.__name__.removeprefix("_check_")
            results.append(CheckResult(name, False, str(error), "see the message"))
    return results
