"""``check``, ``status`` and ``snapshot`` as an operator runs them."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from scraper.archive.database import open_for_reading
from scraper.archive.writer import ArchiveWriter
from scraper.cli import main
from scraper.clock import BANGKOK, now
from scraper.model import Incoming
from scraper.upkeep.health import HEALTH_CHECKS
from scraper.upkeep.snapshot import metadata_file
from scraper.upkeep.status import STATUS_QUERIES
from tests.archive.odd_files import damage_table
from tests.archive_dump import content
from tests.commands import THAIGOV
from tests.factories import make_article, make_capture, make_page

if TYPE_CHECKING:
    from click.testing import Result

ANY_DISK = ("--free", "0MB", "--free-share", "0")  # the tests may run on a full one


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive whose newest news is of yesterday, and which was crawled just now."""
    db = tmp_path_factory.mktemp("archive") / "thaigov.db"
    yesterday = now().astimezone(BANGKOK).date() - timedelta(days=1)
    with ArchiveWriter(db, "crawl numbers", {}) as writer:
        for number in (1, 2):
            (stored,) = writer.capture([Incoming(make_capture(number, fetched_at=now()))])
            page = make_page(stored, make_article(number, published_on=yesterday))
            page.add_problem("contents", "no-lead", "there is none")
            writer.save([page])
    with ArchiveWriter(db, "crawl latest", {"site": "http://localhost:8000"}) as writer:
        writer.frontier.record_failure(stored.url, "TimeoutError: 60 s")
    return db


def call(*arguments: str | Path, expect: int = 0) -> Result:
    result = CliRunner().invoke(main, list(map(str, arguments)))
    assert result.exit_code == expect, result.output
    return result


def call_json(*arguments: str | Path, expect: int = 0) -> Any:
    return json.loads(call(*arguments, "--json", expect=expect).stdout)


def test_check_prints_one_line_if_nothing_is_wrong(archive: Path) -> None:
    printed = call("check", "--db", archive, *ANY_DISK).stdout
    assert printed == f"{archive}: all {len(HEALTH_CHECKS)} expectations are met.\n"
    answer = call_json("check", "--db", archive, *ANY_DISK)
    assert (answer["met"], answer["unmet"]) == (True, [])
    assert answer["expectations"] == [expected.name for expected in HEALTH_CHECKS]


def test_check_prints_a_sentence_for_each_failure(archive: Path) -> None:
    options = ("--owed", "0", "--silence", "0", *ANY_DISK, "--db", archive)
    fresh, backlog = call("check", *options, expect=3).stdout.splitlines()
    assert "practice: the latest news is from" in fresh
    assert backlog.startswith("1 addresses failed and 0 are overdue")
    answer = call_json("check", *options, expect=3)
    assert [fault["name"] for fault in answer["unmet"]] == ["fresh", "keeps-up"]
    assert answer["unmet"][0]["case"]["days"] == 1


@pytest.mark.parametrize(
    ("option", "value"),
    [("--every", "36"), ("--every", "0h"), ("--free", "5%"), ("--unparsed", "2"), ("--held", "")],
)
def test_check_rejects_invalid_values(archive: Path, option: str, value: str) -> None:
    assert "Invalid value" in call("check", option, value, "--db", archive, expect=2).stderr


def test_status_has_freshness_backlog_problems_and_runs(archive: Path) -> None:
    answers = call_json("status", "--db", archive)
    assert answers["freshness"][0]["days_ago"] == 1
    assert answers["backlog"][0]["state"] == "failed"
    assert answers["backlog"][0]["example"] == "TimeoutError: 60 s"
    assert answers["problems"][0]["problems"] == 2
    last, first = answers["runs"]
    assert (first["command"], first["outcome"], first["exit_code"]) == ("crawl numbers", "done", 0)
    assert (first["new"], last["new"]) == (2, 0)
    assert first["seconds"] is not None
    assert answers["articles"][0]["first"] == answers["articles"][0]["last"]
    printed = call("status", "--db", archive).stdout
    assert "Backlog" in printed
    assert "unparsed" not in printed  # empty columns are left out


@pytest.mark.parametrize("question", STATUS_QUERIES)
def test_status_scans_articles_by_index_only(archive: Path, question: str) -> None:
    with open_for_reading(archive) as db:
        plan = db.execute(f"EXPLAIN QUERY PLAN {STATUS_QUERIES[question]}", {"now": ""}).fetchall()
    steps = [step for *_, step in plan if step.startswith("SCAN articles")]
    assert all("INDEX" in step for step in steps), steps
    assert len(steps) <= 3


def test_snapshot(archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "news.db"
    assert "2 articles up to 2" in call("snapshot", out, "--db", archive).stdout
    answer = call_json("snapshot", out, "--db", archive)
    assert (answer["articles"], answer["snapshot"]) == (2, str(out))
    assert answer["metadata"] == f"{out}.metadata.yaml"
    assert "\n  news:\n    tables:\n" in metadata_file(out).read_text()
    assert answer["bytes"] == out.stat().st_size
    assert content(out) == content(archive)
    assert call("status", "--db", out).stdout
    assert call("check", "--db", out, *ANY_DISK).stdout
    assert "is the archive itself" in call("snapshot", archive, "--db", archive, expect=1).stderr


@pytest.mark.parametrize("command", ["show 1", "words ศูนย์", "reparse --dry-run"])
def test_damage_names_the_archive_and_what_to_do(
    archive: Path, tmp_path: Path, command: str
) -> None:
    db = Path(shutil.copytree(archive.parent, tmp_path / "damaged"), archive.name)
    damage_table(db, "articles")
    message = call(*command.split(), "--db", db, expect=1).stderr
    assert str(db) in message
    assert "thaigov import warc --own" in message


@pytest.mark.parametrize("kilobytes", [8, 200, 400])  # room for nothing, half a copy, one copy
def test_a_snapshot_on_a_full_disk_leaves_no_files(
    archive: Path, tmp_path: Path, kilobytes: int
) -> None:
    if (
        not shutil.which("unshare")
        or subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False).returncode
    ):
        pytest.skip("mounting a disk needs user namespaces")
    full = tmp_path / "full"
    full.mkdir()
    snapshot = shlex.join([*THAIGOV, "snapshot", f"{full}/out.db", "--db", str(archive)])
    script = (
        f"mount -t tmpfs -o size={kilobytes}k none {full} || exit 99; "
        f"{snapshot}; echo $?; ls -A {full}"
    )
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script], capture_output=True, text=True, check=False
    )
    assert done.stdout == "1\n", done.stderr
    assert "full" in done.stderr
    assert "Traceback" not in done.stderr
