"""Oddities of pages of the layout ``news``, independent of their release.

Like ``oddities``, but applied on top of any release: every ``news`` site has each of them at least
once, and a random share of pages is sent with its text.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scraper.practice.html.news import OFFICE, WITH_TEXT
from scraper.practice.prose.drafts import Delivery
from scraper.practice.prose.elements import agency
from scraper.practice.prose.releases import compose
from scraper.practice.prose.written import Text, join, with_fact

if TYPE_CHECKING:
    from random import Random

    from scraper.practice.prose.drafts import Draft, Entry, Oddity


def _delivered(delivery: Delivery) -> Oddity:
    return lambda _rng, _entry, draft: replace(draft, delivery=delivery)


def office_in_body(rng: Random, entry: Entry, _draft: Draft) -> Draft:
    """The text names the office that begins the footer, once on a separate line."""
    draft = compose(rng, entry, ministry="industry")
    office = with_fact(OFFICE, agency("prime-minister-secretariat"))
    lines = (
        Text("หน่วยงานที่ร่วมลงนามเรียงตามลำดับ มีดังนี้"),
        office,
        Text("สำนักงานทดลองงานชุมชน"),
        join((office, " จะรวบรวมความเห็นที่ได้รับและเผยแพร่ผลให้ทุกฝ่ายทราบต่อไป")),
    )
    return replace(draft, paragraphs=(*draft.paragraphs, *lines))


def without_script(rng: Random, draft: Draft) -> Draft:
    """Return a draft whose page is sent with its text, in one of several ways."""
    return replace(draft, delivery=rng.choice(sorted(WITH_TEXT)))


NEWS_ODDITIES: dict[str, Oddity] = {
    "office-in-body": office_in_body,
    **{
        str(delivery): _delivered(delivery)
        for delivery in Delivery
        if delivery is not Delivery.SCRIPT
    },
}
GONE_SHELL, GONE_STATUS = "missing-in-script", "http-404"
NEWS_MISSING = (GONE_SHELL, GONE_STATUS)
"""Kinds of numbers without an article: reported by the script, or by HTTP status 404."""
