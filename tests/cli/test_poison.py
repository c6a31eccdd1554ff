"""Imports and reparses of pages that crash or hang the process that reads them."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests import poison
from tests.archive_dump import assert_sound, content
from tests.commands import THAIGOV, thaigov
from tests.factories import make_corpus_file
from tests.imports.warcs import WarcMaker, url_of
from tests.many_crawls import query

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ACTS = {4: "spin", 6: "crash", 9: "allocate", 10: "end", 11: "fail_oddly"}
LAST = 12


def write_warc(path: Path, acts: dict[int, str], last: int = LAST) -> Path:
    """Write a WARC file of small articles, some of them poisoned."""
    maker = WarcMaker()
    for number in range(1, last + 1):
        text = f"ประโยคหนึ่ง {poison.MARK}{acts[number]}" if number in acts else "ประโยคหนึ่ง"
        body = make_corpus_file(number, text).body
        maker.add(number, body, kind="resource", headers=(("Content-Type", "text/plain"),))
    return maker.save(path)


def run(
    command: Sequence[str | Path], *, expect: int, **environment: str
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*poison.poisoned(wall=6), *map(str, command)],
        capture_output=True,
        text=True,
        env=poison.environment(**environment),
        timeout=300,
        check=False,
    )
    assert done.returncode == expect, done.stderr
    assert "Traceback" not in done.stderr
    return done


def outcomes(db: Path) -> dict[str, int]:
    return dict(query(db, "SELECT coalesce(outcome, 'waiting'), count(*) FROM captures GROUP BY 1"))


def test_poisoned_pages_cost_only_themselves_and_reparse_retries_them(tmp_path: Path) -> None:
    warc = write_warc(tmp_path / "a.warc.gz", ACTS)
    archives = {}
    for workers in (1, 3):
        db = archives[workers] = tmp_path / str(workers) / "thaigov.db"
        run(["import", "warc", warc, "--workers", str(workers), "--db", db], expect=3)
    assert content(archives[1]) == content(archives[3])
    assert outcomes(db) == {"article": LAST - len(ACTS), "unparsed": len(ACTS)}
    problems = "SELECT kind FROM problems WHERE kind <> 'no-category' ORDER BY url"
    kinds = {url_of(n): poison.KINDS[act][0] for n, act in ACTS.items()}
    assert [kind for (kind,) in query(db, problems)] == [kinds[url] for url in sorted(kinds)]
    # A second import does not read them again; a reparse does, and a fixed parser succeeds.
    begun = time.process_time()
    thaigov("import", "warc", warc, "--db", db)
    assert outcomes(db)["unparsed"] == len(ACTS)
    assert time.process_time() - begun < 5
    run(["reparse", "--outcome", "unparsed", "--db", db], expect=0)
    assert outcomes(db)["unparsed"] == len(ACTS)
    thaigov("reparse", "--outcome", "unparsed", "--db", db)
    assert outcomes(db) == {"article": LAST}
    assert_sound(db)


def test_an_import_killed_at_slow_pages_leaves_none_of_them_to_the_next_run(tmp_path: Path) -> None:
    """What is read from a file is stored with its outcome; the file still has the rest."""
    db = tmp_path / "a" / "thaigov.db"
    warc = write_warc(tmp_path / "a.warc.gz", {1: "be_slow", 2: "hang", 3: "hang"}, 4)
    command = [*poison.poisoned(wall=600), "import", "warc", str(warc), "--db", str(db)]
    process = subprocess.Popen(command, env=poison.environment(), stderr=subprocess.DEVNULL)
    wait_for(lambda: waiting(db) == 0, process)
    time.sleep(1)
    process.send_signal(signal.SIGKILL)
    process.wait()
    other = write_warc(tmp_path / "b.warc.gz", {}, 6)
    run(["import", "warc", other, "--db", db], expect=0)
    assert "unparsed" not in outcomes(db)
    assert waiting(db) == 0
    run(["import", "warc", warc, "--db", db], expect=0)  # now within the bounds of a page
    assert outcomes(db) == {"article": 7, "unparsed": 2}  # 4 is the same in both


def waiting(db: Path) -> int:
    return count(db, "captures WHERE outcome IS NULL")


def run_count(db: Path) -> int:
    return count(db, "runs")


def count(db: Path, rows: str) -> int:
    """Count rows; -1 while another process still makes the archive."""
    if not db.exists():
        return -1
    try:
        return int(query(db, f"SELECT count(*) FROM {rows}")[0][0])
    except sqlite3.OperationalError:
        return -1


def wait_for(condition: Any, process: subprocess.Popen[Any]) -> None:
    until = time.monotonic() + 120
    while not condition():
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.mark.parametrize("command", ["import", "reparse"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_during_a_poisoned_page_ends_the_run_in_order(
    tmp_path: Path, command: str, number: signal.Signals
) -> None:
    db = tmp_path / "a" / "thaigov.db"
    warc = write_warc(tmp_path / "a.warc.gz", {1: "hang"}, 3)
    arguments = ["import", "warc", str(warc)] if command == "import" else ["reparse"]
    if command == "reparse":
        thaigov("import", "warc", warc, "--db", db)
    report = tmp_path / "report"
    process = subprocess.Popen(
        [*poison.poisoned(cpu=600, wall=600), *arguments, "--db", str(db),
         "--on-failure", f"cat > {report}"],
        env=poison.environment(), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
        start_new_session=True,
    )  # fmt: skip
    runs = 1 if command == "import" else 2
    wait_for(lambda: run_count(db) == runs, process)
    time.sleep(2)
    begun = time.monotonic()
    process.send_signal(number)
    process.send_signal(number)  # as a terminal that closes does
    _, err = process.communicate(timeout=60)
    assert time.monotonic() - begun < 10
    assert process.returncode == 1
    assert "run the same command to continue" in err
    assert "Traceback" not in err
    assert "run the same command to continue" in report.read_text()
    assert query(db, "SELECT outcome, exit_code FROM runs ORDER BY id DESC LIMIT 1") == [
        ("stopped", 1)
    ]
    assert not list(db.parent.glob("warc/*.open"))
    if command == "import":  # what was not read is still in the file
        assert waiting(db) == 0
    subprocess.run([*THAIGOV, "import", "warc", str(warc), "--db", str(db)], check=True)
    assert outcomes(db) == {"article": 3}
    assert_sound(db)
