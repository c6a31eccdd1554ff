"""``thaigov verify``: is everything there, and does it agree?"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from scraper.archive.database import open_for_reading
from scraper.archive.lock import WriterLock
from scraper.archive.repair import rebuild_indexes, repair, waiting_or_named
from scraper.archive.session import WARC_FOLDER, Session
from scraper.archive.verify import CHECKS, Damage, verify
from scraper.cli.failure import on_failure_option
from scraper.cli.options import db_option, json_option
from scraper.imports.reparse import Selection, reparse
from scraper.progress import Meter
from scraper.terminal import line, print_json, say

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES = 3


@click.command("verify")
@click.option("--repair", "repairing", is_flag=True, help="Mend what can be mended.")
@on_failure_option
@db_option
@json_option
@click.pass_context
def verify_command(ctx: click.Context, repairing: bool, db: Path, as_json: bool) -> None:
    """Check database, WARC files and all that binds them; end with 3 if anything is wrong.

    Without --repair nothing is written. No other run may be writing meanwhile.
    """
    with open_for_reading(db) as archive:
        (captures,) = archive.execute("SELECT count(*) FROM captures").fetchone()
    damages = _verify_alone(db, captures)
    mended: Counter[str] = Counter()
    if repairing and damages:
        before = Counter(damage.check for damage in damages)
        damages = _repair(db, damages, captures)
        mended = before - Counter(damage.check for damage in damages)
    summary = _summary(captures, damages, mended)
    if as_json:
        print_json({"db": str(db), **summary})
    else:
        _print(summary)
    ctx.exit(3 if damages else 0)


def _verify_alone(db: Path, captures: int) -> list[Damage]:
    """Verify while no other run can write."""
    lock = WriterLock(db)
    try:
        return _verify(db, captures)
    finally:
        lock.release()


def _verify(db: Path, captures: int) -> list[Damage]:
    with Meter("verify", captures) as meter:
        return verify(db, db.parent / WARC_FOLDER, meter.advance)


def _repair(db: Path, damages: list[Damage], captures: int) -> list[Damage]:
    """Mend what can be mended and return what is wrong still."""
    with Session(db, "verify", {"repair": True}) as session:
        repair(session, db.parent / WARC_FOLDER, damages)
        again = Selection(ids=waiting_or_named(session.db, damages)).groups(session.db)
        reparse(session, again, workers=1)
        rebuild_indexes(session)  # what was rewritten may have been out of step with them
        left = _verify(db, captures)
        session.faults = len(left)
    return left


def _summary(captures: int, damages: list[Damage], mended: Counter[str]) -> dict[str, Any]:
    found: dict[str, list[str]] = {check: [] for check in CHECKS}
    for damage in damages:
        found[damage.check].append(damage.detail)
    return {
        "captures": captures,
        "sound": not damages,
        "repaired": dict(mended),
        "damages": [
            {
                "check": check,
                "count": len(details),
                "examples": details[:EXAMPLES],
                "advice": CHECKS[check],
            }
            for check, details in found.items()
            if details
        ],
    }


def _print(summary: dict[str, Any]) -> None:
    for check, count in summary["repaired"].items():
        say(f"repaired: {count:,} {check}")
    for damage in summary["damages"]:
        say(f"{damage['check']}: {damage['count']:,}")
        for example in damage["examples"]:
            say(f"    {line(example)}")
        say(f"  what to do: {damage['advice']}")
    if summary["sound"]:
        say(f"{summary['captures']:,} captures and all that was read from them are sound.")
