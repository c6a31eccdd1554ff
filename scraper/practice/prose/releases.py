"""Composes press releases in Thai, in the proportions measured on 63,241 real pages.

Knows which fields of the form are filled in, with what, and how often. The sentences are in tables,
``scenes`` chooses people and places, and the ``html`` modules render pages.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from scraper.practice.prose.dates import full_date, on_day, pick
from scraper.practice.prose.drafts import (
    LEAD_LIMIT,
    MEDIA,
    TITLE_LIMIT,
    Draft,
    Entry,
    document_suffix,
)
from scraper.practice.prose.elements import contact
from scraper.practice.prose.scenes import Scene, rows_by, templates
from scraper.practice.prose.written import Text, join, with_fact
from scraper.thai.digits import THAI_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

_GOVERNMENTS = (
    ("ข่าวคณะโฆษก", 80),
    ("ข่าวนายกรัฐมนตรี", 32),
    ("ข่าวทำเนียบรัฐบาล", 12),
    ("ข่าวรอง นรม. รมต.นร.", 14),
)
SHARED = "ทัน LINE ไทยคู่ฟ้า"  # the government's, with news of the ministries
_INSHARED = 0.07
# 21 % of pages have no date in the body: these, and those whose sentences happen to have none.
_UNDATED = 0.12
_IN_THAI_DIGITS = 0.05
_LEADS = (
    ("copy", 395),
    ("own", 270),
    ("extended", 122),
    ("filler", 88),
    ("cut", 79),
    ("date", 27),
    ("hashtags", 2),
)
_FILLERS = ((".....", 21), ("...", 18), ("....", 12), ("- -", 1))
_TAILS = (
    ("", 730),
    ("rule", 75),
    ("stamp", 53),
    ("tags", 45),
    ("unit", 30),
    ("tags rule", 18),
    ("rule unit", 15),
    ("rule link tags rule", 12),
    ("phone", 11),
    ("link", 6),
    ("source", 3),
)
_RULES = (
    "-------------------",
    "-" * 40,
    "_" * 24,
    "*" * 14,
    "//////////",
    "##",
    "= = = = =",
    "++++++",
)
_LAYOUTS = (("paragraphs", 45), ("word", 30), ("breaks", 15), ("fonts", 6), ("divs", 4))


def compose(rng: Random, entry: Entry, ministry: str | None = None) -> Draft:
    """Return a release of a ministry, by default one drawn in the measured proportions.

    Args:
        rng: draws everything else; the same state gives the same release.
        entry: place of the release on the site.
        ministry: slug; empty for a release without a ministry.
    """
    if ministry is None:
        ministry = pick(rng, _ministry_weights())
    scene = Scene(rng, ministry, entry.published_on)
    title = write_headline(scene, rng)
    paragraphs = write_body(scene, rng, length=int(rng.lognormvariate(7.6, 0.62)))
    if rng.random() < _IN_THAI_DIGITS:
        paragraphs = tuple(paragraph.translate(THAI_DIGITS) for paragraph in paragraphs)
    draft = Draft(
        headline=title,
        paragraphs=paragraphs,
        published_on=entry.published_on,
        ministry=ministry or None,
        category=_category(ministry, rng),
        # 1,559 pages repeat the headline a third time, as the first line of the body.
        copies=(title.string,) if rng.random() < 0.03 else (),
        video=rng.random() < 0.03,
        layout=pick(rng, _LAYOUTS),
    )
    draft = add_tail(draft, scene, rng, entry, pick(rng, _TAILS))
    draft = add_lead(draft, scene, rng, pick(rng, _LEADS))
    return add_files(add_header(draft, rng, entry), rng, entry)


def _category(ministry: str, rng: Random) -> str:
    """Return the section of the site in which a release of a ministry, or of none, appears."""
    if ministry == "prime-minister-office":
        return pick(rng, _GOVERNMENTS)
    if ministry and rng.random() < _INSHARED:
        return SHARED
    return rows_by("ministries", "ministry")[ministry][0]["category"]


def write_headline(scene: Scene, rng: Random) -> Text:
    """Return a headline, cut at the limit of the form."""
    title = scene.sentence("title" if scene.ministry else "plaintitle")
    if rng.random() < 0.3:
        title = join((title, scene.sentence("more")), " ") if scene.ministry else title
    return title.cut(TITLE_LIMIT)


def write_body(scene: Scene, rng: Random, length: int) -> tuple[Text, ...]:
    """Return paragraphs of about ``length`` characters in total; some bodies have no date."""
    dated = rng.random() >= _UNDATED
    sentences = _sentences(scene, rng, dated=dated)
    paragraphs = [_opening(scene, rng, dated=dated)]
    while sum(map(len, paragraphs)) < length:
        count = rng.choice((1, 1, 2, 2, 3, 4))
        paragraphs.append(join((next(sentences) for _ in range(count)), " "))
    return tuple(paragraphs)


def add_lead(draft: Draft, scene: Scene, rng: Random, kind: str) -> Draft:
    """Add a lead of a kind of ``_LEADS``, or a copy of the headline if that is impossible."""
    lead = None
    if kind == "own":
        lead = scene.sentence("lead")
    elif kind == "extended":
        lead = join((draft.headline, scene.sentence("more")), " ")
    if lead and len(lead) <= LEAD_LIMIT:
        return replace(draft, lead=lead, lead_lines=(lead.string,))
    first = draft.paragraphs[0].string if draft.paragraphs else ""
    words = {
        "cut": first if len(first) <= LEAD_LIMIT else first[: rng.randint(240, LEAD_LIMIT)].strip(),
        "filler": pick(rng, _FILLERS),
        "hashtags": " ".join(f"#{tag}" for tag in draft.hashtags),
    }
    if kind == "date":
        lead = on_day(draft.published_on)
        return replace(draft, lead=lead, lead_lines=(lead.string,))
    return replace(draft, lead=None, lead_lines=(words.get(kind) or draft.title,))


def add_tail(draft: Draft, scene: Scene, rng: Random, entry: Entry, kinds: str) -> Draft:
    """Add sign-off lines of the given kinds (separated by spaces), in that order."""
    lines: list[Text | str] = []
    hashtags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    agency = scene.word("agency") if scene.ministry else ""
    for kind in kinds.split():
        if kind == "rule":
            lines.append(rng.choice(_RULES))
        elif kind == "stamp":
            # The long date, or the day before it.
            day = draft.published_on - timedelta(days=rng.choice((0, 0, 1)))
            lines.append(join(("************** ", full_date(day))))
        elif kind == "tags":
            hashtags = _hashtags(scene, rng)
            lines.append(scene.tag_line(hashtags))
        elif kind == "unit" and agency:
            lines.append(f"กลุ่มประชาสัมพันธ์และเผยแพร่ {agency}")
        elif kind == "phone":
            lines.append(join(("โทร. ", scene.phone())))
        elif kind == "link" and entry.earlier:
            links = (entry.earlier,)
            earlier = with_fact(entry.earlier, contact("url", entry.earlier))
            lines.append(join(("อ่านเพิ่มเติม คลิก ", earlier)))
        elif kind == "source" and agency:
            lines.append(f"ที่มา : {agency}")
    tail = tuple(line if isinstance(line, Text) else Text(line) for line in lines)
    return replace(draft, tail=tail, hashtags=hashtags, links=links)


def add_header(draft: Draft, rng: Random, entry: Entry) -> Draft:
    """Add the header: short date and print button, or page views."""
    with_short_date = entry.position > 0.4  # from number 62711 of 100611 on
    if rng.random() < 0.05 and entry.position < 0.3:
        draft = replace(draft, views=rng.randint(12, 9800))
    printed = rng.random() < (0.58 if with_short_date else 0.51) or "โฆษก" in (draft.category or "")
    if not printed or not with_short_date:
        return replace(draft, printed=printed)
    # 225 of 21,126 were entered before the day of publication.
    days = rng.choice((1, 1, 1, 1, 1, 1, 1, 4, 15)) if rng.random() < 0.0107 else 0
    return replace(draft, printed=True, entered_on=draft.published_on - timedelta(days=days))


def add_files(draft: Draft, rng: Random, entry: Entry) -> Draft:
    """Add pictures, and sometimes a document."""
    folder = f"{entry.published_on:%Y/%m}"
    stamp = f"{entry.published_on:%Y%m%d}{rng.randint(80000, 175959):06}"
    name = rng.choice(
        (
            f"{entry.number}_ภาพข่าว {rng.randint(1, 9)}.jpg",
            f"{entry.number}_ภาพกิจกรรม#{rng.randint(1, 9)}.jpg",
            f"{entry.number}_press.jpg",
            f"IMG_{entry.number}_{stamp}000000.jpg",
        )
    )
    more = (
        f"IMG_{entry.number}_{stamp}00000{n}.jpg" for n in range(1, rng.choice((1, 1, 1, 2, 4)))
    )
    images = tuple(f"{MEDIA}/thumbnail/news/{folder}/{file}" for file in (name, *more))
    suffix = document_suffix(entry.number)
    document = (
        f"{MEDIA}/document/{entry.number % 90 + 1}/{folder}/{suffix}/"
        f"เอกสารแนบ_{entry.number}.{suffix}"
    )
    return replace(draft, images=images, documents=(document,) if rng.random() < 0.04 else ())


@cache
def _ministry_weights() -> tuple[tuple[str, int], ...]:
    return tuple(
        (row["ministry"], int(row["weight"]))
        for rows in rows_by("ministries", "ministry").values()
        for row in rows
    )


def _opening(scene: Scene, rng: Random, *, dated: bool) -> Text:
    """Return a first paragraph, naming the ministry if there is one."""
    kind = "opening" if scene.ministry else "plain"
    fitting = [sentence for sentence in templates(kind) if dated or "{today}" not in sentence]
    return scene.fill(rng.choice(fitting or templates(kind)))


def _sentences(scene: Scene, rng: Random, *, dated: bool) -> Iterator[Text]:
    """Yield sentences endlessly; within a kind, none repeats before all were used."""
    kinds = (("body", 84), ("short", 7), ("rare", 3), ("dated", 6))
    decks: dict[str, list[str]] = {}
    while True:
        kind = pick(rng, kinds if dated else kinds[:2])
        if not decks.get(kind):
            decks[kind] = [sentence for sentence in templates(kind) if scene.can_fill(sentence)]
            rng.shuffle(decks[kind])
        yield scene.fill(decks[kind].pop())


def _hashtags(scene: Scene, rng: Random) -> tuple[str, ...]:
    tags = [
        scene.word("programme").replace(" ", ""),
        "ข่าวสารภาครัฐ",
        f"จังหวัด{scene.word('province')}",
    ]
    if scene.ministry:
        tags.insert(0, scene.word("ministry").split(" ")[0])
    return tuple(tags[: rng.randint(2, len(tags))])
