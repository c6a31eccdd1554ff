"""Marks the people, places and amounts in the text of an article, with what they mean.

A mark of a person or place links to their page. The meaning is shown to whoever points at, taps or
tabs to a mark; see site.css.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from scraper.browse.entities import entity_path
from scraper.browse.reading import TextMark
from scraper.browse.template import label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scraper.archive.versions import Row

LINK = Markup('<a class="fact {}" href="{}{}" title="{}">')
LINK_END = Markup("</a>")
DATA = Markup('<data class="fact money" value="{}" title="{}" tabindex="0">')
DATA_END = Markup("</data>")
KINDS_OF_PLACES = {"province": "จังหวัด", "district": "อำเภอ/เขต", "subdistrict": "ตำบล/แขวง"}


def fact_marks(article: Row, field: str, base: str) -> list[TextMark]:
    """Return the marks of one field of an article.

    Args:
        article: its row with its facts, from ``archive.article.article_details``.
        field: ``title``, ``lead``, ``body`` or ``tail``.
        base: URL path of the site, without a slash at its end.
    """
    return [
        TextMark(row["position"], row["position"] + len(row["text"]), opening, closing)
        for kind, mark in _MARKS.items()
        for row in article[kind]
        if row["field"] == field
        for opening, closing in mark(row, base)
    ]


def _person(row: Row, base: str) -> Iterator[tuple[Markup, Markup]]:
    called = f"{row['title'] or ''}{row['name']}"
    meaning = " · ".join(filter(None, (called, row["post"])))
    yield LINK.format("person", base, entity_path("person", row["person"]), meaning), LINK_END


def _place(row: Row, base: str) -> Iterator[tuple[Markup, Markup]]:
    name = f"{KINDS_OF_PLACES[row['kind']]} {row['name_th']}"
    province = "" if row["kind"] == "province" else f"จังหวัด{row['province_name']}"
    english = label("province", row["province"], "en")
    meaning = " · ".join(filter(None, (name, province, english)))
    yield LINK.format("place", base, entity_path("province", row["province"]), meaning), LINK_END


def _amount(row: Row, _base: str) -> Iterator[tuple[Markup, Markup]]:
    amounts = [f"{amount:,.15g}" for amount in (row["low"], row["high"]) if amount is not None]
    about = "ประมาณ " if row["approximate"] else ""
    per = f" ต่อ{row['per']}" if row["per"] else ""
    meaning = f"{about}{' – '.join(amounts)} {row['currency']}{per}"
    yield DATA.format(f"{row['low']:.15g}", meaning), DATA_END


_MARKS: dict[str, Callable[[Row, str], Iterator[tuple[Markup, Markup]]]] = {
    "people": _person,
    "places": _place,
    "money": _amount,
}
