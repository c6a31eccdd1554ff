"""Amounts of money in all fields of an article, in reading order."""

from __future__ import annotations

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
        for money in find_money(folded.text):
            at = text.mention(field, money.start, money.end)
            if not _is_in_a_name(text, at):
                yield MoneyMention(at, *money[2:])


def _is_in_a_name(text: ArticleText, at: Mention) -> bool:
    """Return whether an amount is inside a programme's name: โครงการ “อิ่มละ 25 บาท”.

    Names that begin with an amount are in ``money_schemes.csv``, since that may be a price too.
    """
    return any(
        name.field == at.field and name.position < at.position < name.position + len(name.text)
        for name, *_ in text.article.facts.get("programmes", ())
    )


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
    heading="Money",
    line=money_line,
    brief=money_brief,
)
