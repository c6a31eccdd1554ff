"""Decides whether an article speaks for the government as a whole rather than for one ministry.

The Prime Minister, the deputies, the cabinet and the government's spokespersons speak about the
work of all ministries; their articles belong to the Office of the Prime Minister. The section of
the site says so, or the beginning of the headline.

A Prime Minister may be a minister, too. "นายกรัฐมนตรี และ รมว.กลาโหม" is one person with two posts,
and the second is no evidence for the ministry.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from scraper.reference import read_table
from scraper.thai.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

GOVERNMENT = "prime-minister-office"
"""The slug of the ministry to which articles of the government belong."""


class GovernmentVoice(NamedTuple):
    """The government as the speaker of an article.

    Attributes:
        certain: whether it comes before every ministry that the article names.
        points: its points otherwise, in units of ``score_ministries``.
        evidence: where it shows, such as ``category: ข่าวคณะโฆษก``.
    """

    certain: bool
    points: float
    evidence: str


_HEADLINE_POINTS = 5
"""Points of a speaker in the headline, as many as those of a name there."""

# At the beginning of a folded headline. รองนายกฯ is not here: deputies often act as ministers.
_SPEAKER = re.compile(
    r"[\W_]{0,8}"
    r"(?:ด่วน[\W_]{0,8}|ผล(?:การ)?ประชุม ?|สรุป(?:ผล(?:การ)?|มติ|ข่าว(?:การ)?)?ประชุม ?|มติ ?|"
    r"(?:พล\.? ?อ\.? ?|พลเอก ?|นาย|น\.ส\.|นางสาว)?(?:ประยุทธ์|เศรษฐา|แพทองธาร)[^\n]{0,30}?)?"
    r"(?P<speaker>นายก ?รัฐมนตรี|นายกฯ|นรม\.|ครม\.|คณะรัฐมนตรี|"
    r"(?:รอง ?)?(?:โฆษก|เลขาธิการ)(?:ประจำ)?(?:รัฐบาล|สำนักนายก|นายก)|รัฐบาล(?!ท้องถิ่น)|"
    r"ทำเนียบรัฐบาล|(?:the )?(?:thai )?(?:prime minister|pm |cabinet|government|govt))"
)
# Elsewhere in the headline of a section in which the government speaks often.
_IN_HEADLINE = re.compile(
    r"(?<!รอง)นายก ?รัฐมนตรี|(?<!รอง)นายกฯ|ครม\.|รัฐบาล|"
    r"(?<![\u0e01-\u0e4e])รัฐ(?=เร่ง|หนุน|ช่วย|ออก|ลด|เดิน|ย้ำ|จัด)"
)
# In the first characters of the folded body.
_SPOKESPERSON = re.compile(r"โฆษก(?:ประจำ)?(?:สำนักนายก|รัฐบาล)|government spokes|prime minister")
_FIRST_CHARACTERS = 300


def government_voice(headline: str, category: str | None, body: str = "") -> GovernmentVoice | None:
    """Return the evidence that the government is the speaker; None if a ministry may be.

    Args:
        headline: the headline of the article.
        category: the section of the site, None if unknown. In a section of the ministries, where a
            minister reports what the Prime Minister or the cabinet did, the text does not count.
        body: the text under the headline, whose beginning counts if the section is unknown.
    """
    title = fold(headline)
    points = _points().get(_key(category or ""))
    if points == "":
        return GovernmentVoice(True, _HEADLINE_POINTS, f"category: {category}")
    if points:
        named = _HEADLINE_POINTS if _IN_HEADLINE.search(title) else 0
        return GovernmentVoice(False, float(points) + named, f"category: {category}")
    if category:
        return None
    if spoken := _SPEAKER.match(title):
        return GovernmentVoice(True, _HEADLINE_POINTS, f"title: {spoken['speaker'].strip()}")
    if spoken := _SPOKESPERSON.search(fold(body[:_FIRST_CHARACTERS])):
        return GovernmentVoice(True, _HEADLINE_POINTS, f"opening: {spoken[0]}")
    return None


def _key(category: str) -> str:
    """Return a category for comparison: file names lack dots and slashes, and repeat spaces."""
    return re.sub(r"[\s./]+", "", category).lower()


@cache
def _points() -> dict[str, str]:
    return {_key(row["category"]): row["points"] for row in read_table("government_categories.csv")}


# --- second posts of the Prime Minister ---------------------------------------------------------

_SECOND_POSTS = frozenset({"defence", "finance", "culture", "interior"})
"""The ministries that Prime Ministers held since 2014. Of any other, "นายกรัฐมนตรี และ รมว.…" are two
people."""

_NAME_KINDS = frozenset({"name", "abbreviation"})
_MINISTRY = re.compile(r"(?:กระทรวง ?|ก\.|รมว\. ?|รมช\. ?)(?P<name>.+)$")
_ENGLISH_MINISTRY = re.compile(r"(?:minister of|ministry of(?: the)?) (?P<name>.+)$")
_ENGLISH_TITLE = re.compile(r"(?P<name>.+) (?:minister|ministry)$")


def without_second_posts(folded: str) -> str:
    """Return a folded text with the ministries of a Prime Minister's second post blanked out.

    The text keeps its length. Deputies keep their ministries, for which they often speak.

    >>> without_second_posts("รองนายกฯ และ รมว.คลัง พบ นายกฯ และ รมว.กลาโหม")
    'รองนายกฯ และ รมว.คลัง พบ นายกฯ และ           '
    """
    if "นายก" not in folded and "นรม" not in folded and " minister" not in folded:
        return folded
    return _second_posts().sub(_blank, folded)


def _blank(match: re.Match[str]) -> str:
    post = match[match.lastgroup or 0]  # the match ends in it
    return match[0].removesuffix(post) + " " * len(post)


@cache
def _second_posts() -> re.Pattern[str]:
    """Return a pattern of a Prime Minister's post, a conjunction and a minister's post."""
    names = [
        fold(row["name"])
        for row in read_table("ministry_names.csv")
        if row["kind"] in _NAME_KINDS and row["of"] in _SECOND_POSTS
    ]
    for row in read_table("ministries.csv"):
        if row["slug"] in _SECOND_POSTS:
            names += [fold(row["name_th"]), fold(row["name_en"]), fold(row["abbreviation"])]
    thai = {match["name"] for name in names if (match := _MINISTRY.match(name))}
    thai |= {name for name in names if re.fullmatch(r"[ก-ฮ]{2,3}\.", name)}
    of = {match["name"] for name in names if (match := _ENGLISH_MINISTRY.match(name))}
    titles = {match["name"] for name in names if (match := _ENGLISH_TITLE.match(name))}

    prime_minister = r"(?<!รอง)(?<!รอง )(?:นายก ?รัฐมนตรี|นายกฯ|นรม\.?)"
    conjunction = r" {0,2}(?:และ|ในฐานะ|ควบ(?:ตำแหน่ง)?|[/&]) {0,2}(?:ในฐานะ|รักษาราชการแทน|รักษาการ)?"
    minister = r"(?:รัฐมนตรีว่าการ|รมว\.?) {0,2}(?:กระทรวง)? {0,2}"
    english_prime_minister = r"(?<!deputy )(?<!vice )(?<!vice-)\b(?:prime minister|pm)"
    english_conjunction = (
        r",? {1,2}(?:and|&|as well as|concurrently|in (?:his|her) capacity as) {1,2}"
        r"(?:concurrently )?(?:the )?"
    )
    return re.compile(
        rf"{prime_minister}{conjunction} {{0,2}}(?P<thai>{minister}(?:{_any(thai)}))"
        rf"|{english_prime_minister}{english_conjunction}"
        rf"(?P<english>minister (?:of|for) (?:the )?(?:{_any(of)})|(?:{_any(titles)}) minister)"
    )


def _any(names: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
