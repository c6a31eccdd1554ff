"""What our templates know beside Datasette's: Thai dates, names of things, our static files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from scraper.browse import dates, security
from scraper.browse.metadata import tables
from scraper.browse.reading import REL, is_web_address
from scraper.pages.language import language_of
from scraper.reference import read_table

if TYPE_CHECKING:
    from datasette.app import Datasette
    from jinja2 import Environment

    from scraper.search.snippet import Snippet

MINISTRIES = {row["slug"]: row for row in read_table("ministries.csv")}
COLUMNS = {row["column"]: row["th"] for row in read_table("browse_columns.csv")}
NAMES = {
    "ministry": MINISTRIES,
    "agency": {row["slug"]: row for row in read_table("agencies.csv")},
}
_THAI = re.compile(r"([ก-๙]+(?:[ .]+[ก-๙]+)*)")
LABELS = {(row["kind"], row["value"]): row for row in read_table("browse_labels.csv")}


def label(kind: str, value: str, language: str = "th") -> str:
    """Return the name of a value for people; the value itself where no table has one.

    Args:
        kind: ``ministry``, ``agency``, or a kind of ``data/reference/browse_labels.csv``.
        value: as the archive has it.
        language: ``th`` or ``en``.
    """
    if value in (named := NAMES.get(kind, {})):
        return named[value][f"name_{language}"]
    row = LABELS.get((kind, value))
    return row[language] if row else value


def thai_name(column: str) -> str:
    """Return the Thai name of a column or parameter; empty where it has none."""
    return COLUMNS.get(column, "")


def number(value: float) -> str:
    """Return a number with thousands separated."""
    return f"{value:,.0f}"


def tongue(text: str | None) -> str:
    """Return the language of a piece of text, for ``lang``: ``th`` or ``en``."""
    return language_of(text or "")


def mixed(text: str) -> Markup:
    """Return an English text as markup in which its Thai words say that they are Thai."""
    pieces = _THAI.split(text)  # every second one is Thai
    return Markup("").join(
        Markup('<span lang="th">{}</span>').format(piece) if number % 2 else escape(piece)
        for number, piece in enumerate(pieces)
    )


def marked(snippet: Snippet) -> Markup:
    """Return a snippet as markup with its hits marked; everything else is escaped."""
    parts, last = [], 0
    for start, end in snippet.hits:
        parts += [escape(snippet.text[last:start]), Markup("<mark>")]
        parts += [escape(snippet.text[start:end]), Markup("</mark>")]
        last = end
    return Markup("").join([*parts, escape(snippet.text[last:])])


def outward(url: str, text: str | None = None) -> Markup:
    """Return a link to another host, or the bare text of an address that must not be one."""
    shown = url if text is None else text
    if not is_web_address(url):
        return escape(shown)
    return Markup('<a href="{}" rel="{}">{}</a>').format(url, REL, shown)


def prepare(env: Environment, site: Datasette, static: str, version: str) -> None:
    """Give an environment our filters and globals.

    Args:
        env: Datasette's Jinja environment.
        site: the Datasette that is starting.
        static: path under which our static files are served.
        version: changes when one of them does.
    """
    env.add_extension(security.InlineCode)
    env.filters.update(
        thai_date=dates.thai_date,
        thai_short_date=dates.thai_short_date,
        thai_month=dates.thai_month,
        thai_weekday=dates.thai_weekday,
        english_date=dates.english_date,
        number=number,
        marked=marked,
        mixed=mixed,
        tongue=tongue,
        outward=outward,
    )
    env.globals.update(
        csp_nonce=security.nonce,
        label=label,
        thai_name=thai_name,
        about_table=lambda table: tables().get(table, {}),
        ministries=tuple(MINISTRIES),
        archive=site.get_database().name,
        asset=lambda name: f"{site.urls.path(f'/{static}/{name}')}?{version}",
    )
