"""``thaigov verify``: is everything there, and does it agree?"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from scraper.archive.database import ArchiveError, open_for_reading, warc_folder
from scraper.archive.lock import ArchiveLockedError, WriterLock, lock_holder
from scraper.archive.writer import ArchiveWriter
from scraper.cli.failure import on_failure_option
from scraper.cli.options import CORES, db_option, json_option
from scraper.progress import Meter
from scraper.terminal import line, print_json, say
from scraper.upkeep.deep import reading_damages
from scraper.upkeep.repair import captures_to_reread, rebuild_indexes, repair, repair_dates
from scraper.upkeep.reparse import Selection, reparse
from scraper.upkeep.verify import REMEDIES, Damage, VerifyReport, verify

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES = 3
# What was not checked, for people.
SHALLOW = (
    "whether today's parsers read the same from the captures (--deep does)",
    "problems, and captures that told no article (--deep does)",
)
NEVER = ("runs, the frontier and the time an article was last seen: nothing else records them",)


@click.command("verify")
@click.option("--repair", "repairing", is_flag=True, help="Mend what can be mended.")
@click.option("--deep", is_flag=True, help="Also read every capture again, and compare.")
@click.option(
    "--workers",
    type=click.IntRange(0),
    default=CORES,
    show_default="one per core",
    help="Processes that read the texts for --deep; 0: this one.",
)
@on_failure_option
@db_option
@json_option
@click.pass_context
def verify_command(
    ctx: click.Context, repairing: bool, deep: bool, workers: int, db: Path, as_json: bool
) -> None:
    """Check database, WARC files and all that binds them; end with 3 if anything is wrong.

    Without --repair nothing is written, so that a read-only copy can be checked. No other run may
    be writing meanwhile.
    """
    with open_for_reading(db) as archive:
        (captures,) = archive.execute("SELECT count(*) FROM captures").fetchone()
    how = How(db, captures, workers if deep else None)
    damages, unchecked = _verify_alone(how)
    mended: Counter[str] = Counter()
    if repairing and damages:
        before = Counter(damage.check for damage in damages)
        damages, unchecked = _repair(how, damages)
        mended = before - Counter(damage.check for damage in damages)
    summary = _summary(captures, VerifyReport(damages, unchecked), mended)
    if as_json:
        print_json({"db": str(db), **summary})
    else:
        _print(summary, deep=deep)
    ctx.exit(3 if damages else 0)


class How(NamedTuple):
    """What is verified: archive, number of captures, and the workers that read them, if any do."""

    db: Path
    captures: int
    workers: int | None


def _verify_alone(how: How) -> VerifyReport:
    """Verify while no other run can write; where no lock can be taken, while none does."""
    try:
        lock = WriterLock(how.db, is_run=False)
    except ArchiveLockedError:
        raise
    except ArchiveError:
        return _verify_unlocked(how)
    try:
        return _verify(how)
    finally:
        lock.release()


def _verify_unlocked(how: How) -> VerifyReport:
    if (found := lock_holder(how.db)) is not None:
        raise ArchiveLockedError(f"{how.db}: another run is writing to it ({found})")
    return _verify(how)


def _verify(how: How) -> VerifyReport:
    folder, readings, left_out = warc_folder(how.db), [], [*SHALLOW, *NEVER]
    if how.workers is not None:
        with open_for_reading(how.db) as archive, Meter("read", how.captures) as meter:
            readings = list(reading_damages(archive, folder, how.workers, meter.advance))
        left_out = [*NEVER]
    with open_for_reading(how.db) as archive:
        waiting = archive.execute("SELECT count(*) FROM captures WHERE outcome IS NULL").fetchone()
    if waiting != (0,):
        left_out.append(f"{waiting[0]:,} captures that no run has read yet; the next one does")
    with Meter("verify", how.captures) as meter:
        damages, unchecked = verify(how.db, folder, meter.advance)
    return VerifyReport(damages + readings, unchecked + left_out)


def _repair(how: How, damages: list[Damage]) -> VerifyReport:
    """Mend what can be mended and return what is wrong still."""
    with ArchiveWriter(how.db, "verify", {"repair": True}) as writer:
        repair(writer, warc_folder(how.db), damages)
        again = Selection(ids=captures_to_reread(writer.db, damages)).groups(writer.db)
        reparse(writer, again, workers=1)
        repair_dates(writer, damages)
        rebuild_indexes(writer)  # what was rewritten may have been out of step with them
        left = _verify(how)
        writer.faults = len(left.damages)
    return left


def _summary(captures: int, report: VerifyReport, mended: Counter[str]) -> dict[str, Any]:
    found: dict[str, list[str]] = {check: [] for check in REMEDIES}
    for damage in report.damages:
        found[damage.check].append(damage.detail)
    return {
        "captures": captures,
        "sound": not report.damages,
        "repaired": dict(mended),
        "damages": [
            {
                "check": check,
                "count": len(details),
                "examples": details[:EXAMPLES],
                "advice": REMEDIES[check],
            }
            for check, details in found.items()
            if details
        ],
        "unchecked": report.unchecked,
    }


def _print(summary: dict[str, Any], *, deep: bool) -> None:
    for check, count in summary["repaired"].items():
        say(f"repaired: {count:,} {check}")
    for damage in summary["damages"]:
        say(f"{damage['check']}: {damage['count']:,}")
        for example in damage["examples"]:
            say(f"    {line(example)}")
        say(f"  what to do: {damage['advice']}")
    if summary["sound"]:
        say(
            f"{summary['captures']:,} captures, their records and the rows that were read from "
            f"them are sound."
        )
        if deep:
            say("Today's parsers read the same from every capture that a run has read.")
    for sentence in summary["unchecked"]:
        say(f"Not checked: {sentence}.")
