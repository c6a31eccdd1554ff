"""How to cite an article, in Thai with the Buddhist era and in English with the common era."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from scraper.browse.dates import english_date, thai_date

if TYPE_CHECKING:
    from scraper.archive.versions import Row


LONGEST_TITLE = 300  # characters; some pages have their text in the headline


class Citation(NamedTuple):
    """The same citation in both languages."""

    thai: str
    english: str


def cite(version: Row, url: str, capture: Row | None, address: str) -> Citation:
    """Return the citation of a version of an article.

    Args:
        version: its ``title`` and ``published_on``.
        url: where the site publishes it.
        capture: the one that first showed this version, if it is known.
        address: permanent address of its page in this archive.
    """
    host = (urlsplit(url).hostname or url).removeprefix("www.")
    title, day = _shortened(version["title"]), version["published_on"]
    thai = [
        f"“{title or '(ไม่มีหัวข้อ)'}.”",
        f"รัฐบาลไทย ({host}),",
        f"{thai_date(day) or 'ไม่ทราบวันเผยแพร่'}.",
        url,
    ]
    english = [
        f"“{title or '(untitled)'}.”",
        f"Royal Thai Government ({host}),",
        f"{english_date(day) or 'n.d.'}.",
        url,
    ]
    if capture is not None:
        fetched, digest = capture["fetched_at"], capture["digest"]
        thai.append(f"สำเนาเมื่อ {thai_date(fetched)} SHA-256 {digest}:")
        english.append(f"Captured {english_date(fetched)}, SHA-256 {digest}:")
    return Citation(" ".join([*thai, address]), " ".join([*english, address]))


def _shortened(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE else f"{title[:LONGEST_TITLE]}…"
