"""Each oddity is visible on its page or in its ground truth."""

from __future__ import annotations

import html
import re
from time import perf_counter
from typing import TYPE_CHECKING

import pytest

from scraper.practice.prose.dates import long_date
from scraper.practice.prose.oddities import MISSING, ODDITIES
from scraper.practice.site.still import PracticeSite
from scraper.sources import PRACTICE

if TYPE_CHECKING:
    from scraper.practice.site.truth import Truth


@pytest.fixture(scope="module")
def site() -> PracticeSite:
    return PracticeSite(200)


def page_of(site: PracticeSite, oddity: str) -> str:
    return site.html(site.number_of(oddity)).decode()


def truth_of(site: PracticeSite, oddity: str) -> Truth:
    return site.truth(site.number_of(oddity))


@pytest.mark.parametrize(
    ("oddity", "pattern"),
    [
        ("entity-in-title", r"<title>[^<]*&amp;#x27;s Voice</title>"),
        (
            "hidden-email",
            r'<h3[^>]*>[^<]*<a [^>]*data-cfemail="[0-9a-f]+">\[email&#160;protected\]',
        ),
        ("hidden-email", r"<title>[^<]*voice@practice\.example</title>"),
        ("zero-width", "<h3[^>]*> \u200b"),
        ("line-separator", "\u2028"),
        ("decomposed-sara-am", "\u0e4dา"),
        ("two-e", "เเ"),
        ("doubled-marks", "่่|[่้][ิีึืัุู]"),
        ("old-font", "[\uf700-\uf71a]"),
        ("nbsp-in-date", r"\d&nbsp;[มกตธพสเ]"),
        ("tab-in-category", r'headtitle-2[^>]*">[^<]+\t</span>'),
        ("related-news", r"(?s)อัลบั้มภาพ.*ข่าวที่เกี่ยวข้อง.*ประจำวันที่ \d"),
        ("short-prefix", r"<title>รัฐบาลไทย-(?!ข่าวทำเนียบรัฐบาล)"),
        ("radio", r"(?s)<audio .*Your browser does not support the audio element\."),
        ("word-markup", r'class="MsoNormal".*<o:p></o:p>'),
        ("table", r"<td>"),
        ("view-count", r"<p>8,018</p>"),
        ("hard-wrapped-english", r"<br />\r\n"),
        ("wrapped-lead", r"<h3[^>]*>[^<]*</h3><p>[^<]*<br />[^<]*</p>"),
        ("epoch-page", r"(?s)<title>รัฐบาลไทย-</title>.*วันพฤหัสบดีที่ 1 มกราคม 2513"),
        ("empty-page", r"<title>รัฐบาลไทย-ข่าวทำเนียบรัฐบาล-</title>"),
    ],
)
def test_an_oddity_of_the_page(site: PracticeSite, oddity: str, pattern: str) -> None:
    assert re.search(pattern, page_of(site, oddity))


@pytest.mark.parametrize(
    ("oddity", "flag"),
    [
        ("impossible-date", "impossible"),
        ("wrong-weekday", "wrong-weekday"),
        ("misspelt-month", "misspelt-month"),
    ],
)
def test_an_oddity_of_a_date(site: PracticeSite, oddity: str, flag: str) -> None:
    flags = [found.mention.flags for found in truth_of(site, oddity).dates]
    assert (flag,) in flags


def test_the_headline_occurs_five_times(site: PracticeSite) -> None:
    title = truth_of(site, "headline-five-times").title
    page = re.sub(r"<[^>]+>", "", html.unescape(page_of(site, "headline-five-times")))
    squashed = re.sub(r"[\s\u200b\u00ad]", "", page)
    assert squashed.count(re.sub(r"\s", "", title)) == 6  # and once in the page's title


def test_a_cut_headline_continues_in_the_lead(site: PracticeSite) -> None:
    truth = truth_of(site, "cut-headline")
    assert 175 <= len(truth.title) <= 180
    assert truth.lead is not None
    assert truth.lead.startswith(truth.title)
    assert truth.lead[len(truth.title)] != " " or truth.title[-1] != " "


def test_pages_without_a_body(site: PracticeSite) -> None:
    lead_only, pictures = truth_of(site, "no-body"), truth_of(site, "picture-post")
    assert lead_only.lead
    assert pictures.lead is None
    assert len(pictures.attachments) == 6
    assert lead_only.body == pictures.body == ""


def test_a_release_posted_twice_differs_in_its_number_only(site: PracticeSite) -> None:
    number = site.number_of("posted-twice")
    first, second = site.truth(number), site.truth(number + 1)
    assert (first.title, first.body, first.published_on) == (
        second.title,
        second.body,
        second.published_on,
    )
    assert first.url != second.url


def test_a_series_is_alike_but_not_the_same(site: PracticeSite) -> None:
    number = site.number_of("series")
    first, second = site.truth(number), site.truth(number + 1)
    one, other = first.body.split("\n"), second.body.split("\n")
    assert one[1:] == other[1:]
    assert one[0] != other[0]
    assert first.title != second.title


def test_the_short_date_comes_before_the_long_one(site: PracticeSite) -> None:
    truth = truth_of(site, "early-short-date")
    assert truth.entered_on
    assert truth.entered_on < truth.published_on


def test_hashtags_joined_and_trapped(site: PracticeSite) -> None:
    assert truth_of(site, "joined-hashtags").hashtags == (
        "ข่าวดีวันนี้",
        "ชุมชนเข้มแข็ง",
        "NewsForAll",
        "1300",
    )
    trapped = truth_of(site, "trapped-hashtags")
    assert trapped.hashtags == ("ร่วมด้วยช่วยกัน",)
    assert trapped.body.count("#") == 3


def test_tails_with_a_stamp_and_with_a_reference(site: PracticeSite) -> None:
    assert re.fullmatch(r"\*+ \d+ [ก-๙]+ 25\d\d", truth_of(site, "dated-stamp").tail)
    (link,) = truth_of(site, "cross-reference").links
    assert link.startswith(f"{PRACTICE.home}/news/contents/details/")


def test_thai_digits_throughout(site: PracticeSite) -> None:
    body = truth_of(site, "thai-digits").body
    assert re.search("[๐-๙]", body)
    assert not re.search("[0-9]", body)


def test_hard_wrapped_lines_keep_their_dates_whole(site: PracticeSite) -> None:
    truth = truth_of(site, "hard-wrapped-english")
    assert max(map(len, truth.body.split("\n"))) <= 130
    assert len(truth.body.split("\n")) > 8
    assert truth.dates
    assert not any("\n" in found.mention.text for found in truth.dates)


def test_radio_has_the_date_of_the_broadcast_as_its_lead(site: PracticeSite) -> None:
    truth, page = truth_of(site, "radio"), page_of(site, "radio")
    assert truth.lead
    found = [date for date in truth.dates if date.field == "lead"]
    assert [date.mention.text for date in found] == [truth.lead.partition("ที่ ")[2]]
    assert re.search(r"</h3><p> ?\S*วัน", page)
    assert [file.kind for file in truth.attachments].count("audio") == 1
    assert long_date(truth.published_on) == truth.published_raw


def test_the_summary_of_a_cabinet_meeting_is_as_long_as_the_longest() -> None:
    site = PracticeSite(240)
    start = perf_counter()
    truth = truth_of(site, "cabinet-resume")
    assert len(truth.body) >= 240_000
    assert len(truth.dates) >= 50
    assert perf_counter() - start < 5  # 0.03 s here; what is quadratic takes minutes


def test_a_missing_page_has_no_article(site: PracticeSite) -> None:
    for oddity in MISSING:
        assert 'class="news-1' not in page_of(site, oddity)


def test_every_oddity_says_what_it_is_and_how_often() -> None:
    documented = [change.__doc__ for change in ODDITIES.values() if "<lambda>" not in repr(change)]
    assert len(documented) > 20
    assert all(documented)
