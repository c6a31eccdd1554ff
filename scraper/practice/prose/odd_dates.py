"""Oddities of dates: misspelt, impossible, or at odds with each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from scraper.practice.prose.dates import SHORT_MONTHS, WEEKDAYS, full_date
from scraper.practice.prose.written import Meaning, dated
from scraper.thai.dates.years import BUDDHIST_ERA

if TYPE_CHECKING:
    from random import Random

    from scraper.practice.prose.drafts import Draft, Entry


def impossible_date(_rng: Random, entry: Entry, draft: Draft) -> Draft:
    """A day that does not exist (15-20)."""
    written = f"31 เมษายน {entry.published_on.year + BUDDHIST_ERA}"
    date_ = dated(written, Meaning(None, None, flags=("impossible",)))
    return draft.with_sentence("กำหนดส่งเอกสารเพิ่มเติมภายในวันที่ ", date_, " ตามแบบที่กำหนดไว้")


def wrong_weekday(_rng: Random, entry: Entry, draft: Draft) -> Draft:
    """A weekday that does not match its date (66)."""
    day = entry.published_on + timedelta(days=6)
    written = f"{WEEKDAYS[(day.weekday() + 2) % 7]}ที่ {full_date(day).string}"
    date_ = dated(written, Meaning(day, day, flags=("wrong-weekday",)))
    return draft.with_sentence("คณะทำงานนัดหมายกันอีกครั้งใน", date_, " เพื่อสรุปบทเรียนร่วมกัน")


def misspelt_month(_rng: Random, entry: Entry, draft: Draft) -> Draft:
    """กรกฎาคม with the wrong letter (49)."""
    day = date(entry.published_on.year, 7, 9)
    written = f"9 กรกฏาคม {day.year + BUDDHIST_ERA}"
    date_ = dated(written, Meaning(day, day, flags=("misspelt-month",)))
    return draft.with_sentence("ผลการคัดเลือกประกาศแล้วเมื่อวันที่ ", date_, " ณ ที่ทำการชุมชน")


def missing_dot(_rng: Random, entry: Entry, draft: Draft) -> Draft:
    """An abbreviated month without its final dot (203)."""
    day = entry.published_on - timedelta(days=9)
    written = f"{day.day} {SHORT_MONTHS[day.month - 1][:-1]} {(day.year + BUDDHIST_ERA) % 100}"
    return draft.with_sentence(
        "ทีมงานสำรวจเสร็จเมื่อวันที่ ", dated(written, Meaning(day, day)), " ก่อนฝนตก"
    )


def early_short_date(_rng: Random, entry: Entry, draft: Draft) -> Draft:
    """The release was entered some days before publication (225)."""
    return replace(draft, printed=True, entered_on=entry.published_on - timedelta(days=4))
