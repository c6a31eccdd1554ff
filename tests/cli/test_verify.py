"""``thaigov verify`` on archives as other commands leave them, also when killed."""

from __future__ import annotations

import random
import signal
import time
from typing import TYPE_CHECKING

from scraper.archive.lock import WriterLock
from scraper.practice.server.http import serve
from scraper.practice.site.still import PracticeSite
from tests.archive_dump import assert_sound, content
from tests.commands import start, thaigov, thaigov_json
from tests.practice_corpus import write_corpus

if TYPE_CHECKING:
    from pathlib import Path

SITE = PracticeSite(size=100)


def test_an_archive_is_sound_after_two_crawls(tmp_path: Path) -> None:
    db = tmp_path / "thaigov.db"
    small = PracticeSite(size=30)
    with serve(small) as served:
        bounds = ["-a", f"first={small.first}", "-a", f"last={small.last}", "-a", "again=1"]
        for _ in range(2):
            thaigov("crawl", "numbers", "--site", served.url, "--scope", "all", *bounds, "--db", db)
    report = thaigov_json("verify", "--db", db)
    assert (report["sound"], report["damages"]) == (True, [])
    assert report["captures"] >= 60
    assert "are sound." in thaigov("verify", "--db", db).stdout


def test_a_killed_import_is_repaired_to_what_it_would_have_been(tmp_path: Path) -> None:
    write_corpus(SITE, tmp_path / "corpus")
    arguments = ["import", "corpus", str(tmp_path / "corpus"), "--workers", "1"]
    whole, db = tmp_path / "whole" / "a.db", tmp_path / "broken" / "a.db"
    begun = time.monotonic()
    thaigov(*arguments, "--db", whole)
    took = time.monotonic() - begun
    process = start(*arguments, "--db", db)
    time.sleep(took * random.Random(2568).uniform(0.6, 0.7))
    process.send_signal(signal.SIGKILL)
    process.wait()
    if db.exists():
        thaigov("verify", "--repair", "--db", db)
        assert_sound(db)
        assert thaigov_json("verify", "--db", db)["sound"]
    thaigov(*arguments, "--db", db)
    assert thaigov_json("verify", "--db", db)["sound"]
    assert content(db) == content(whole)


def test_the_printed_report_of_damage(tmp_path: Path) -> None:
    write_corpus(SITE, tmp_path / "corpus")
    db = tmp_path / "a.db"
    thaigov("import", "corpus", tmp_path / "corpus", "--db", db)
    (path,) = (tmp_path / "warc").iterdir()
    path.write_bytes(path.read_bytes()[:-1])
    printed = thaigov("verify", "--db", db, expect=3).stdout
    assert printed.startswith("unreadable-record: 1\n    ")
    assert str(path) in printed
    assert "what to do: " in printed
    path.rename(path.with_suffix(".elsewhere"))
    printed = thaigov("verify", "--repair", "--db", db, expect=3).stdout
    assert printed.startswith("missing-file: 100\n")
    assert "restore the WARC file from a backup" in printed
    assert thaigov_json("status", "--db", db)["runs"][0]["outcome"] == "unmet"


def test_another_run_must_not_be_writing(tmp_path: Path) -> None:
    write_corpus(PracticeSite(size=20), tmp_path / "corpus")
    db = tmp_path / "a.db"
    thaigov("import", "corpus", tmp_path / "corpus", "--db", db)
    lock = WriterLock(db)
    done = thaigov("verify", "--db", db, expect=5)
    lock.release()
    assert "another run is writing to it" in done.stderr
