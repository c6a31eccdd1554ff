"""Amounts of money in all fields of an article, in reading order."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.facts.kind import (
    MENTION_COLUMNS,
    READING_ORDER,
    ArticleText,
    FactKind,
    FactRow,
    Mention,
)
from scraper.thai.money import find_money

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.model import TextField


class MoneyMention(NamedTuple):
    """An amount or range of amounts; see ``scraper.thai.money.Money``."""

    at: Mention
    low: float
    high: float | None
    currency: str
    approximate: bool
    per: str | None


def find_money_mentions(text: ArticleText) -> Iterator[MoneyMention]:
    """Yield the amounts of each field, in reading order, except inside names of programmes."""
    for field, folded in text.folded.items():
        names = _names_in(text, field)
        starts = [name.position for name in names]
        for money in find_money(folded.text):
            at = text.mention(field, money.start, money.end)
            # The last name that begins before the amount; bisection, since there may be thousands.
            before = bisect_left(starts, at.position) - 1
            if before < 0 or at.position >= starts[before] + len(names[before].text):
                yield MoneyMention(at, *money[2:])


def _names_in(text: ArticleText, field: TextField) -> list[Mention]:
    """Return where the programmes of a field are named, in order: โครงการ “อิ่มละ 25 บาท”.

    An amount that begins a name is left to ``money_schemes.csv``, since it may be a price too.
    """
    programmes = text.article.facts.get("programmes", ())
    return [programme.at for programme in programmes if programme.at.field == field]


def money_row(found: MoneyMention) -> FactRow:
    """Return the row of an amount."""
    _, low, high, currency, approximate, per = found
    return (*found.at, low, high, currency, int(approximate), per)


def money_line(row: dict[str, Any]) -> str:
    """Return an amount on one line: its words, then its value with units."""
    amounts = [f"{amount:,.10g}" for amount in (row["low"], row["high"]) if amount is not None]
    about = "about " * row["approximate"]
    per = f" per {row['per']}" if row["per"] else ""
    return f"{row['text']} = {about}{' to '.join(amounts)} {row['currency']}{per}"


def money_brief(found: MoneyMention) -> str:
    """Return the amount or range and its currency, such as ``500/1000 THB``."""
    amounts = [f"{amount:.15g}" for amount in (found.low, found.high) if amount is not None]
    return f"{'/'.join(amounts)} {found.currency}"


KIND = FactKind(
    name="money",
    table="money_mentions",
    columns=(*MENTION_COLUMNS, "low", "high", "currency", "approximate", "per"),
    find=find_money_mentions,
    row=money_row,
    order=READING_ORDER,
    group=("low", "high", "currency", "per"),
    heading="Money",
    line=money_line,
    brief=money_brief,
    judged=("field", "low", "high", "currency", "approximate", "per"),
)
