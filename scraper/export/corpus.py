"""``corpus``: a text file for each article, in the form of PyThaiNLP's corpora of the same site.

``thaigov import corpus`` reads the folder again. Each text is read back at once; articles that this
form cannot hold whole, such as those whose lead repeats the body, are listed beside them.
"""

from __future__ import annotations

import csv
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from pipelines.clean import Clean
from scraper import pages
from scraper.archive.versions import version_values
from scraper.clock import from_iso
from scraper.export.format import Format
from scraper.imports.corpus import CONTENT_TYPE
from scraper.model import Capture, Origin
from scraper.reference import read_table
from scraper.thai.dates import read_long_date
from scraper.thai.dates.years import BUDDHIST_ERA
from scraper.warc.record import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from scraper.export.format import Notes, Options
    from scraper.export.selection import Selection
    from scraper.model import Article

TITLE_PREFIX = "รัฐบาลไทย-ข่าวทำเนียบรัฐบาล-"
NO_LEAD = "....."  # as the site's editors fill the field
NAME_BYTES = 255  # the longest name of a file
DIFFERENCES = "differences.csv"
COMPARED = ("content", "category", "entered_on", "hashtags")


def corpus_text(article: Mapping[str, Any]) -> str:
    """Return the text file of an article.

    Args:
        article: its columns, with ``hashtags`` in a list.
    """
    lines = [f"{TITLE_PREFIX}{article['title']}", "", ""]
    lines += _dates(article)
    lines += [article["title"], article["lead"] or _lead_field(article)]
    lines += filter(None, (article["body"], article["tail"]))
    return "\n".join((*lines, "", f"ที่มา : {article['url']}", ""))


def corpus_name(article: Mapping[str, Any]) -> str:
    """Return the path of an article's file: the day of the capture, category, number and an id."""
    category = (article["category"] or "").replace("/", "∕")
    rest = f"_{article['site_id']}_{uuid5(NAMESPACE_URL, article['url'])}.txt"
    kept = category.encode()[: NAME_BYTES - len(rest)].decode(errors="ignore")
    return f"data/{article['fetched_at'][:10].replace('-', '/')}/{kept}{rest}"


def _dates(article: Mapping[str, Any]) -> Iterator[str]:
    """Yield the long date, as written if it is one, and the short date if there is one."""
    if day := article["published_on"]:
        written = article["published_raw"] or ""
        found = read_long_date(written)
        is_long = found and found.value and found.value.isoformat() == day
        yield written if is_long else corpus_date(date.fromisoformat(day))
    if day := article["entered_on"]:
        year, month, number = day.split("-")
        yield f"{number}/{month}/{int(year) + BUDDHIST_ERA}"


def corpus_date(day: date) -> str:
    """Return a day as the site writes it: ``วันพฤหัสบดีที่ 21 สิงหาคม 2568``."""
    weekday = read_table("weekdays.csv")[day.weekday()]["thai"]
    month = read_table("months.csv")[day.month - 1]["thai"]
    return f"วัน{weekday}ที่ {day.day} {month} {day.year + BUDDHIST_ERA}"


def _lead_field(article: Mapping[str, Any]) -> str:
    """Return a filler for a missing lead: hashtags that occur nowhere else, or dots."""
    text = f"{article['body']}\n{article['tail']}"
    return " ".join(f"#{tag}" for tag in article["hashtags"] if f"#{tag}" not in text) or NO_LEAD


def differing(article: Mapping[str, Any], name: str, text: str) -> list[str]:
    """Return which parts of an article (``COMPARED``) are lost when its text file is read back."""
    body = text.encode()
    capture = Capture(
        url=article["url"],
        fetched_at=from_iso(article["fetched_at"]),
        origin=Origin.CORPUS,
        body=body,
        digest=digest_of(body),
        content_type=CONTENT_TYPE,
        source=name,
    )
    found = Clean().process_item(pages.read(capture)).article
    if found is None:
        return list(COMPARED)
    one, other = _parts_of(found), _parts_of_row(article)
    return [part for part in COMPARED if one[part] != other[part]]


def _parts_of(article: Article) -> dict[str, Any]:
    return {
        "content": version_values(article)["content_hash"],
        "category": article.category,
        "entered_on": article.entered_on and article.entered_on.isoformat(),
        "hashtags": article.hashtags,
    }


def _parts_of_row(article: Mapping[str, Any]) -> dict[str, Any]:
    stored = {part: article.get(part) for part in COMPARED}
    return {**stored, "content": article["content_hash"], "hashtags": tuple(article["hashtags"])}


def write_corpus(selection: Selection, out: Path, options: Options) -> Notes:
    """Write a file for each article, and a list of those that do not survive a round trip."""
    del options
    differences: list[tuple[str, str]] = []
    for batch in selection.batches():
        for article in selection.article_rows(batch):
            name, text = corpus_name(article), corpus_text(article)
            path = out / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
            if parts := differing(article, name, text):
                differences.append((article["url"], " ".join(parts)))
    if not differences:
        return []
    with (out / DIFFERENCES).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("url", "differs"), *differences])
    count = f"{len(differences):,} of {len(selection):,} articles"
    return [f"{count} are not read back equal from their text; {DIFFERENCES} lists them"]


FORMAT = Format("corpus", "", write_corpus)
