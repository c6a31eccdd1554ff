"""What ``thaigov doctor`` looks at: a machine and the place of an archive.

Each check yields what it found. None asks a server or writes anything.
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
from scraper.archive.writer import WARC_FOLDER
from scraper.clock import now, to_iso
from scraper.install import install_command
from scraper.render.shell import BROWSERS

FREE = 10**9  # bytes of disk that a crawl should find free
SNAPSHOT = 2  # copies of the database that a snapshot needs room for
MOST_NAMED = 5  # files that cannot be written
BORN = "2025-01-01"  # a clock that is earlier was never set
CRON_PATH = ("/usr/bin", "/bin")  # where jobs of cron look for programs
SECONDS = 30  # for a browser to say its version
EXTRAS = {
    "browse": (("datasette", "uvicorn"), "needed by `thaigov browse`"),
    "fast": (("nlpo3",), "without it, words are cut by newmm: alike, but five times slower"),
    "render": (("scrapy_playwright",), "needed by today's pages of the site, filled in by scripts"),
}


class Finding(NamedTuple):
    """What was looked at.

    Attributes:
        name: of the check, for programs.
        well: whether nothing is to be done.
        told: what was found.
        mend: what to do, empty if nothing.
    """

    name: str
    well: bool
    told: str
    mend: str = ""


Check = Callable[[Path], Iterator[Finding]]


def _python(_: Path) -> Iterator[Finding]:
    """Python itself; an older one than we need cannot even read this file."""
    yield Finding("python", True, f"{platform.python_version()} at {sys.executable}")


def _sqlite(_: Path) -> Iterator[Finding]:
    """SQLite and the features that the archive's tables and indexes need."""
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
        told = f"{sqlite3.sqlite_version}{lacks}; the archive needs {wanted} or newer"
        yield Finding("sqlite", False, told, "use a Python that brings a newer SQLite")
    else:
        told = f"{sqlite3.sqlite_version} with {', '.join(features)}"
        yield Finding("sqlite", True, told)


def _extras(_: Path) -> Iterator[Finding]:
    for extra, (packages, purpose) in EXTRAS.items():
        found, lacking = [], []
        for package in packages:
            if (there := _version(package)) is None:
                lacking.append(package)
            else:
                found.append(f"{package} {there}")
        if lacking:
            told = f"{', '.join(lacking)} is not installed ({purpose})"
            yield Finding(extra, False, told, install_command(extra))
        else:
            yield Finding(extra, True, ", ".join(found))


def _version(module: str) -> str | None:
    """Return the version of an installed module, None where it cannot be imported."""
    try:
        return version(module.replace("_", "-")) if find_spec(module) else None
    except (PackageNotFoundError, ValueError):  # the latter for a module set to None
        return None


def _chromium(_: Path) -> Iterator[Finding]:
    named = os.environ.get("THAIGOV_CHROMIUM", "")
    found = next(filter(None, map(shutil.which, [named] if named else BROWSERS)), None)
    if found is None:
        told = f"no program {named or ' or '.join(BROWSERS)}"
        mend = "install Chromium, on Debian: apt-get install chromium"
        yield Finding("chromium", False, told, f"{mend}; or name one in THAIGOV_CHROMIUM")
        return
    try:
        done = subprocess.run(  # noqa: S603 - the operator's own browser
            [found, "--version"], capture_output=True, text=True, timeout=SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        told = f"{found} cannot be started ({error})"
        yield Finding("chromium", False, told, "install it anew, or name one in THAIGOV_CHROMIUM")
        return
    told = f"{done.stdout.strip() or 'unknown version'} at {found}"
    if named or str(Path(found).parent) in CRON_PATH:
        yield Finding("chromium", True, told)
    else:
        mend = f"put THAIGOV_CHROMIUM={shlex.quote(found)} into thaigov.env"
        yield Finding("chromium", False, f"{told}, where jobs of cron do not look", mend)


def _folder(db: Path) -> Iterator[Finding]:
    """What the archive is written to: folder, database and what lies beside it."""
    folder = db.parent
    if not folder.is_dir():
        mend = f"mkdir -p {shlex.quote(str(folder))}"
        yield Finding("folder", False, f"{folder} does not exist", mend)
        return
    beside = [
        folder / WARC_FOLDER,
        db,
        lock_path(db),
        *(Path(f"{db}{e}") for e in ("-wal", "-shm")),
    ]
    closed = [
        str(path)
        for path in (folder, *beside)
        if path.exists() and not os.access(path, os.R_OK | os.W_OK)
    ]
    if closed:
        whose = f"chown -R {os.geteuid()} {shlex.quote(str(folder))}"
        told = f"cannot be read and written: {', '.join(closed)}"
        yield Finding("folder", False, told, f"{whose}; a read-only disk must be mounted anew")
    else:
        yield Finding("folder", True, f"{folder} can be written")


def _archive(db: Path) -> Iterator[Finding]:
    if not db.exists():
        yield Finding("archive", True, f"{db} is not there yet; the first run makes it")
        return
    try:
        with closing(open_for_reading(db)) as archive:
            (articles,) = archive.execute("SELECT count(*) FROM articles").fetchone()
    except (ArchiveError, sqlite3.Error) as error:
        yield Finding("archive", False, str(error), "name another place with --db or THAIGOV_DB")
        return
    yield Finding(
        "archive", True, f"{db}: {articles:,} articles, last run {_newest_run(db) or 'never'}"
    )


def _lock(db: Path) -> Iterator[Finding]:
    running = lock_holder(db)
    yield Finding("lock", True, f"held by {running}" if running else "free")


def _disk(db: Path) -> Iterator[Finding]:
    there = next(path for path in (db.parent, *db.parent.parents) if path.exists())
    usage = shutil.disk_usage(there)
    size = db.stat().st_size if db.exists() else 0
    captures = sum(file.stat().st_size for file in (db.parent / WARC_FOLDER).glob("*.warc*"))
    needed = max(FREE, SNAPSHOT * size)
    told = (
        f"{usage.free / 1e9:,.1f} GB free at {there}; the database has {size / 1e9:,.1f} GB, "
        f"the captures {captures / 1e9:,.1f} GB"
    )
    if usage.free < needed:
        mend = f"have {needed / 1e9:,.1f} GB free: 1 GB for crawls, two databases for a snapshot"
        yield Finding("disk", False, told, mend)
    else:
        yield Finding("disk", True, told)


def _clock(db: Path) -> Iterator[Finding]:
    told, moment = os.environ.get("THAIGOV_CLOCK", ""), to_iso(now())
    if told:
        mend = "unset it, except for a drill on the practice site"
        yield Finding("clock", False, f"THAIGOV_CLOCK={told} sets another time", mend)
    elif moment < BORN:
        yield Finding("clock", False, f"it says {moment}", "set it, and let NTP keep it")
    elif (began := _newest_run(db)) > moment:
        told = f"it says {moment}, but the last run began at {began}"
        yield Finding("clock", False, told, "set it, and let NTP keep it")
    else:
        yield Finding("clock", True, moment)


def _newest_run(db: Path) -> str:
    """Return when the newest run of an archive began, empty where there is none to be read."""
    try:
        with closing(open_for_reading(db)) as archive:
            (newest,) = archive.execute("SELECT max(started_at) FROM runs").fetchone()
    except (ArchiveError, sqlite3.Error):
        return ""  # which is what the check "archive" tells
    return str(newest or "")


def _leave(db: Path) -> Iterator[Finding]:
    """Who asks and who allowed it, from the environment or from the file that cron reads."""
    file = db.with_name("thaigov.env")
    in_file = _environment(file)
    for name in ("THAIGOV_CONTACT", "THAIGOV_PERMISSION"):
        value = os.environ.get(name, "").strip() or in_file.get(name, "").strip()
        check = name.removeprefix("THAIGOV_").lower()
        if not value or "example.org" in value:
            told = f"{name} is {'still the example' if value else 'not set'}; no live crawl begins"
            yield Finding(check, False, told, f"set it in {shlex.quote(str(file))}")
        else:
            yield Finding(check, True, value)


def _schedule(db: Path) -> Iterator[Finding]:
    """The environment file of scheduled runs, and what could run them."""
    file = db.with_name("thaigov.env")
    runners = [name for name in ("crontab", "systemctl") if shutil.which(name)]
    told = f"{' and '.join(runners) or 'neither crontab nor systemctl'} on this machine"
    if not file.exists():
        yield Finding("schedule", True, f"{told}; {file} is not there yet (thaigov schedule env)")
    elif not os.access(file, os.R_OK):
        yield Finding("schedule", False, f"{file} cannot be read", f"chown {os.geteuid()} {file}")
    elif file.stat().st_mode & 0o077:
        mend = f"chmod 600 {shlex.quote(str(file))}"
        yield Finding("schedule", False, f"others can read {file}, which may hold a secret", mend)
    else:
        yield Finding("schedule", True, f"{told}; {file} is there")


def _environment(file: Path) -> dict[str, str]:
    """Return what an environment file of NAME='value' lines sets; empty where there is none."""
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    words = [word for text in lines for word in _words(text)]
    return dict(word.split("=", 1) for word in words if "=" in word)


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text, comments=True)
    except ValueError:
        return []  # a quotation mark that is not closed


CHECKS: tuple[Check, ...] = (
    _python, _sqlite, _extras, _chromium, _folder, _archive, _lock, _disk, _clock, _leave,
    _schedule,
)  # fmt: skip


def examine(db: Path) -> list[Finding]:
    """Return what each check found for an archive's place; a check that fails is a finding, too."""
    trace: list[Finding] = []
    for check in CHECKS:
        try:
            trace += check(db.absolute())
        except OSError as error:
            name = check.__name__.removeprefix("_")
            trace.append(Finding(name, False, str(error), "see what the message names"))
    return trace
