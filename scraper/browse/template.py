"""Template filters and globals: Thai dates, display names, static files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from scraper.browse import dates, security
from scraper.browse.entities import ENTITIES, entity_path, facet_path
from scraper.browse.line_breaks import runs
from scraper.browse.metadata import table_settings
from scraper.browse.reading import BREAK, LINK_REL, is_web_address
from scraper.pages.language import language_of
from scraper.reference import read_table
from scraper.search.paging import Order

if TYPE_CHECKING:
    from datasette.app import Datasette
    from jinja2 import Environment

    from scraper.search.snippet import Snippet

MINISTRIES = {row["slug"]: row for row in read_table("ministries.csv")}
COLUMNS = {row["column"]: row["th"] for row in read_table("browse_columns.csv")}
NAMES = {
    "ministry": MINISTRIES,
    "agency": {row["slug"]: row for row in read_table("agencies.csv")},
    "province": {row["code"]: row for row in read_table("provinces.csv")},
}
LONGEST_HEADLINE = 300  # characters, in lists
_HEADLINE = re.compile(r".{290}[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]{0,9}", re.DOTALL)
_THAI = re.compile(r"([ก-๙]+(?:[ .]+[ก-๙]+)*)")
LABELS = {(row["kind"], row["value"]): row for row in read_table("browse_labels.csv")}


def label(kind: str, value: str, language: str = "th") -> str:
    """Return the display name of a value, or the value itself if it has none.

    Args:
        kind: ``ministry``, ``agency``, ``province``, or a kind of
            ``data/reference/browse_labels.csv``.
        value: as in the archive.
        language: ``th`` or ``en``.
    """
    if value in (named := NAMES.get(kind, {})):
        return named[value][f"name_{language}"]
    row = LABELS.get((kind, value))
    return row[language] if row else value


def thai_name(column: str) -> str:
    """Return the Thai name of a column or parameter; empty if it has none."""
    return COLUMNS.get(column, "")


def number(value: float) -> str:
    """Format a number with thousands separators."""
    return f"{value:,.0f}"


def file_size(size: int) -> str:
    """Format a number of bytes: ``9.8 kB``, ``1.2 MB``."""
    return f"{size / 1e6:,.1f} MB" if size >= 1e6 else f"{max(size, 100) / 1e3:,.1f} kB"


def language(text: str | None) -> str:
    """Return the language of a text for the ``lang`` attribute: ``th`` or ``en``."""
    return language_of(text or "")


def mark_thai(text: str) -> Markup:
    """Mark the Thai words in an English text with ``lang``."""
    pieces = _THAI.split(text)  # every second one is Thai
    return Markup("").join(
        Markup('<span lang="th">{}</span>').format(piece) if number % 2 else escape(piece)
        for number, piece in enumerate(pieces)
    )


def marked(snippet: Snippet) -> Markup:
    """Return an escaped snippet with its hits in ``<mark>``."""
    return Markup(snippet.marked("<mark>", "</mark>", breakable))  # noqa: S704 - escaped


def breakable(text: str) -> Markup:
    """Escape a text and add line-break opportunities, so that browsers lay it out quickly."""
    return BREAK.join(runs(text))


def headline(title: str | None) -> str:
    """Return a headline as lists show it; some hold a whole article."""
    shown = title or "(ไม่มีหัวข้อ)"
    if len(shown) <= LONGEST_HEADLINE:
        return shown
    begin = _HEADLINE.match(shown)
    return f"{begin[0] if begin else ''}…"


def external_link(url: str, text: str | None = None) -> Markup:
    """Return a link to a URL, or plain text if the URL must not be linked."""
    shown = url if text is None else text
    if not is_web_address(url):
        return escape(shown)
    return Markup('<a href="{}" rel="{}">{}</a>').format(url, LINK_REL, shown)


def prepare_environment(env: Environment, site: Datasette, static: str, version: str) -> None:
    """Add our filters and globals to a Jinja environment.

    Args:
        env: Datasette's Jinja environment.
        site: the Datasette that serves the archive.
        static: URL path of our static files.
        version: hash of the static files.
    """
    env.add_extension(security.InlineCode)
    env.filters.update(
        thai_date=dates.thai_date,
        thai_short_date=dates.thai_short_date,
        thai_month=dates.thai_month,
        thai_full_month=dates.thai_full_month,
        thai_weekday=dates.thai_weekday,
        english_date=dates.english_date,
        number=number,
        file_size=file_size,
        marked=marked,
        headline=headline,
        mark_thai=mark_thai,
        language=language,
        external_link=external_link,
    )
    env.globals.update(
        csp_nonce=security.nonce,
        label=label,
        entities=ENTITIES,
        entity_path=entity_path,
        facet_path=facet_path,
        thai_name=thai_name,
        about_table=lambda table: table_settings().get(table, {}),
        ministries=tuple(MINISTRIES),
        orders=tuple(Order),
        provinces=tuple(sorted(NAMES["province"], key=lambda code: label("province", code))),
        weekdays=dates.SHORT_WEEKDAYS,
        archive=site.get_database().name,
        asset=lambda name: f"{site.urls.path(f'/{static}/{name}')}?{version}",
    )
