"""Simple rules and other libraries on the same labels, so that a score means something."""

from __future__ import annotations

import re
import warnings
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from dateparser.search import search_dates
from pythainlp.util import thai_strptime

from scraper.reference import read_table
from scraper.thai.dates.years import BUDDHIST_ERA
from scraper.thai.text import clean, squash
from tests.accuracy.scores import KINDS_COMPARED, Score, nested

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tests.accuracy.labelled import Labelled

    Item = tuple[Any, ...]

_THAI = "[ก-๎]+"
_MULTIPLIERS = {
    "": 1, "พัน": 10**3, "หมื่น": 10**4, "แสน": 10**5, "ล้าน": 10**6, "พันล้าน": 10**9,
    "หมื่นล้าน": 10**10, "แสนล้าน": 10**11, "ล้านล้าน": 10**12,
}  # fmt: skip
_TITLED = re.compile(rf"(?:นาย|นางสาว|นาง|ดร\.)\s*({_THAI} {_THAI})")
_OFFICE = re.compile(rf"(?:กรม|สำนักงาน|การ|องค์การ|สถาบัน|ธนาคาร|มหาวิทยาลัย){_THAI}")
_MONEY = re.compile(
    rf"(\d[\d,]*(?:\.\d+)?)\s*({'|'.join(sorted(_MULTIPLIERS, key=len, reverse=True))})\s*บาท"
)
_STRPTIME_FORMATS = ("%d %B %Y", "%d %b %Y", "%d %B %y", "%d %b %y")


def text_of(item: Labelled) -> str:
    """Return the labelled fields of an article, one after the other."""
    spans = [span for span in item.labels["borders"].values() if span]
    return clean("\n".join(map(item.quote, spans)))


def titled_people(item: Labelled) -> Iterable[Item]:
    """Title, word, space, word."""
    return dict.fromkeys((squash(name),) for name in _TITLED.findall(text_of(item)))


def office_words(item: Labelled) -> Iterable[Item]:
    """กรม, สำนักงาน and their kin with the Thai letters that follow."""
    return dict.fromkeys((squash(name),) for name in _OFFICE.findall(text_of(item)))


def bare_provinces(item: Labelled) -> Iterable[Item]:
    """The name of a province anywhere."""
    text = text_of(item)
    return [(row["code"],) for row in read_table("provinces.csv") if row["name_th"] in text]


def provinces_with_word(item: Labelled) -> Iterable[Item]:
    """The name of a province after จังหวัด or จ.; Bangkok anywhere."""
    text = text_of(item)
    return [
        (row["code"],)
        for row in read_table("provinces.csv")
        if re.search(rf"(?:จังหวัด|จ\.) ?{row['name_th']}", text)
        or (row["code"] == "TH-10" and row["name_th"] in text)
    ]


def baht(item: Labelled) -> Iterable[Item]:
    """Number, multiplier, บาท."""
    return dict.fromkeys(
        (float(number.replace(",", "")) * _MULTIPLIERS[word], None, "THB")
        for number, word in _MONEY.findall(text_of(item))
    )


def dates_by_dateparser(item: Labelled) -> Iterable[Item]:
    """dateparser's search in each line, with years of the Buddhist era put right."""
    found = []
    for line in text_of(item).split("\n"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its own deprecations
            dates = search_dates(line, languages=["th", "en"]) or []
        for _, moment in dates:
            year = moment.year - BUDDHIST_ERA * (moment.year > 2400)
            with suppress(ValueError):  # 29 February of another year
                day = moment.replace(year=year).date().isoformat()
                found.append((day, day))
    return dict.fromkeys(found)


def dates_by_pythainlp(item: Labelled) -> Iterable[Item]:
    """PyThaiNLP's thai_strptime, given the very passage that is labelled."""
    found = []
    for label in item.labels["dates"]:
        passage = clean(item.quote(label["span"]))
        for form in _STRPTIME_FORMATS:
            with suppress(ValueError, IndexError, TypeError, KeyError):
                day = thai_strptime(passage, form).date().isoformat()
                found.append((day, day))
                break
    return dict.fromkeys(found)


def _agency_quotes(item: Labelled) -> Iterable[Item]:
    return dict.fromkeys((squash(item.quote(a["span"])),) for a in item.labels["agencies"])


BASELINES: dict[str, tuple[str, Callable[[Labelled], Iterable[Item]]]] = {
    "title + word + blank + word": ("people", titled_people),
    "กรม/สำนักงาน/… + Thai letters": ("agencies", office_words),
    "bare names of provinces": ("provinces", bare_provinces),
    "provinces after จังหวัด or จ.": ("provinces", provinces_with_word),
    "number + multiplier + บาท": ("money", baht),
    "dateparser, era put right": ("dates", dates_by_dateparser),
    "PyThaiNLP, given the passage": ("dates", dates_by_pythainlp),
}
"""Each baseline by name: the kind it finds, and its rule."""


def score_baseline(name: str, labelled: Sequence[Labelled]) -> Score:
    """Return the score of a baseline over labelled articles."""
    kind, rule = BASELINES[name]
    expected, same = KINDS_COMPARED[kind].expected, KINDS_COMPARED[kind].same
    if kind == "agencies":  # a rule without a table knows no official names
        expected, same = _agency_quotes, nested
    score = Score()
    for item in labelled:
        score.add(item.number, list(expected(item)), list(rule(item)), same)
    return score
