"""Functions on plain Thai text: a string in, passages with their meaning out.

They are the rules by which the archive reads articles, with the string as the body of an article.
Texts may be of any length, cleaned or not; time is linear, and offsets refer to the given string.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from scraper.api.passages import (
    AgencyPassage,
    ContactPassage,
    DatePassage,
    LawPassage,
    MoneyPassage,
    Passage,
    PersonPassage,
    PlacePassage,
    ProgrammePassage,
)
from scraper.facts import (
    agency_mentions,
    contacts,
    dates,
    laws,
    ministries,
    money,
    people,
    places,
    programmes,
)
from scraper.facts.kind import ArticleText
from scraper.model import Article, Layout
from scraper.thai import text as thai_text
from scraper.thai import words as thai_words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from scraper.facts.kind import FactKind
    from scraper.model import MinistryScore

P = TypeVar("P", bound=Passage)


def clean(text: str) -> str:
    r"""Return the text without hidden faults; its words do not change.

    Removes invisible characters, odd and repeated spaces and empty lines; composes vowels and puts
    marks in order. The result is in NFC, with one ``\n`` between lines.

    Raises:
        TypeError: the argument is not a string.

    >>> clean("  น\u0e4d\u0e49า   เเพร่  ")
    'น้ำ แพร่'
    """
    return thai_text.clean(_checked(text))


def fold(text: str) -> str:
    """Return the text for comparing: cleaned, with ASCII digits, in lower case.

    Raises:
        TypeError: the argument is not a string.

    >>> fold("ปี ๒๕๖๖ ของ BOI")
    'ปี 2566 ของ boi'
    """
    return thai_text.fold(_checked(text))


def segment(text: str) -> list[str]:
    """Return the words of a text, in order, as the archive's word index has them.

    Blanks and punctuation are not words; Thai digits become ASCII, and abbreviations lose their
    dots. The first call loads a dictionary, which takes about half a second.

    Raises:
        TypeError: the argument is not a string.

    >>> segment("ประชุมครั้งที่ ๑/๒๕๖๘ (ก.พ.ร.)")
    ['ประชุม', 'ครั้ง', 'ที่', '1', '2568', 'กพร']
    """
    return thai_words.segment(clean(text))


def find_dates(text: str, published_on: date | None = None) -> list[DatePassage]:
    """Return the dates in a text, in order, as days of the common era.

    Args:
        text: Thai or English.
        published_on: day of publication, by which years that are not written are inferred.

    Raises:
        TypeError: the text is not a string.

    >>> [found] = find_dates("เปิดวันที่ ๒๗-๒๘ มี.ค. ๖๖ เวลา 9.00 น.")
    >>> found.start_on, found.end_on, found.start_time
    (datetime.date(2023, 3, 27), datetime.date(2023, 3, 28), datetime.time(9, 0))
    """
    return _found(dates.KIND, DatePassage, text, published_on)


def find_people(text: str) -> list[PersonPassage]:
    """Return the places where a text names persons, in order.

    Raises:
        TypeError: the argument is not a string.

    >>> [found] = find_people("นายสมใจ ใจดี อธิบดีกรมโรงงานอุตสาหกรรม เปิดเผยว่า")
    >>> found.name, found.title, found.post, found.agency
    ('สมใจ ใจดี', 'นาย', 'อธิบดีกรมโรงงานอุตสาหกรรม', 'diw')
    """
    return _found(people.KIND, PersonPassage, text)


def find_agencies(text: str, published_on: date | None = None) -> list[AgencyPassage]:
    """Return the places where a text names agencies of the Thai state, in order.

    Args:
        text: Thai or English.
        published_on: day of publication, which decides between agencies of different times.

    Raises:
        TypeError: the text is not a string.

    >>> [(found.text, found.agency) for found in find_agencies("กรมโรงงานอุตสาหกรรม (กรอ.)")]
    [('กรมโรงงานอุตสาหกรรม', 'diw'), ('กรอ.', 'diw')]
    """
    return _found(agency_mentions.KIND, AgencyPassage, text, published_on)


def find_places(text: str) -> list[PlacePassage]:
    """Return the provinces, districts and subdistricts that a text names, in order.

    Raises:
        TypeError: the argument is not a string.

    >>> [(p.text, p.kind, p.province) for p in find_places("อ.ศรีราชา จ.ชลบุรี")]
    [('อ.ศรีราชา', 'district', 'TH-20'), ('จ.ชลบุรี', 'province', 'TH-20')]
    """
    return _found(places.KIND, PlacePassage, text, before=[people.KIND])


def find_money(text: str) -> list[MoneyPassage]:
    """Return the amounts of money in a text, in order, except inside names of programmes.

    Raises:
        TypeError: the argument is not a string.

    >>> [found] = find_money("ใช้งบประมาณกว่า ๑.๕ ล้านบาท")
    >>> found.low, found.currency, found.approximate
    (1500000.0, 'THB', True)
    """
    return _found(money.KIND, MoneyPassage, text, before=[programmes.KIND])


def find_laws(text: str) -> list[LawPassage]:
    """Return the laws that a text names, in order.

    Raises:
        TypeError: the argument is not a string.

    >>> [found.name for found in find_laws("ตาม พ.ร.บ.โรงงาน พ.ศ. ๒๕๓๕")]
    ['พระราชบัญญัติโรงงาน พ.ศ. 2535']
    """
    return _found(laws.KIND, LawPassage, text)


def find_programmes(text: str) -> list[ProgrammePassage]:
    """Return the projects, programmes, policies and campaigns that a text names, in order.

    Raises:
        TypeError: the argument is not a string.

    >>> [(found.kind, found.name) for found in find_programmes("โครงการ “โรงงานใส่ใจ” ปีที่ 2")]
    [('project', 'โรงงานใส่ใจ')]
    """
    return _found(programmes.KIND, ProgrammePassage, text)


def find_contacts(text: str) -> list[ContactPassage]:
    """Return the telephone numbers and addresses in a text, in order.

    Raises:
        TypeError: the argument is not a string.

    >>> [(found.kind, found.value) for found in find_contacts("โทร. ๐ ๒๔๓๐ ๖๐๐๐")]
    [('phone', '024306000')]
    """
    return _found(contacts.KIND, ContactPassage, text)


def find_ministries(
    text: str, title: str = "", published_on: date | None = None
) -> list[MinistryScore]:
    """Return the ministries that a text is about, strongest first, with the evidence.

    Args:
        text: the body.
        title: the headline, whose names count more.
        published_on: day of publication, which decides between names of different times.

    Raises:
        TypeError: text or title is not a string.

    >>> [found.ministry for found in find_ministries("กระทรวงอุตสาหกรรมตรวจโรงงาน")]
    ['industry']
    """
    article = _article(text, published_on, title)
    return list(ministries.KIND.find(article)) if ministries.KIND.find else []


def _found(
    kind: FactKind,
    passage: type[P],
    text: str,
    published_on: date | None = None,
    before: Iterable[FactKind] = (),
) -> list[P]:
    """Return the passages of a kind; the kinds before it are found first."""
    article = _article(text, published_on)
    for needed in (*before, kind):
        if needed.find is not None:
            article.article.facts[needed.name] = tuple(needed.find(article))
    found = []
    for value in article.article.facts[kind.name]:
        row = dict(zip(kind.columns, kind.row(value), strict=True))
        names = {"name": value.name} if kind is people.KIND else {}
        found.append(passage.of_row({**row, **names, "field": None}))
    return sorted(found, key=lambda one: (one.start, one.end))


def _article(text: str, published_on: date | None, title: str = "") -> ArticleText:
    return ArticleText(
        Article(
            url="",
            site="",
            layout=Layout.CONTENTS,
            site_id=0,
            title=_checked(title),
            body=_checked(text),
            published_on=published_on,
            parser="",
        )
    )


def _checked(text: str) -> str:
    if not isinstance(text, str):
        raise TypeError(f"a text must be a string, not {type(text).__name__}: {text!r:.80}")
    return text
