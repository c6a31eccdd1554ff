"""``thaigov verify``: checks that database and WARC files are complete and agree."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from scraper.archive.database import ArchiveError, open_for_reading, warc_folder
from scraper.archive.lock import ArchiveLockedError, WriterLock, lock_holder
from scraper.archive.writer import ArchiveWriter
from scraper.cli.on_failure import on_failure_option
from scraper.cli.options import CORES, db_option, json_option
from scraper.progress import Meter
from scraper.terminal import line, print_json, say
from scraper.upkeep.deep import reading_damages
from scraper.upkeep.repair import captures_to_reread, rebuild_indexes, repair, repair_dates
from scraper.upkeep.reparse import CaptureSelection, reparse
from scraper.upkeep.verify import REMEDIES, Damage, VerifyReport, verify

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES = 3
# Not checked without --deep, and never.
NEEDS_DEEP = (
    "problems, captures without an article, missing pairs of related articles (use --deep)",
    "names of ministries, agencies and places (use --deep)",
    "whether the current parsers read the same from the captures (use --deep)",
)
NEVER_CHECKED = (
    "runs, the frontier, saved questions and last_seen_at: they are not recorded anywhere else",
)


@click.command("verify")
@click.option("--repair", "repairing", is_flag=True, help="Repair what can be repaired.")
@click.option("--deep", is_flag=True, help="Also parse every capture again and compare.")
@click.option(
    "--workers",
    type=click.IntRange(0),
    default=CORES,
    show_default="one per core",
    help="Processes that parse pages for --deep and --repair; 0 uses this one.",
)
@on_failure_option
@db_option
@json_option
@click.pass_context
def verify_command(
    ctx: click.Context, repairing: bool, deep: bool, workers: int, db: Path, as_json: bool
) -> None:
    """Check that the database and the WARC files agree; exit code 3 if anything is wrong.

    Without --repair nothing is written, so a read-only copy can be checked. No run may write
    meanwhile.
    """
    with open_for_reading(db) as archive:
        (captures,) = archive.execute("SELECT count(*) FROM captures").fetchone()
    target = Target(db, captures, workers, deep)
    damages, unchecked = _verify_alone(target)
    repaired: Counter[str] = Counter()
    if repairing and damages:
        before = Counter(damage.check for damage in damages)
        damages, unchecked = _repair(target, damages)
        repaired = before - Counter(damage.check for damage in damages)
    summary = _summary(captures, VerifyReport(damages, unchecked), repaired)
    if as_json:
        print_json({"db": str(db), **summary})
    else:
        _print_summary(summary, deep=deep)
    ctx.exit(3 if damages else 0)


class Target(NamedTuple):
    """The archive to verify, its number of captures, and how its pages are parsed again."""

    db: Path
    captures: int
    workers: int
    deep: bool


def _verify_alone(target: Target) -> VerifyReport:
    """Verify under the lock; if it cannot be taken, such as on a read-only disk, without it."""
    try:
        lock = WriterLock(target.db, is_run=False)
    except ArchiveLockedError:
        raise
    except ArchiveError:
        return _verify_unlocked(target)
    try:
        return _verify(target)
    finally:
        lock.release()


def _verify_unlocked(target: Target) -> VerifyReport:
    if (running := lock_holder(target.db)) is not None:
        raise ArchiveLockedError(f"{target.db}: another run is writing to it ({running})")
    return _verify(target)


def _verify(target: Target) -> VerifyReport:
    folder, differences, skipped = warc_folder(target.db), [], [*NEEDS_DEEP, *NEVER_CHECKED]
    if target.deep:
        with open_for_reading(target.db) as archive, Meter("read", target.captures) as meter:
            differences = list(reading_damages(archive, folder, target.workers, meter.advance))
        skipped = [*NEVER_CHECKED]
    with open_for_reading(target.db) as archive:
        waiting = archive.execute("SELECT count(*) FROM captures WHERE outcome IS NULL").fetchone()
    if waiting != (0,):
        skipped.append(f"{waiting[0]:,} captures that the next run will read")
    with Meter("verify", target.captures) as meter:
        damages, unchecked = verify(target.db, folder, meter.advance)
    return VerifyReport(damages + differences, unchecked + skipped)


def _repair(target: Target, damages: list[Damage]) -> VerifyReport:
    """Repair what can be repaired and return the remaining damage."""
    with ArchiveWriter(target.db, "verify", {"repair": True}) as writer:
        repair(writer, warc_folder(target.db), damages)
        again = CaptureSelection(ids=captures_to_reread(writer.db, damages)).groups(writer.db)
        reparse(writer, again, workers=target.workers)
        repair_dates(writer, damages)
        rebuild_indexes(writer)  # they may not have matched the rows that were rewritten
        left = _verify(target)
        writer.faults = len(left.damages)
    return left


def _summary(captures: int, report: VerifyReport, repaired: Counter[str]) -> dict[str, Any]:
    details: dict[str, list[str]] = {check: [] for check in REMEDIES}
    for damage in report.damages:
        details[damage.check].append(damage.detail)
    return {
        "captures": captures,
        "sound": not report.damages,
        "repaired": dict(repaired),
        "damages": [
            {
                "check": check,
                "count": len(found),
                "examples": found[:EXAMPLES],
                "advice": REMEDIES[check],
            }
            for check, found in details.items()
            if found
        ],
        "unchecked": report.unchecked,
    }


def _print_summary(summary: dict[str, Any], *, deep: bool) -> None:
    for check, count in summary["repaired"].items():
        say(f"repaired: {count:,} {check}")
    for damage in summary["damages"]:
        say(f"{damage['check']}: {damage['count']:,}")
        for example in damage["examples"]:
            say(f"    {line(example)}")
        say(f"  what to do: {damage['advice']}")
    if summary["sound"]:
        say(
            f"{summary['captures']:,} captures, their WARC records and the rows parsed from them "
            "are sound."
        )
        if deep:
            say("The current parsers read every capture as stored.")
    for sentence in summary["unchecked"]:
        say(f"Not checked: {sentence}.")
